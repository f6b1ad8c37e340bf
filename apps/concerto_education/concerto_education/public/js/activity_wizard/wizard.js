// A new activity in seven steps, from a ready model. Nothing is saved before the last one.

import { field_step } from "./fields";
import { place_step } from "./place";
import { steps } from "./steps";

const API = "concerto_education.activities.models.wizard.";
const esc = frappe.utils.escape_html;

export class ActivityWizard {
	constructor(page) {
		this.page = page;
		this.body = page.main[0];
		this.body.classList.add("aw");
		this.look = frappe.utils.debounce(() => this.preview(), 500);
	}

	async start() {
		this.done = false;
		const [{ message }] = await Promise.all([
			frappe.call({ method: `${API}start`, type: "GET" }),
			new Promise((resolve) => frappe.model.with_doctype("Activity", resolve)),
		]);
		Object.assign(this, { offer: message, steps: steps(), at: 0, model: null, answers: {}, seen: 0 });
		this.draw();
	}

	draw() {
		const step = this.steps[this.at];
		this.body.innerHTML = `
			<ol class="aw-steps">${this.steps.map((each, index) => this.step_mark(each, index)).join("")}</ol>
			<section class="aw-card" aria-live="polite">
				<h2 tabindex="-1">${step.question}</h2>
				${step.hint ? `<p class="text-muted">${step.hint}</p>` : ""}
				<div class="aw-body"></div>
			</section>
			<aside class="aw-words" hidden></aside>
			<footer class="aw-foot">
				<button type="button" class="btn btn-default btn-lg" data-go="-1">${__("Previous")}</button>
				<button type="button" class="btn btn-primary btn-lg" data-go="1">${__("Next")}</button>
			</footer>`;
		this.body.querySelector("[data-go='-1']").hidden = !this.at;
		const next = this.body.querySelector("[data-go='1']");
		this.body.classList.toggle("aw-last", step.id === "check");
		if (step.id === "check") next.textContent = __("Create the Activity");
		next.hidden = step.id === "model";
		this.body.querySelectorAll("[data-go]").forEach((button) => {
			button.addEventListener("click", () => this.go(Number(button.dataset.go)));
		});
		this.body.querySelectorAll("[data-step]").forEach((mark) => {
			mark.addEventListener("click", () => this.jump(Number(mark.dataset.step)));
		});
		this.current = this.fill(step, this.body.querySelector(".aw-body"));
		if (this.at) this.body.querySelector("h2").focus({ preventScroll: true });
		if (this.model) this.preview();
	}

	step_mark(step, index) {
		const state = index === this.at ? "is-now" : index <= this.seen ? "is-done" : "";
		return `<li class="${state}"><button type="button" data-step="${index}"
			${index <= this.seen && this.model ? "" : "disabled"}
			${index === this.at ? 'aria-current="step"' : ""}><span>${index + 1}</span>${step.title}</button></li>`;
	}

	fill(step, body) {
		const changed = () => this.look();
		if (step.id === "model") return this.choose_model(body);
		if (step.id === "place") return place_step(body, this.model, this.offer.sites, this.answers, changed);
		if (step.id === "check") return null;
		return field_step(body, step, this.answers, changed);
	}

	choose_model(body) {
		body.className = "aw-models";
		body.innerHTML = this.offer.models
			.map(
				(model, index) =>
					`<button type="button" class="aw-model ${
						model.name === this.model?.name ? "is-chosen" : ""
					}" data-model="${index}"><b>${esc(model.name)}</b><span>${esc(model.description)}</span></button>`,
			)
			.join("");
		if (!this.offer.models.length) {
			body.innerHTML = `<p>${__("There is no model. Add one to the activity models.")}</p>`;
		}
		body.querySelectorAll("[data-model]").forEach((card) => {
			card.addEventListener("click", () => this.take(this.offer.models[card.dataset.model]));
		});
		return null;
	}

	take(model) {
		if (model.name !== this.model?.name) {
			const { activity_name, description, sites } = this.answers;
			// A name and sites that were typed already stay; the rest is the model's.
			this.answers = { ...structuredClone(model.values), activity_name, description, sites };
			this.answers.tariff_from = this.offer.school_year_start;
			this.model = model;
			this.seen = 1;
		}
		this.at = 1;
		this.draw();
	}

	async jump(index) {
		await this.current?.ready;
		this.current?.collect();
		this.at = index;
		this.draw();
	}

	async go(by) {
		await this.current?.ready;
		this.current?.collect();
		if (by > 0 && this.steps[this.at].id === "check") return this.create();
		if (by > 0 && !this.complete()) return;
		this.at += by;
		this.seen = Math.max(this.seen, this.at);
		this.draw();
	}

	// What can be told without asking the server, where one still sees the field.
	complete() {
		const step = this.steps[this.at].id;
		const answers = this.answers;
		const camp = ["camp_number", "camp_place", "valid_from", "valid_to"];
		let missing = null;
		if (step === "place" && this.model.kind === "Camp" && camp.some((name) => !answers[name])) {
			missing = __("A camp has a number, a place and its dates.");
		} else if (step === "place" && this.model.kind !== "Camp" && !answers.activity_name?.trim()) {
			missing = __("Give the activity a name.");
		} else if (step === "place" && !answers.sites.length) {
			missing = __("Choose at least one site.");
		} else if (step === "when" && !answers.units.length) {
			missing = __("Add at least one unit.");
		}
		if (missing) frappe.show_alert({ message: missing, indicator: "orange" }, 7);
		return !missing;
	}

	async preview() {
		this.current?.collect();
		const asked = (this.asked = (this.asked || 0) + 1);
		const { message } = await frappe.call({
			method: `${API}preview`,
			args: { model: this.model.name, answers: JSON.stringify(this.answers) },
			silent: true,
		});
		if (asked !== this.asked) return; // a later answer is on its way
		const last = this.steps[this.at].id === "check";
		const words = this.body.querySelector(".aw-words");
		const { summary, late_pickup } = message.words;
		const sentences = [summary, this.answers.late_pickup_from ? late_pickup : ""].filter(Boolean);
		words.hidden = !this.at;
		words.innerHTML = `<h3>${esc(message.name || this.model.name)}</h3>
			${sentences.map((sentence) => `<p>${esc(sentence)}</p>`).join("")}`;
		// An activity that is half filled has a reason not to be saved; it is told when one wants to save it.
		if (last && message.problem) {
			words.innerHTML += `<p class="aw-problem" role="alert">${frappe.utils.xss_sanitise(message.problem)}</p>`;
		}
		if (last) {
			words.innerHTML += this.prices();
			this.body.querySelector("[data-go='1']").disabled = Boolean(message.problem);
		}
	}

	prices() {
		const { price, unbooked_price, late_pickup_price, billing_rule } = this.answers;
		if (billing_rule === "Not Billed") return `<p>${__("It is listed but not billed.")}</p>`;
		const shown = [
			[__("Price of One Presence"), price],
			[__("Price of a Presence Not Booked"), unbooked_price],
			[__("Price of a Late Pick-up"), this.answers.late_pickup_from ? late_pickup_price : null],
		].filter(([, amount]) => amount || amount === 0);
		if (!shown.length) return `<p>${__("No price yet: add its tariff after creating it.")}</p>`;
		return `<dl>${shown
			.map(([label, amount]) => `<dt>${label}</dt><dd>${format_currency(amount, "EUR")}</dd>`)
			.join("")}</dl>`;
	}

	async create() {
		const { message } = await frappe.call({
			method: `${API}create`,
			args: { model: this.model.name, answers: JSON.stringify(this.answers) },
			freeze: true,
			freeze_message: __("Creating the activity"),
		});
		this.done = true;
		frappe.show_alert({ message: __("{0} is created.", [esc(message)]), indicator: "green" }, 7);
		frappe.set_route("Form", "Activity", message);
	}
}
