// Day sheet (feuille de pointage): one list of a site, activity, day and unit.
// A touch shows at once and is sent behind; what the server refuses is put back, with the reason (R10, R31).

import { call } from "./api";
import { late_pickup } from "../late_pickup/dialog";
import { chosen } from "../shared/chosen";
import { Bar } from "./bar";
import { choose_child } from "./choose_child";
import { KeyIn } from "./key_in";
import { print_sheet } from "./print";
import { counts, empty, head_html, list_html, row_html } from "./view";

const CHOICE = "concerto-day-sheet";
const REFRESH_EVERY = 60_000;

export class DaySheet {
	constructor(page) {
		this.page = page;
		this.queues = new Map(); // one queue per row: two quick touches arrive in order
		this.filter = null;
		this.$root = $(`<div class="day-sheet">
			<div class="ds-bar"></div>
			<div class="ds-head"></div>
			<div class="ds-actions">
				<input type="search" class="ds-search form-control" placeholder="${__("Find a name")}"
					aria-label="${__("Find a name")}">
				<button type="button" class="ds-print btn btn-default">${__("Print")}</button>
				<button type="button" class="ds-add btn btn-default">${__("Add a Child")}</button>
				<button type="button" class="ds-all btn btn-primary">${__("All Present")}</button>
			</div>
			<form class="ds-key-in"></form>
			<div class="ds-list" role="list"></div>
			<p class="ds-keys"></p>
		</div>`).appendTo(page.main);
		this.$list = this.$root.find(".ds-list");
		this.$head = this.$root.find(".ds-head");
		this.$search = this.$root.find(".ds-search");
		this.text = "";
		this.key_in = new KeyIn(this.$root.find(".ds-key-in"), {
			sheet: () => this.sheet,
			done: (rows) => {
				this.sheet.rows = rows;
				this.render();
			},
			stale: () => this.load(),
			say: (...what) => this.say(...what),
		});
		this.make_buttons();
		this.listen();
		this.ready = this.load_options();
	}

	async show() {
		await this.ready;
		const route = frappe.route_options || {};
		frappe.route_options = null;
		this.choose({ ...this.remembered(), ...route });
	}

	// ------------------------------------------------------------ what is chosen

	async load_options() {
		try {
			this.options = (await call("sheet_options", {}, "GET")).sites;
		} catch (error) {
			this.options = [];
			this.say(error.message);
		}
		this.bar = new Bar(this.$root.find(".ds-bar"), {
			chosen: (change) => this.choose({ ...this.choice, ...change }),
			moved: (step) => this.sheet?.[step] && this.choose({ ...this.choice, day: this.sheet[step] }),
		});
	}

	remembered() {
		try {
			return JSON.parse(localStorage.getItem(CHOICE)) || {};
		} catch {
			return {};
		}
	}

	/** Take a choice, complete it with the first possible values, and load. */
	choose(wanted) {
		const site = chosen(this.options, (s) => s.site === wanted.site);
		if (!site) {
			this.$head.html(
				empty(
					__("No site to tick at"),
					__("Ask an administrator to give you a site, or to add an activity to it."),
				),
			);
			return;
		}
		const activity = chosen(site.activities, (a) => a.activity === wanted.activity);
		const unit = activity.units.find((u) => u.unit === wanted.unit) || activity.units[0];
		this.choice = {
			site: site.site,
			activity: activity.activity,
			unit: unit.unit,
			day: wanted.day || null,
		};
		localStorage.setItem(CHOICE, JSON.stringify({ ...this.choice, day: null }));
		this.bar.show(this.options, site, this.choice);
		this.load();
	}

	make_buttons() {
		// In the page and not in its head, where Frappe hides them on tablets.
		this.$all = this.$root.find(".ds-all").on("click", () => this.tick_remaining());
		this.$root.find(".ds-add").on("click", () => this.add_child());
		this.$root.find(".ds-print").on("click", () => this.print());
		this.page.add_menu_item(__("Plan this month"), () => this.plan_month());
		this.page.add_menu_item(__("Refresh"), () => this.load());
	}

	// ------------------------------------------------------------ loading

	async load({ quiet = false } = {}) {
		const asked = (this.asked = { ...this.choice });
		if (!quiet) this.$root.addClass("ds-loading");
		try {
			const sheet = await call("load_sheet", asked, "GET");
			if (asked !== this.asked || (quiet && this.queues.size)) return; // overtaken by another choice or a touch
			this.sheet = sheet;
			this.choice.day = sheet.day;
			this.bar.show_day(sheet);
			this.render();
		} catch (error) {
			if (!quiet) {
				this.$list.empty();
				this.$head.html(empty(__("The list could not be loaded"), error.message));
			}
		} finally {
			this.$root.removeClass("ds-loading");
		}
	}

	// ------------------------------------------------------------ changes

	/** Show `change` at once, send it, then take the server's row; put the old row back if it refuses. */
	change(name, change, method, args) {
		const row = this.row(name);
		if (!row) return;
		const before = { ...row };
		Object.assign(row, change, { reason: change.reason ?? null, ticked: null });
		this.render_row(row);
		this.render_head();
		const sent = (this.queues.get(name) || Promise.resolve()).then(async () => {
			try {
				this.replace(name, await call(method, { attendance: name, ...args }));
			} catch (error) {
				this.replace(name, before);
				this.say(`${before.last_name} ${before.first_name} : ${error.message}`);
			}
		});
		this.queues.set(name, sent);
		sent.finally(() => this.queues.get(name) === sent && this.queues.delete(name));
	}

	replace(name, row) {
		const index = this.sheet.rows.findIndex((r) => r.name === name);
		if (index < 0) return;
		if (row) {
			this.sheet.rows[index] = row;
			this.render_row(row);
			this.render_head();
		} else {
			this.sheet.rows.splice(index, 1);
			this.render();
			this.load({ quiet: true }); // the numbers of the list have changed
		}
	}

	touch(name) {
		const row = this.row(name);
		if (!this.sheet.may_tick) {
			this.say(
				this.sheet.day > this.sheet.today
					? __("This day has not come yet: nobody can be ticked.")
					: this.sheet.month_closed
						? __("The month is closed: its attendance is confirmed.")
						: __("You may read this list, not tick."),
			);
			return;
		}
		if (["Absent", "Justified"].includes(row.status) && !this.sheet.may_judge) {
			this.say(__("Recorded as absent. Ask the coordinator to change it."));
			return;
		}
		const present = row.status !== "Present";
		this.change(name, { status: present ? "Present" : "Planned" }, "tick", { present });
	}

	absent(name) {
		if (!this.sheet.may_judge || !this.sheet.may_tick) return;
		const row = this.row(name);
		if (row.status === "Absent") this.change(name, { status: "Planned" }, "reset");
		else this.change(name, { status: "Absent" }, "set_absent");
	}

	justified(name) {
		if (!this.sheet.may_judge) return;
		const row = this.row(name);
		if (row.status === "Justified") {
			this.change(name, { status: "Planned" }, "reset");
			return;
		}
		frappe.prompt(
			[
				{
					fieldname: "reason",
					fieldtype: "Select",
					label: __("Reason"),
					options: this.sheet.reasons,
					reqd: 1,
				},
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note"), default: row.note },
			],
			({ reason, note }) =>
				this.change(name, { status: "Justified", reason }, "set_justified", { reason, note }),
			__("Justified absence of {0}", [`${row.last_name} ${row.first_name}`]),
			__("Record the Absence"),
		);
	}

	/** The child was fetched after the end: minutes, by coordinators and directors (R10). */
	late(name) {
		const row = this.row(name);
		if (!this.sheet.may_record_late || row.status !== "Present") return;
		late_pickup(row.enrolment, this.sheet.day, () => this.load({ quiet: true }));
	}

	async tick_remaining() {
		const left = this.sheet?.rows.filter((row) => row.status === "Planned").length;
		if (!left || !this.sheet.may_tick) {
			this.say(__("Nobody is left to tick."), "blue");
			return;
		}
		frappe.confirm(__("Mark the {0} remaining children present?", [left]), async () => {
			this.sheet.rows.forEach((row) => row.status === "Planned" && (row.status = "Present"));
			this.render();
			try {
				const { site, activity, unit, day } = this.sheet;
				this.sheet.rows = await call("tick_remaining", { site, activity, unit, day });
				this.render();
			} catch (error) {
				this.say(error.message);
				this.load();
			}
		});
	}

	async add_child() {
		if (!this.sheet?.may_tick) {
			this.say(__("You may read this list, not tick."));
			return;
		}
		const { site, activity, unit, day } = this.sheet;
		try {
			const people = await call("sheet_candidates", { site, activity, unit, day }, "GET");
			choose_child(people, async (enrolment) => {
				try {
					const row = await call("add_presence", { enrolment, unit, day });
					this.sheet.rows = this.sheet.rows.filter((r) => r.name !== row.name).concat(row);
					this.render();
					this.load({ quiet: true }); // each name in its place, with its number
					this.say(__("{0} added", [`${row.last_name} ${row.first_name}`]), "green");
				} catch (error) {
					this.say(error.message);
				}
			});
		} catch (error) {
			this.say(error.message);
		}
	}

	async plan_month() {
		const { site, activity, day } = this.sheet;
		const start = `${day.slice(0, 8)}01`;
		const end = moment(day).endOf("month").format("YYYY-MM-DD");
		try {
			this.say((await call("plan_site", { site, activity, start, end })).message, "green");
			this.load();
		} catch (error) {
			this.say(error.message);
		}
	}

	print() {
		if (this.sheet) print_sheet(this.sheet, this.long_date());
	}

	// ------------------------------------------------------------ showing

	row(name) {
		return this.sheet.rows.find((row) => row.name === name);
	}

	render() {
		this.key_in.show(this.sheet);
		this.$list.html(list_html(this.sheet, this.filter, this.text));
		this.render_head();
	}

	render_head() {
		this.$head.html(head_html(this.sheet, this.filter, this.long_date()));
		const left = counts(this.sheet.rows).Planned;
		this.$all
			.text(left ? __("All Present ({0})", [left]) : __("All Present"))
			.prop("disabled", !left || !this.sheet.may_tick);
	}

	/** Redraw one row in place, so that the finger stays where it is and the focus too. */
	render_row(row) {
		const $old = this.$list.find(`[data-name="${row.name}"]`);
		const focused = $old.find(":focus").data("act");
		const $new = $(row_html(row, this.sheet));
		$old.replaceWith($new);
		if (focused) $new.find(`[data-act="${focused}"]`).trigger("focus");
	}

	long_date() {
		const [year, month, day] = this.sheet.day.split("-").map(Number);
		return new Date(year, month - 1, day).toLocaleDateString(frappe.boot.lang || "fr", {
			weekday: "long",
			day: "numeric",
			month: "long",
			year: "numeric",
		});
	}

	say(message, indicator = "red") {
		frappe.show_alert({ message, indicator }, indicator === "red" ? 9 : 5);
	}

	// ------------------------------------------------------------ listening

	listen() {
		const name_of = (event) => event.currentTarget.closest(".ds-row").dataset.name;
		this.$list.on("click", "[data-act=touch]", (event) => this.touch(name_of(event)));
		this.$list.on("click", "[data-act=absent]", (event) => this.absent(name_of(event)));
		this.$list.on("click", "[data-act=justified]", (event) => this.justified(name_of(event)));
		this.$list.on("click", "[data-act=late]", (event) => this.late(name_of(event)));
		this.$list.on("click", "[data-act=plan]", () => this.plan_month());
		this.$list.on("keydown", ".ds-row", (event) => this.key(event, name_of(event)));
		this.$head.on("click", ".ds-count", (event) => {
			const status = event.currentTarget.dataset.status;
			this.filter = this.filter === status ? null : status;
			this.render();
		});
		this.$search.on("input", () => {
			this.text = this.$search.val();
			if (this.sheet) this.$list.html(list_html(this.sheet, this.filter, this.text));
		});
		this.$root
			.find(".ds-keys")
			.text(__("Keyboard: arrows to move, space to tick, A absent, J justified."));
		// Colleagues tick the same list on other tablets.
		setInterval(() => this.refresh_quietly(), REFRESH_EVERY);
		document.addEventListener("visibilitychange", () => this.refresh_quietly());
	}

	refresh_quietly() {
		const shown = frappe.get_route()[0] === "day-sheet" && document.visibilityState === "visible";
		if (shown && this.sheet && !this.queues.size) this.load({ quiet: true });
	}

	key(event, name) {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const move = { ArrowDown: "next", ArrowUp: "prev" }[event.key];
		const act = { a: "absent", j: "justified" }[event.key.toLowerCase()];
		if (move) {
			const $row = $(event.currentTarget);
			$row[`${move}All`](".ds-row").first().find("[data-act=touch]").trigger("focus");
		} else if (act) {
			this[act](name);
		} else {
			return;
		}
		event.preventDefault();
		event.stopPropagation(); // the Desk has shortcuts of its own on letters
	}
}
