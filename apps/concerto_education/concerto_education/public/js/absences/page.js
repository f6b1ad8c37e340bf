// Who was expected and not ticked: A or AJ with its reason and document, for one child or a whole class (R30, R31).
// Late pick-ups of the same children stand beside them, for coordinators and directors (R10).
import { late_pickup } from "../late_pickup/dialog";
import { call as call_path } from "../shared/call";
import { choose_late, justify } from "./dialogs";
import { bar_html, buttons_html, choices, group_of, list_html } from "./view";

const call = (method, args, verb) => call_path(`attendance.${method}`, args, verb);
const FIELDS = ["site", "activity", "start", "end", "school_class", "status"];

export class Absences {
	constructor(page) {
		this.rows = [];
		this.chosen = new Set();
		this.refused = new Map(); // why the server refused a row: said beside it
		$(page.main).html(`<div class="absences">
			<form class="ab-bar"></form>
			<div class="ab-list"></div>
			<div class="ab-do" role="toolbar" hidden></div>
		</div>`);
		this.root = page.main.find(".absences");
		this.listen();
		this.ready = this.load_options();
	}

	async show() {
		if (!(await this.ready)) return;
		const wanted = frappe.route_options || {};
		frappe.route_options = null;
		for (const [name, value] of Object.entries(wanted)) this.field(name).val(value);
		this.load();
	}

	listen() {
		this.root.on("submit", "form", (event) => event.preventDefault());
		this.root.on("change", ".ab-bar :input", () => this.load());
		this.root.on("change", ".ab-row input", (event) =>
			this.choose([event.target.value], event.target.checked),
		);
		this.root.on("change", ".ab-all", (event) => {
			const members = this.rows.filter((row) => group_of(row) === event.target.value);
			this.choose(
				members.map((row) => row.name),
				event.target.checked,
			);
		});
		this.root.on("click", ".ab-class", ({ currentTarget }) => this.choose_class(currentTarget.dataset));
		this.root.on("click", ".ab-late", ({ currentTarget }) => this.late({ ...currentTarget.dataset }));
		this.root.on("click", ".ab-new-late", () => this.new_late());
		this.root.on("click", "[data-do]", (event) => this.act(event.currentTarget.dataset.do));
	}

	say(message, indicator = "red") {
		frappe.show_alert(
			{ message: frappe.utils.escape_html(message), indicator },
			indicator === "red" ? 9 : 5,
		);
	}

	// ---------------------------------------------------------------- what is shown

	async load_options() {
		try {
			this.options = await call("absences.api.options", {}, "GET");
		} catch (error) {
			this.say(error.message);
			return false;
		}
		const bar = this.root.find(".ab-bar").html(bar_html(this.options));
		// In the page and not in its head, where Frappe hides buttons on tablets.
		if (this.options.may_record_late)
			bar.after(
				`<button type="button" class="btn btn-default ab-new-late">${__("Late Pick-up")}…</button>`,
			);
		return true;
	}

	field(name) {
		return this.root.find(`.ab-bar [name="${name}"]`);
	}

	async load() {
		const wanted = Object.fromEntries(FIELDS.map((name) => [name, this.field(name).val() || null]));
		if (!wanted.start || !wanted.end) return;
		this.asked = wanted;
		let answer;
		try {
			answer = await call("absences.api.load", wanted, "GET");
		} catch (error) {
			this.say(error.message);
			return;
		}
		if (this.asked !== wanted) return; // overtaken by another choice
		Object.assign(this, { rows: answer.rows, more: answer.more });
		this.chosen = new Set([...this.chosen].filter((name) => this.rows.some((row) => row.name === name)));
		if (!wanted.school_class) this.fill_classes(answer.classes);
		this.draw();
	}

	fill_classes(classes) {
		const values = [["", __("All classes")], ...classes.map((name) => [name, name])];
		this.field("school_class").html(choices(values));
	}

	draw() {
		const status = this.asked.status;
		const { chosen, refused, more } = this;
		this.root.find(".ab-list").html(list_html(this.rows, { status, chosen, refused, more }));
		this.draw_buttons();
	}

	choose(names, on) {
		for (const name of names) this.chosen[on ? "add" : "delete"](name);
		for (const box of this.root.find(".ab-row input")) box.checked = this.chosen.has(box.value);
		for (const box of this.root.find(".ab-all")) {
			const members = this.rows.filter((row) => group_of(row) === box.value);
			const count = members.filter((row) => this.chosen.has(row.name)).length;
			box.checked = count === members.length;
			box.indeterminate = count > 0 && !box.checked;
		}
		this.draw_buttons();
	}

	/** All of a class on a list; once more takes them off. */
	choose_class({ group, class: name }) {
		const members = this.rows.filter(
			(row) => group_of(row) === group && (row.school_class || "") === name,
		);
		const names = members.map((row) => row.name);
		this.choose(names, !names.every((one) => this.chosen.has(one)));
	}

	draw_buttons() {
		const count = this.chosen.size;
		this.root.find(".ab-do").prop("hidden", !count).html(buttons_html(count, this.asked.status));
	}

	// ---------------------------------------------------------------- deciding

	act(status) {
		if (status !== "Justified") return this.decide({ status });
		return justify(this.options.reasons, this.chosen.size, (given) => this.decide({ status, ...given }));
	}

	async decide(decision) {
		const names = [...this.chosen];
		let results;
		try {
			results = await call("absences.api.decide", { names, ...decision });
		} catch (error) {
			this.say(error.message);
			return;
		}
		const refused = results.filter((result) => !result.done);
		this.refused = new Map(refused.map((result) => [result.name, result.text]));
		this.chosen = new Set(this.refused.keys());
		const done = results.length - refused.length;
		if (done) this.say(__("{0} recorded", [done]), "green");
		if (refused.length) this.say(__("{0} refused: the reason is beside the name", [refused.length]));
		this.load();
	}

	// ---------------------------------------------------------------- late pick-ups (R10)

	late({ enrolment, day }) {
		late_pickup(enrolment, day, () => this.load());
	}

	new_late() {
		const { sites, today } = this.options;
		choose_late(
			{ sites, site: this.field("site").val(), day: today },
			async (wanted) => {
				try {
					return await call("api.late_candidates", wanted, "GET");
				} catch (error) {
					this.say(error.message);
					return [];
				}
			},
			(chosen) => this.late(chosen),
		);
	}
}
