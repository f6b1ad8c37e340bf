// "Inscrire": who and where as a table of children × activities, the week of each activity, who pays; then what
// would be made, what is refused and why; then it is made (R4, R19, R25).

import { call } from "../shared/call";
import { date_field } from "./dates";
import { matrix_html, people_html } from "./matrix";
import { PatternGrid } from "./pattern_grid";
import { payers_html, read_payers } from "./payers";
import { results_html, summary } from "./results";

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

export class EnrolDialog {
	constructor(family, options = {}) {
		Object.assign(this, { family, options });
		this.chosen = new Map(); // "person activity" → {site, category, reason}
		this.patterns = new Map(); // activity, or "person activity" → rows
		this.apart = new Set(); // activities with a pattern for each child
		this.people = null;
	}

	async open() {
		this.data = await this.ask("choices", { family: this.family });
		if (!this.data) return;
		this.people = new Set(
			this.options.people ||
				this.data.people.filter((person) => person.child).map((person) => person.person),
		);
		if (!this.people.size)
			this.data.people.slice(0, 1).forEach((person) => this.people.add(person.person));
		this.dialog = new frappe.ui.Dialog({
			title: __("Enrol: family {0}", [this.data.family_name]),
			size: "extra-large",
			static: true,
			primary_action_label: __("Check the Enrolments"),
			primary_action: () => this.check(),
			secondary_action_label: __("Back"),
			secondary_action: () => this.back(),
		});
		this.$body = $(`<div class="concerto-enrol"></div>`).appendTo(this.dialog.body);
		this.draw();
		this.listen();
		this.dialog.show();
	}

	// ------------------------------------------------------------ drawing

	draw() {
		this.$body.html(`<section class="ce-period">
				<label>${__("From")} <span data-period="start"></span></label>
				<label>${__("To")} <span data-period="end"></span></label>
				<label>${__("If an Activity Is Full")} <select class="form-control ce-full">
					<option value="Refuse">${__("Refuse the enrolment")}</option>
					<option value="Waiting List">${__("Waiting list")}</option>
					<option value="Free Days, Then Waiting List">${__("Free days, then waiting list")}</option>
				</select></label>
			</section>
			<section><h5>${__("Who and Where")}</h5>${people_html(this)}<div class="ce-matrix"></div></section>
			<section class="ce-weeks"></section>
			<section><h5>${__("Who Pays")}</h5><div class="ce-payers">${payers_html(this.data.payers)}</div></section>`);
		for (const [name, label] of [
			["start", __("From")],
			["end", __("To")],
		])
			date_field(this.$body.find(`[data-period=${name}]`), {
				label,
				value: this.data[name],
				changed: (day) => this.move_period(name, day),
			});
		this.draw_matrix();
		this.show_step("form");
	}

	/** Another period: what is open to whom is asked anew. */
	async move_period(name, day) {
		if (!day) return;
		this.data[name] = day;
		const { start, end } = this.data;
		if (end < start) return; // the other field follows
		const data = await this.ask("choices", { family: this.family, start, end });
		if (!data) return;
		this.data.offers = data.offers;
		for (const key of [...this.chosen.keys()]) {
			const [person, ...activity] = key.split(" ");
			const offer = data.offers[person][activity.join(" ")];
			if (offer.why && !offer.by_age) this.chosen.delete(key);
		}
		this.draw_matrix();
	}

	draw_matrix() {
		this.$body.find(".ce-matrix").html(matrix_html(this));
		this.draw_weeks();
	}

	/** The week of each chosen activity: once, or for each child apart. */
	draw_weeks() {
		const $weeks = this.$body.find(".ce-weeks").empty();
		const activities = this.data.activities.filter(({ activity }) => this.persons_of(activity).length);
		if (!activities.length) return;
		$weeks.append(`<h5>${__("Weekly Pattern")}</h5>`);
		for (const offer of activities) {
			const persons = this.persons_of(offer.activity);
			const apart = this.apart.has(offer.activity);
			const $one = $(
				`<div class="ce-week"><div class="ce-week-head"><b>${esc(offer.activity)}</b></div></div>`,
			);
			if (persons.length > 1)
				$one.find(".ce-week-head").append(
					`<label><input type="checkbox" data-apart="${esc(offer.activity)}" ${apart ? "checked" : ""}>
						${__("Another pattern for each child")}</label>`,
				);
			$weeks.append($one);
			for (const person of apart ? persons : [null]) {
				const key = person ? this.key(person.person, offer.activity) : offer.activity;
				const $place = $(`<div></div>`).appendTo($one);
				if (person) $place.append(`<h6>${esc(person.first_name)}</h6>`);
				const grid = new PatternGrid($place, { changed: (rows) => this.patterns.set(key, rows) });
				const known = this.patterns.get(key) || this.patterns.get(offer.activity);
				grid.show(offer, known || [], { start: this.data.start, propose: !known });
			}
		}
	}

	show_step(step) {
		this.step = step;
		const form = step === "form";
		this.dialog.get_secondary_btn().toggle(step === "preview");
		if (form) {
			this.dialog.set_primary_action(__("Check the Enrolments"), () => this.check());
			this.dialog.enable_primary_action();
		}
	}

	// ------------------------------------------------------------ what is chosen

	key(person, activity) {
		return `${person} ${activity}`;
	}

	person(name) {
		return this.data.people.find((entry) => entry.person === name);
	}

	persons_of(activity) {
		return this.data.people.filter(
			({ person }) => this.people.has(person) && this.chosen.has(this.key(person, activity)),
		);
	}

	lines() {
		const lines = [];
		for (const { activity } of this.data.activities)
			for (const { person } of this.persons_of(activity)) {
				const key = this.key(person, activity);
				const { site, category, reason } = this.chosen.get(key);
				const pattern = this.patterns.get(this.apart.has(activity) ? key : activity);
				lines.push({
					person,
					activity,
					site,
					category,
					pattern: pattern || [],
					age_override_reason: reason || "",
				});
			}
		return lines;
	}

	/** What is still missing, in words; null if the pass can be checked. */
	missing(lines, payers) {
		if (!lines.length) return __("Tick at least one activity.");
		for (const line of lines) {
			const name = `${this.person(line.person).first_name} (${line.activity})`;
			if (!line.site) return __("Choose a site for {0}.", [name]);
			if (this.data.offers[line.person][line.activity].by_age && !line.age_override_reason.trim())
				return __("Say why {0} is enrolled outside the age range.", [name]);
		}
		return payers.missing || null;
	}

	// ------------------------------------------------------------ asking the server

	async ask(method, args, verb = "GET") {
		frappe.dom.freeze();
		try {
			return await call(`activities.enrol_api.${method}`, args, verb);
		} catch (error) {
			frappe.msgprint({ message: esc(error.message), indicator: "red" });
			return null;
		} finally {
			frappe.dom.unfreeze();
		}
	}

	request() {
		const lines = this.lines();
		const payers = read_payers(this.$body.find(".ce-payers"));
		const why = this.missing(lines, payers);
		if (why) {
			frappe.show_alert({ message: esc(why), indicator: "orange" }, 7);
			return null;
		}
		return {
			family: this.family,
			start: this.data.start,
			end: this.data.end,
			lines,
			payers: payers.payers,
			custody: payers.custody,
			when_full: this.$body.find(".ce-full").val(),
		};
	}

	async check() {
		const request = this.request();
		if (!request) return;
		const results = await this.ask("preview", request, "POST");
		if (!results) return;
		this.asked = request;
		this.$form = this.$body.children().detach();
		this.$body.html(results_html(results));
		this.show_step("preview");
		const { possible, refused } = summary(results);
		const label = refused
			? __("Make those that are possible ({0})", [possible])
			: __("Make {0} enrolments", [possible]);
		this.dialog.set_primary_action(label, () => this.create(!refused));
		if (possible) this.dialog.enable_primary_action();
		else this.dialog.disable_primary_action();
		this.dialog.get_primary_btn().trigger("focus");
	}

	async create(whole) {
		const outcome = await this.ask("create", { ...this.asked, whole }, "POST");
		if (!outcome) return;
		this.$body.html(results_html(outcome.results));
		this.show_step("done");
		this.dialog.set_primary_action(__("Close"), () => this.dialog.hide());
		this.dialog.enable_primary_action();
		frappe.show_alert(
			outcome.made
				? { message: __("{0} enrolments made", [outcome.made]), indicator: "green" }
				: {
						message: __("Nothing was made: one enrolment was refused meanwhile."),
						indicator: "orange",
					},
		);
		if (!outcome.made) return;
		this.options.done?.();
		if (window.cur_frm?.doctype === "Family" && cur_frm.docname === this.family) cur_frm.reload_doc();
	}

	back() {
		this.$body.empty().append(this.$form);
		this.show_step("form");
	}

	// ------------------------------------------------------------ listening

	listen() {
		const $body = this.$body;
		const cell = (event) => event.currentTarget.closest("[data-person]").dataset;
		$body.on("change", "[data-member]", (event) => {
			const { member } = event.currentTarget.dataset;
			if (event.currentTarget.checked) this.people.add(member);
			else this.people.delete(member);
			this.draw_matrix();
		});
		$body.on("change", "[data-person] input[type=checkbox]", (event) => {
			const { person, activity } = cell(event);
			const key = this.key(person, activity);
			if (event.currentTarget.checked) {
				const { site, categories } = this.data.offers[person][activity];
				this.chosen.set(key, { site, category: categories[0] || "", reason: "" });
			} else this.chosen.delete(key);
			this.draw_matrix();
			this.$body
				.find(`[data-person="${person}"][data-activity="${CSS.escape(activity)}"] input`)
				.first()
				.trigger("focus");
		});
		for (const field of ["site", "category", "reason"])
			$body.on("change", `[data-field=${field}]`, (event) => {
				const { person, activity } = cell(event);
				this.chosen.get(this.key(person, activity))[field] = event.currentTarget.value;
			});
		$body.on("change", "[data-apart]", (event) => {
			const { apart } = event.currentTarget.dataset;
			if (event.currentTarget.checked) this.apart.add(apart);
			else this.apart.delete(apart);
			this.draw_weeks();
		});
		$body.on("change", "[name=ce-mode]", () => {
			const mode = $body.find("[name=ce-mode]:checked").val();
			$body.find("[data-mode]").each((_index, part) => $(part).toggle(part.dataset.mode === mode));
		});
	}
}
