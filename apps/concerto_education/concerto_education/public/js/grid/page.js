// Attendance grid: person × day for a month. In "forecast" it plans days, in "ticks" it records presences (R27, R30).

import { chosen } from "../shared/chosen";
import { call } from "./api";
import { ask_keyin, ask_period } from "./dialogs";
import { Grid } from "./grid";
import { key_of } from "./model";
import { fill, months_around, names, plain, remember, remembered, select } from "./choice";
import { esc, keys_html, legend_html, status_html } from "./view";

const LISTED = new Set(["Planned", "Present", "Absent", "Justified"]);

export class AttendanceGrid {
	constructor(page) {
		this.page = page;
		this.$root = $(`<div class="attendance-grid">
			<div class="ag-bar">
				<div class="ag-modes" role="tablist">
					<button type="button" role="tab" data-mode="forecast">${__("Forecasts")}</button>
					<button type="button" role="tab" data-mode="ticks">${__("Attendance")}</button>
				</div>
				${select("site", __("Site"))}${select("activity", __("Activity"))}${select("unit", __("Unit"))}
				<div class="ag-field ag-month"><span>${__("Month")}</span><div>
					<button type="button" class="btn btn-default" data-step="-1" aria-label="${__("Previous month")}">‹</button>
					<select class="form-control" aria-label="${__("Month")}"></select>
					<button type="button" class="btn btn-default" data-step="1" aria-label="${__("Next month")}">›</button>
				</div></div>
			</div>
			<div class="ag-filters">
				<input type="search" class="form-control ag-search" placeholder="${__("Find a name")}"
					aria-label="${__("Find a name")}">
				${select("class", __("Class"), true)}${select("group", __("Group"), true)}
				<div class="ag-actions">
					<button type="button" class="btn btn-default btn-sm ag-undo">${__("Undo Entry")}</button>
					<button type="button" class="btn btn-default btn-sm ag-period">${__("Change a Period")}</button>
					<button type="button" class="btn btn-default btn-sm ag-keyin">${__("Key In a Paper List")}</button>
					<button type="button" class="btn btn-primary btn-sm ag-save">${__("Save")}</button>
				</div>
			</div>
			<div class="ag-note" role="status"></div>
			<div class="ag-table-box"></div>
			<div class="ag-status" aria-live="polite"></div>
			<div class="ag-keys"></div>
			<div class="ag-legend"></div>
		</div>`).appendTo(page.main);
		this.$note = this.$root.find(".ag-note");
		this.grid = new Grid(this.$root.find(".ag-table-box"), {
			changed: () => this.show_pending(),
			moved: () => this.$root.find(".ag-status").html(status_html(this.grid)),
			save: () => this.save(),
			say: (text, indicator) => this.say(text, indicator),
		});
		this.listen();
		this.ready = this.load_options();
	}

	async show() {
		await this.ready;
		const route = frappe.route_options;
		if (!route && this.grid.model) return; // back on the page: what was typed is still there
		frappe.route_options = null;
		if (!this.leave()) return;
		this.choose({ ...remembered(), ...(route || {}) });
	}

	// ------------------------------------------------------------ what is chosen

	async load_options() {
		try {
			this.options = (await call("api.sheet_options", {}, "GET")).sites;
		} catch (error) {
			this.options = [];
			this.say(error.message);
		}
	}

	/** Take a choice, complete it with the first possible values, and load. */
	choose(wanted) {
		const site = chosen(this.options, (entry) => entry.site === wanted.site);
		if (!site) {
			this.empty(
				__("No site to show"),
				__("Ask an administrator to give you a site, or to add an activity to it."),
			);
			return;
		}
		const activity = chosen(site.activities, (entry) => entry.activity === wanted.activity);
		this.choice = {
			site: site.site,
			activity: activity.activity,
			unit: activity.units.some((entry) => entry.unit === wanted.unit) ? wanted.unit : "",
			month: `${(wanted.month || frappe.datetime.get_today()).slice(0, 7)}-01`,
			mode: wanted.mode === "ticks" ? "ticks" : "forecast",
		};
		remember(this.choice);
		fill(this.$root.find(".ag-site"), names(this.options, "site"), this.choice.site);
		fill(this.$root.find(".ag-activity"), names(site.activities, "activity"), this.choice.activity);
		const units = activity.units.map(({ unit, label }) => [unit, label]);
		if (units.length > 1) units.unshift(["", __("All")]);
		fill(
			this.$root.find(".ag-unit"),
			units,
			units.length > 1 ? this.choice.unit : activity.units[0].unit,
		);
		fill(
			this.$root.find(".ag-month select"),
			months_around(this.choice.month),
			this.choice.month.slice(0, 7),
		);
		this.$root.find("[data-mode]").each((_index, button) => {
			button.setAttribute("aria-selected", button.dataset.mode === this.choice.mode);
		});
		return this.load();
	}

	async load() {
		const asked = (this.asked = { ...this.choice });
		this.$root.addClass("ag-loading");
		try {
			const { site, activity, month } = asked;
			const loaded = await call("grid_api.load_month", { site, activity, month }, "GET");
			if (asked !== this.asked) return; // overtaken by another choice
			if (!loaded.people.length) {
				this.grid.model = null;
				this.empty(
					__("Nobody is enrolled this month"),
					__("Enrol children in this activity: they appear here."),
				);
				return;
			}
			this.$root.removeClass("ag-empty");
			this.fill_filters(loaded.people);
			this.grid.show(loaded, asked);
			this.after_load();
		} catch (error) {
			if (asked === this.asked) this.empty(__("The month could not be loaded"), error.message);
		} finally {
			if (asked === this.asked) this.$root.removeClass("ag-loading");
		}
	}

	after_load() {
		const { model } = this.grid;
		const locked = model.days[0].locked;
		const today = model.days.findIndex(({ day }) => day === model.today);
		this.note(
			locked
				? __("The month is closed at this site: the grid can be read, not changed.")
				: model.may_tick
					? ""
					: __("You may read this grid, not change it."),
		);
		this.$root.find(".ag-keyin").toggle(this.choice.mode === "ticks" && model.may_tick && !locked);
		this.$root.find(".ag-period").toggle(this.choice.mode === "forecast" && model.may_judge && !locked);
		this.$root.find(".ag-legend").html(legend_html(this.grid));
		this.$root.find(".ag-keys").html(keys_html(this.grid));
		this.grid.select(0, Math.max(today, 0));
		this.show_pending();
		this.grid.focus();
	}

	// ------------------------------------------------------------ filters

	fill_filters(people) {
		for (const field of ["class", "group"]) {
			const values = [...new Set(people.map((person) => person[field]).filter(Boolean))];
			const $select = this.$root.find(`.ag-${field}`);
			const before = $select.val();
			fill(
				$select,
				[["", __("All")], ...values.map((value) => [value, value])],
				values.includes(before) ? before : "",
			);
			$select.closest(".ag-field").toggle(values.length > 0);
		}
		this.set_filter();
	}

	set_filter() {
		const words = plain(this.$root.find(".ag-search").val()).split(/\s+/).filter(Boolean);
		const school_class = this.$root.find(".ag-class").val();
		const group = this.$root.find(".ag-group").val();
		this.grid.filter = (person) =>
			(!school_class || person.class === school_class) &&
			(!group || person.group === group) &&
			words.every((word) => plain(`${person.last_name} ${person.first_name}`).includes(word));
	}

	// ------------------------------------------------------------ saving

	show_pending() {
		const number = this.grid.model?.wanted.size || 0;
		this.$root
			.find(".ag-save")
			.prop("disabled", !number || this.saving)
			.text(number ? __("Save ({0})", [number]) : __("Save"));
		this.$root.find(".ag-undo").prop("disabled", !this.grid.model?.past.length);
	}

	save() {
		if (!this.grid.model?.wanted.size || this.saving) return;
		const costs = [...this.grid.model.costs()];
		if (!costs.length) return this.send();
		const lines = costs.map(
			([text, number]) => `<li>${esc(__("{0} days", [number]))} : ${esc(text)}</li>`,
		);
		const question = [`<p>${__("Some days are after the cut-off:")}</p>`, "<ul>", ...lines, "</ul>"].join(
			"",
		);
		frappe.confirm(question, () => this.send());
	}

	async send() {
		const { model } = this.grid;
		const changes = model.pending();
		const { site, activity } = this.choice;
		this.saving = true;
		this.show_pending();
		this.note("");
		try {
			const answer = await call("grid_api.save_changes", { site, activity, changes });
			const refused = model.saved(changes, answer);
			this.grid.redraw(
				changes.map((change) => key_of(change.enrolment, Number(change.day.slice(8)), change.unit)),
			);
			if (refused.length) this.tell_refusals(model, refused, changes.length);
			else this.say(__("{0} days saved", [changes.length]), "green");
		} catch (error) {
			this.note(error.message, true);
		} finally {
			this.saving = false;
			this.show_pending();
			this.grid.focus();
		}
	}

	tell_refusals(model, refused, all) {
		const reasons = new Map();
		for (const key of refused) {
			const why = model.refused.get(key);
			reasons.set(why, (reasons.get(why) || 0) + 1);
		}
		const lines = [...reasons].map(([why, number]) => `${number} × ${why}`);
		this.note(__("{0} of {1} days were refused: {2}", [refused.length, all, lines.join(" · ")]), true);
	}

	/** Whether the screen may be left: unsaved changes are asked about once. */
	leave() {
		if (!this.grid.model?.wanted.size) return true;
		return window.confirm(__("{0} changes are not saved. Leave them?", [this.grid.model.wanted.size]));
	}

	// ------------------------------------------------------------ paper lists

	begin_keyin() {
		if (this.grid.keyin) {
			this.grid.arrange(this.choice);
			this.end_keyin_button();
			return;
		}
		ask_keyin(this.grid.model, this.choice.unit, ({ day, unit }) => {
			if (day.slice(0, 7) !== this.choice.month.slice(0, 7)) {
				this.say(__("This day is not in the month shown."));
				return;
			}
			const { model } = this.grid;
			const number = Number(day.slice(8));
			const listed = new Set(
				model.people
					.map((person) => key_of(person.enrolment, number, unit))
					.filter((key) => LISTED.has(model.cell(key).status)),
			);
			if (!listed.size) {
				this.say(__("Nobody is expected on this day."));
				return;
			}
			this.grid.arrange({ mode: "ticks", unit, keyin: { day: number, listed } });
			this.grid.select(0, 0);
			this.end_keyin_button();
			this.note(__("Enter: present and next. A: absent. J: justified. Arrows: skip or go back."));
			this.grid.focus();
		});
	}

	end_keyin_button() {
		this.$root
			.find(".ag-keyin")
			.text(this.grid.keyin ? __("Back to the Month") : __("Key In a Paper List"));
		if (!this.grid.keyin) this.note("");
	}

	// ------------------------------------------------------------ words

	say(message, indicator = "red") {
		frappe.show_alert({ message, indicator }, indicator === "red" ? 8 : 5);
	}

	note(text, wrong = false) {
		this.$note.text(text).toggleClass("is-wrong", wrong).toggle(!!text);
	}

	empty(title, text) {
		this.$root.addClass("ag-empty");
		this.grid.$scroll.html(`<div class="ag-nothing"><h4>${esc(title)}</h4><p>${esc(text)}</p></div>`);
		this.$root.find(".ag-status, .ag-keys, .ag-legend").empty();
		this.note("");
	}

	// ------------------------------------------------------------ listening

	listen() {
		const change = (values) => {
			if (this.leave()) this.choose({ ...this.choice, ...values });
			else this.choose_back();
		};
		for (const name of ["site", "activity"])
			this.$root.on("change", `.ag-${name}`, (event) => change({ [name]: event.target.value }));
		this.$root.on("change", ".ag-unit", (event) => {
			this.choice.unit = event.target.value;
			remember(this.choice);
			if (this.grid.model) this.grid.arrange(this.choice);
		});
		this.$root.on("change", ".ag-month select", (event) => change({ month: event.target.value }));
		this.$root.on("click", "[data-step]", ({ currentTarget }) => {
			const month = moment(this.choice.month).add(Number(currentTarget.dataset.step), "month");
			change({ month: month.format("YYYY-MM") });
		});
		this.$root.on("click", "[data-mode]", ({ currentTarget }) =>
			change({ mode: currentTarget.dataset.mode }),
		);
		this.$root.on("input", ".ag-search", () => this.refilter());
		this.$root.on("change", ".ag-class, .ag-group", () => this.refilter());
		this.$root.on("click", ".ag-save", () => this.save());
		this.$root.on("click", ".ag-undo", () => this.grid.model && this.grid.undo());
		this.$root.on("click", ".ag-keyin", () => this.begin_keyin());
		this.$root.on("click", ".ag-period", () => {
			if (!this.grid.model || !this.grid.rows.length) return;
			if (this.grid.model.wanted.size) {
				this.say(__("Save or undo the changes on the screen first."));
				return;
			}
			const { site, activity } = this.choice;
			ask_period(this.grid, { site, activity }, async (message, indicator) => {
				this.say(message, indicator);
				await this.load();
			});
		});
		window.addEventListener("beforeunload", (event) => {
			if (this.grid.model?.wanted.size) event.preventDefault();
		});
	}

	/** The fields show what is still loaded. */
	choose_back() {
		this.$root.find(".ag-site").val(this.choice.site);
		this.$root.find(".ag-activity").val(this.choice.activity);
		this.$root.find(".ag-month select").val(this.choice.month.slice(0, 7));
	}

	refilter() {
		this.set_filter();
		if (this.grid.model) this.grid.draw();
	}
}
