// The same form whatever the structure (R4): each choice narrows the next and proposes what is usual.

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

frappe.ui.form.on("Enrolment", {
	setup(frm) {
		const among = (names) => ({ filters: { name: ["in", names?.length ? names : [""]] } });
		frm.set_query("person", () => (frm.members ? among(frm.members.map((row) => row.person)) : {}));
		frm.set_query("activity", () => ({ filters: { active: 1 } }));
		frm.set_query("site", () => (frm.offer ? among(frm.offer.sites.map((row) => row.site)) : {}));
		frm.set_query("category", () =>
			frm.offer?.categories.length ? among(frm.offer.categories.map((row) => row.category)) : {},
		);
		frm.set_query("payer", "payers", () => ({ filters: { family: frm.doc.family, active: 1 } }));
		frm.set_query("custody_calendar", () => ({
			filters: { family: frm.doc.family, person: frm.doc.person },
		}));
	},

	async refresh(frm) {
		await Promise.all([load_family(frm), load_activity(frm)]);
		await show_pattern(frm, frm.is_new());
		if (frm.is_new()) {
			propose_period(frm);
			propose_payers(frm);
			return;
		}
		frm.page.set_title(frappe.utils.get_link_title("Person", frm.doc.person) || frm.doc.person);
		if (frm.perm[0]?.write && frm.doc.status === "Confirmed") {
			frm.add_custom_button(__("Generate the Forecast"), () => generate_forecast(frm));
		}
		frm.add_custom_button(__("Month Grid"), () => {
			frappe.route_options = { site: frm.doc.site, activity: frm.doc.activity, mode: "forecast" };
			frappe.set_route("attendance-grid");
		});
		frm.add_custom_button(__("Day Sheet"), () => {
			frappe.route_options = { site: frm.doc.site, activity: frm.doc.activity };
			frappe.set_route("day-sheet");
		});
	},

	async family(frm) {
		await load_family(frm);
		if (!frm.members?.some((row) => row.person === frm.doc.person)) frm.set_value("person", null);
		frm.clear_table("payers");
		frm.set_value("custody_calendar", null);
		await propose_payers(frm);
		const children = (frm.members || []).filter((row) => row.role === "Child");
		if (children.length === 1) frm.set_value("person", children[0].person);
	},

	person(frm) {
		propose_category(frm);
	},

	async activity(frm) {
		await load_activity(frm);
		const sites = frm.offer?.sites.map((row) => row.site) || [];
		if (!sites.includes(frm.doc.site)) frm.set_value("site", sites.length === 1 ? sites[0] : null);
		frm.clear_table("pattern");
		await show_pattern(frm, true);
		propose_category(frm);
	},

	valid_from(frm) {
		if (!frm.doc.valid_from || frm.doc.valid_to) return;
		frm.set_value("valid_to", `${school_year_of(frm.doc.valid_from) + 1}-08-31`);
	},
});

async function load_family(frm) {
	frm.members = null;
	if (frm.doc.family) frm.members = (await frappe.db.get_doc("Family", frm.doc.family)).members;
}

async function load_activity(frm) {
	frm.offer = null;
	if (!frm.doc.activity) return;
	frm.offer = await frappe.db.get_doc("Activity", frm.doc.activity);
	const units = frm.offer.units.map((row) => ({ value: row.unit, label: row.label }));
	// The rows stand behind the grid of checkboxes; their unit is a choice that the framework checks too.
	frm.fields_dict.pattern.grid.update_docfield_property("unit", "options", units);
}

/** The year in whose September the school year of a day begins (R8). */
function school_year_of(day) {
	const [year, month] = day.split("-").map(Number);
	return month >= 9 ? year : year - 1;
}

function propose_period(frm) {
	const year = school_year_of(frappe.datetime.get_today());
	if (!frm.doc.valid_from) frm.set_value("valid_from", `${year}-09-01`);
	if (!frm.doc.valid_to) frm.set_value("valid_to", `${year + 1}-08-31`);
}

/** One active payer pays; with two, the clerk says who or how (R19, R22). */
async function propose_payers(frm) {
	if (!frm.doc.family || frm.doc.payers?.length) return;
	const payers = await frappe.db.get_list("Payer", {
		filters: { family: frm.doc.family, active: 1 },
		fields: ["name", "recipient"],
		limit: 2,
	});
	if (payers.length !== 1 || frm.doc.payers?.length) return;
	frappe.utils.add_link_title("Payer", payers[0].name, payers[0].recipient);
	frm.add_child("payers", { payer: payers[0].name, share: 100 });
	frm.refresh_field("payers");
}

/** The week as checkboxes, days × units; what is usual is proposed for a new enrolment. */
async function show_pattern(frm, propose) {
	const $place = frm.fields_dict.pattern_grid.$wrapper;
	if (!frm.pattern_grid) {
		frm.pattern_grid = await concerto.enrol.pattern_grid($place.empty(), {
			changed: (rows) => write_pattern(frm, rows),
		});
	}
	const offer = frm.offer && {
		units: frm.offer.units.map(({ unit, label }) => ({ unit, label })),
		weekdays: DAYS.map((day, index) => (frm.offer[day] ? index + 1 : 0)).filter(Boolean),
	};
	frm.pattern_grid.show(offer, frm.doc.pattern || [], {
		start: frm.doc.valid_from,
		propose: propose && !(frm.doc.pattern || []).length,
		read_only: !frm.perm[0]?.write,
	});
}

function write_pattern(frm, rows) {
	frm.clear_table("pattern");
	for (const row of rows) frm.add_child("pattern", row);
	frm.dirty();
}

/** The only category of the activity, or the first one for children or for adults (R26). */
async function propose_category(frm) {
	const offered = frm.offer?.categories.map((row) => row.category) || [];
	if (offered.includes(frm.doc.category)) return;
	if (offered.length < 2) {
		frm.set_value("category", offered[0] || null);
		return;
	}
	const member = frm.members?.find((row) => row.person === frm.doc.person);
	if (!member) return;
	const audience = member.role === "Child" ? "Children" : "Adults";
	const fitting = await frappe.db.get_list("Enrolment Category", {
		filters: { name: ["in", offered], audience: ["in", [audience, "Everybody"]] },
		pluck: "name",
		limit: 0,
	});
	frm.set_value("category", offered.find((name) => fitting.includes(name)) || null);
}

function generate_forecast(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the enrolment first: the forecast then follows by itself."));
		return;
	}
	const today = frappe.datetime.get_today();
	frappe.prompt(
		[
			{
				fieldname: "start",
				fieldtype: "Date",
				label: __("From"),
				reqd: 1,
				default: frm.doc.valid_from > today ? frm.doc.valid_from : today,
			},
			{ fieldname: "end", fieldtype: "Date", label: __("To"), reqd: 1, default: frm.doc.valid_to },
			{
				fieldname: "help",
				fieldtype: "HTML",
				options: `<p class="text-muted">${__(
					"Missing days are added. Ticks, absences and days changed by hand stay as they are.",
				)}</p>`,
			},
		],
		({ start, end }) =>
			frappe
				.call({
					method: "concerto_education.attendance.api.plan_enrolment",
					args: { enrolment: frm.doc.name, start, end },
					freeze: true,
				})
				.then(({ message }) => frappe.show_alert({ message: message.message, indicator: "green" })),
		__("Generate the Forecast"),
		__("Generate"),
	);
}
