// Who was expected and not ticked: A or AJ with its reason and document, for one child or a whole class (R30, R31).
frappe.pages["absences"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Absences to Decide"),
		single_column: true,
	});
	wrapper.absences = new Absences(page);
};

frappe.pages["absences"].on_page_show = (wrapper) => wrapper.absences.show();

const API = "concerto_education.attendance.absences.api.";
const STATUSES = [
	["Planned", __("To decide")],
	["Absent", __("Absent (A)")],
	["Justified", __("Justified (AJ)")],
	["Late", __("Late pick-ups")],
];

class Absences {
	constructor(page) {
		this.page = page;
		this.rows = [];
		this.chosen = new Set();
		this.refused = new Map(); // why the server refused a row: said beside it
		$(page.main).html(`<div class="absences">
			<form class="ab-bar"></form>
			<div class="ab-list"></div>
			<div class="ab-do" role="toolbar" hidden></div>
		</div>`);
		this.root = page.main.find(".absences");
		this.root.on("submit", "form", (event) => event.preventDefault());
		this.root.on("change", ".ab-bar :input", () => this.load());
		this.root.on("change", ".ab-row input", (event) =>
			this.choose([event.target.value], event.target.checked),
		);
		this.root.on("change", ".ab-all", (event) => {
			const names = this.rows.filter((row) => group(row) === event.target.value).map((row) => row.name);
			this.choose(names, event.target.checked);
		});
		this.root.on("click", ".ab-late", (event) => this.late(event.currentTarget.dataset));
		this.root.on("click", "[data-do]", (event) => this.act(event.currentTarget.dataset.do));
		this.ready = this.load_options();
	}

	async show() {
		await this.ready;
		const wanted = frappe.route_options || {};
		frappe.route_options = null;
		for (const [name, value] of Object.entries(wanted)) this.field(name).val(value);
		this.load();
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	// ---------------------------------------------------------------- what is shown

	async load_options() {
		this.options = await frappe.xcall(`${API}options`);
		const { sites, activities, start, end } = this.options;
		const all = (label, values) => [["", label], ...values.map((value) => [value, value])];
		const select = (name, label, choices) =>
			`<label class="ab-field"><span>${label}</span><select class="form-control" name="${name}">${choices
				.map(([value, text]) => `<option value="${this.text(value)}">${this.text(text)}</option>`)
				.join("")}</select></label>`;
		const day = (name, label, value) =>
			`<label class="ab-field ab-day"><span>${label}</span>
				<input type="date" class="form-control" name="${name}" value="${value}" required></label>`;
		this.root
			.find(".ab-bar")
			.html(
				select("site", __("Site"), all(__("All my sites"), sites)) +
					select("activity", __("Activity"), all(__("All activities"), activities)) +
					day("start", __("From"), start) +
					day("end", __("To"), end) +
					select("school_class", __("Class"), all(__("All classes"), [])) +
					select("status", __("Shown"), this.options.may_record_late ? STATUSES : STATUSES.slice(0, 3)),
			);
		// In the page and not in its head, where Frappe hides buttons on tablets.
		if (this.options.may_record_late) {
			$(`<button type="button" class="btn btn-default ab-new-late">${__("Late Pick-up")}…</button>`)
				.insertAfter(this.root.find(".ab-bar"))
				.on("click", () => this.new_late());
		}
	}

	field(name) {
		return this.root.find(`.ab-bar [name="${name}"]`);
	}

	async load() {
		const wanted = Object.fromEntries(
			["site", "activity", "start", "end", "school_class", "status"].map((name) => [
				name,
				this.field(name).val() || undefined,
			]),
		);
		if (!wanted.start || !wanted.end) return;
		const answer = await frappe.xcall(`${API}load`, wanted);
		this.rows = answer.rows;
		this.more = answer.more;
		this.chosen = new Set([...this.chosen].filter((name) => this.rows.some((row) => row.name === name)));
		if (!wanted.school_class) this.fill_classes(answer.classes);
		this.draw();
	}

	fill_classes(classes) {
		const choices = [["", __("All classes")], ...classes.map((name) => [name, name])];
		this.field("school_class").html(
			choices
				.map(([value, text]) => `<option value="${this.text(value)}">${this.text(text)}</option>`)
				.join(""),
		);
	}

	// ---------------------------------------------------------------- drawing

	draw() {
		const groups = grouped(this.rows);
		const list = [...groups.entries()].map(([key, rows]) => this.group(key, rows)).join("");
		const more = this.more
			? `<p class="ab-more">${__("There are more: choose a site, an activity or fewer days.")}</p>`
			: "";
		this.root.find(".ab-list").html(list ? list + more : this.nothing());
		this.draw_buttons();
	}

	nothing() {
		const said = {
			Planned: __("Everybody who was expected is ticked."),
			Late: __("No late pick-up in this period."),
		}[this.field("status").val()] || __("No such absence in this period.");
		return `<p class="ab-nothing">${said}</p>`;
	}

	group(key, rows) {
		const [first] = rows;
		const date = frappe.datetime.str_to_user(first.day);
		const title = [first.activity, first.unit_label].filter(Boolean).join(" – ");
		if (this.field("status").val() === "Late") return this.late_group(rows, date, title);
		return `<section class="ab-group">
			<h4><label><input type="checkbox" class="ab-all" value="${this.text(key)}"
				aria-label="${this.text(__("All of {0}, {1}", [title, date]))}">
				<span class="ab-date">${date}</span> ${this.text(title)}
				<small>${this.text(first.site)} · ${rows.length}</small></label></h4>
			<ul>${rows.map((row) => this.row(row)).join("")}</ul></section>`;
	}

	row(row) {
		const refused = this.refused.get(row.name);
		const details = [
			row.school_class,
			row.reason && `AJ : ${row.reason}`,
			row.document && __("document received"),
			row.note,
			row.closed && __("month closed"),
		].filter(Boolean);
		return `<li class="ab-row"><label>
			<input type="checkbox" value="${row.name}" ${this.chosen.has(row.name) ? "checked" : ""}>
			<span><b>${this.text(row.last_name)}</b> ${this.text(row.first_name)}
			<small>${this.text(details.join(" · "))}</small>
			${refused ? `<small class="ab-refused">${this.text(refused)}</small>` : ""}</span></label></li>`;
	}

	late_group(rows, date, title) {
		return `<section class="ab-group">
			<h4><label><span class="ab-date">${date}</span> ${this.text(title)}
				<small>${this.text(rows[0].site)} · ${rows.length}</small></label></h4>
			<ul>${rows.map((row) => this.late_row(row)).join("")}</ul></section>`;
	}

	late_row(row) {
		const details = [
			row.school_class,
			row.excused && __("Excused"),
			row.note,
			row.closed && __("month closed"),
		].filter(Boolean);
		return `<li class="ab-row"><button type="button" class="ab-late" data-enrolment="${this.text(row.enrolment)}"
			data-day="${row.day}"><span class="ab-minutes">${row.minutes} min</span>
			<span><b>${this.text(row.last_name)}</b> ${this.text(row.first_name)}
			<small>${this.text(details.join(" · "))}</small></span></button></li>`;
	}

	choose(names, on) {
		for (const name of names) this.chosen[on ? "add" : "delete"](name);
		for (const box of this.root.find(".ab-row input")) box.checked = this.chosen.has(box.value);
		this.draw_buttons();
	}

	draw_buttons() {
		const count = this.chosen.size;
		const shown = this.field("status").val();
		const button = (what, label, kind) =>
			`<button type="button" class="btn btn-${kind}" data-do="${what}">${label}</button>`;
		this.root
			.find(".ab-do")
			.prop("hidden", !count)
			.html(
				`<span aria-live="polite">${__("{0} chosen", [count])}</span>` +
					(shown === "Absent" ? "" : button("Absent", __("Absent (A)"), "default")) +
					button("Justified", `${__("Justified (AJ)")}…`, "primary") +
					button("Present", __("Was Present"), "default") +
					(shown === "Planned" ? "" : button("Planned", __("Take Back"), "default")),
			);
	}

	// ---------------------------------------------------------------- deciding

	act(status) {
		if (status === "Justified") return this.justify();
		return this.decide({ status });
	}

	justify() {
		const { reasons } = this.options;
		let file = null;
		const dialog = new frappe.ui.Dialog({
			title: __("Justified absence: {0} chosen", [this.chosen.size]),
			fields: [
				{
					fieldname: "reason",
					fieldtype: "Select",
					label: __("Reason"),
					options: reasons.map((row) => row.reason),
					reqd: 1,
					change: () => {
						const chosen = reasons.find((row) => row.reason === dialog.get_value("reason"));
						dialog.set_value("document_type", chosen?.document_type || "");
					},
				},
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
				{
					fieldname: "document_type",
					fieldtype: "Link",
					options: "Document Type",
					label: __("Supporting Document"),
					description: __("It is filed in the dossier of each child."),
					get_query: () => ({ filters: { concerns: "Child", active: 1 } }),
				},
				{
					fieldname: "attach",
					fieldtype: "Button",
					label: __("Attach the Document"),
					click: () =>
						new frappe.ui.FileUploader({
							make_attachments_public: false,
							allow_toggle_private: false,
							on_success: (sent) => {
								file = sent.name;
								dialog.get_field("attach").$input.text(sent.file_name);
							},
						}),
				},
			],
			primary_action_label: __("Record the Absence"),
			primary_action: ({ reason, note, document_type }) => {
				dialog.hide();
				this.decide({ status: "Justified", reason, note, document_type, file });
			},
		});
		dialog.show();
	}

	// ---------------------------------------------------------------- late pick-ups (R10)

	late({ enrolment, day }) {
		frappe.require("late_pickup.bundle.js", () =>
			concerto.late_pickup(enrolment, day, () => this.load()),
		);
	}

	/** Which child it is: of a site and a day, among those who were there. */
	new_late() {
		const { sites, today } = this.options;
		const dialog = new frappe.ui.Dialog({
			title: __("Late Pick-up"),
			fields: [
				{
					fieldname: "site",
					fieldtype: "Select",
					label: __("Site"),
					options: sites,
					default: this.field("site").val() || sites[0],
					reqd: 1,
					change: () => look(),
				},
				{
					fieldname: "day",
					fieldtype: "Date",
					label: __("Date"),
					default: today,
					reqd: 1,
					change: () => look(),
				},
				{ fieldname: "child", fieldtype: "Select", label: __("Child"), reqd: 1 },
			],
			primary_action_label: __("Continue"),
			primary_action: ({ child, day }) => {
				dialog.hide();
				this.late({ enrolment: child, day });
			},
		});

		async function look() {
			const { site, day } = dialog.get_values(true);
			if (!site || !day) return;
			const found = await frappe.xcall("concerto_education.attendance.api.late_candidates", { site, day });
			dialog.set_df_property("child", "options", [
				{ value: "", label: "" },
				...found.map((row) => ({
					value: row.enrolment,
					label: [`${row.last_name} ${row.first_name}`, row.school_class, row.activity]
						.filter(Boolean)
						.join(" · "),
				})),
			]);
			dialog.set_df_property(
				"child",
				"description",
				found.length ? "" : __("Nobody is ticked present there on this day."),
			);
		}
		dialog.show();
		look();
	}

	async decide(decision) {
		const names = [...this.chosen];
		const results = await frappe.xcall(`${API}decide`, { names, ...decision });
		this.refused = new Map(
			results.filter((result) => !result.done).map((result) => [result.name, result.text]),
		);
		const done = results.length - this.refused.size;
		this.chosen = new Set(this.refused.keys());
		if (done) frappe.show_alert({ message: __("{0} recorded", [done]), indicator: "green" });
		if (this.refused.size) {
			frappe.show_alert({
				message: __("{0} refused: the reason is beside the name", [this.refused.size]),
				indicator: "red",
			});
		}
		this.load();
	}
}

const group = (row) => [row.day, row.site, row.activity, row.unit].join("|");

function grouped(rows) {
	const groups = new Map();
	for (const row of rows) groups.set(group(row), [...(groups.get(group(row)) || []), row]);
	return groups;
}
