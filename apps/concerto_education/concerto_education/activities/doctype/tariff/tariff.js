// Only the fields of the method show (depends_on); here: what the method means, links, gaps and the simulator.
frappe.ui.form.on("Tariff", {
	setup(frm) {
		frm.set_query("activity", () => ({ filters: { active: 1 } }));
		frm.set_query("category", () => among(frm.offer?.categories, "category"));
		frm.set_query("site", () => among(frm.offer?.sites, "site"));
		frm.set_query("script", () => ({ filters: { script_type: "API", disabled: 0 } }));
	},
	refresh(frm) {
		load_offer(frm);
		show_method(frm);
		show_gaps(frm);
		set_decimals(frm);
		frm.add_custom_button(__("Simulate"), () => simulate(frm)).addClass("btn-primary");
	},
	activity(frm) {
		frm.set_value({ category: null, site: null });
		load_offer(frm);
	},
	method: show_method,
	decimals: set_decimals,
});

const METHODS = {
	Flat: () => __("One price for each unit: each meal, each presence, each day."),
	"QF Bands": () =>
		__("A price for each band of quotient. The first band begins at 0, the last one has no end."),
	"QF Linear": () => __("A price that grows with the quotient, between a lowest and a highest price."),
	"Effort Rate": () =>
		__(
			"Nurseries: resources of the month × effort rate, by the hour. The rates and bounds are those of “Effort Rates” and “Resource Bounds”.",
		),
	"Per Duration": () => __("A price for each started slice of time, from arrival to departure."),
	"Unit Combination": () =>
		__(
			"A price for the units of one day together: day with meal, half-day, meal alone. The row with the most units is taken first.",
		),
	"Per Week": () => __("Once for each week with a billed day, even if it crosses two months."),
	"Per Month": () => __("Once for each month with a billed day."),
	"Per Stay": () => __("Once for the whole enrolment, even if it crosses two months."),
	Script: () => __("For the rule that nothing else can say: a script gives the parts of the price."),
};

function show_method(frm) {
	const help = METHODS[frm.doc.method];
	let text = help ? `<p class="text-muted small">${frappe.utils.escape_html(help())}</p>` : "";
	if (frm.doc.method === "Script" && frm.doc.__onload && !frm.doc.__onload.scripts_allowed) {
		const said = __(
			"This site does not allow scripts: this tariff gives no price, and families are not billed for it. Whoever runs the server allows scripts with the setting server_script_enabled.",
		);
		text += `<div class="alert alert-danger tariff-no-scripts">${frappe.utils.escape_html(said)}</div>`;
	}
	frm.get_field("method_help").$wrapper.html(text);
}

function show_gaps(frm) {
	const gaps = frm.doc.__onload?.gaps || [];
	frm.toggle_display("gaps_section", gaps.length > 0);
	const rows = gaps.map((gap) => `<li>${frappe.utils.escape_html(gap)}</li>`).join("");
	frm.get_field("gaps").$wrapper.html(
		gaps.length ? `<div class="alert alert-warning tariff-gaps"><ul>${rows}</ul></div>` : "",
	);
}

// Prices are typed and shown with as many decimals as the unit price has.
function set_decimals(frm) {
	const precision = frm.doc.decimals || "2";
	["price", "linear_floor", "linear_ceiling", "price_low", "price_high", "minimum", "maximum"].forEach(
		(name) => frm.set_df_property(name, "precision", precision),
	);
	["bands", "combinations"].forEach((table) => {
		frm.fields_dict[table].grid.update_docfield_property("price", "precision", precision);
	});
}

function among(rows, field) {
	const names = (rows || []).map((row) => row[field]);
	return names.length ? { filters: { name: ["in", names] } } : {};
}

function load_offer(frm) {
	frm.offer = null;
	if (!frm.doc.activity) return;
	frappe.db.get_doc("Activity", frm.doc.activity).then((activity) => {
		frm.offer = activity;
		const units = activity.units.map((row) => row.unit).join(", ");
		frm.fields_dict.combinations.grid.update_docfield_property(
			"units",
			"description",
			__("Codes of the activity, joined by +: {0}", [units]),
		);
	});
}

function simulate(frm) {
	if (!frm.doc.activity || !frm.doc.valid_from) {
		frappe.msgprint(__("Choose the activity and the first day of the tariff first."));
		return;
	}
	frappe.require("/assets/concerto_education/js/tariffs/simulator.js", () =>
		frm.call("questions").then(({ message }) => open_dialog(frm, message)),
	);
}

function open_dialog(frm, { problem, asks, units }) {
	if (problem) {
		frappe.msgprint({ message: problem, indicator: "orange", title: __("What would this cost?") });
		return;
	}
	const { fields, answers, quotient, show, show_questions } = concerto.simulator;
	const dialog = new frappe.ui.Dialog({
		title: __("What would this cost?"),
		fields: [
			{ fieldname: "day", fieldtype: "Date", label: __("Date"), reqd: 1, default: default_day(frm) },
			...fields(),
		],
		primary_action_label: __("Simulate"),
		primary_action({ day }) {
			frm.call("simulate", { day, quotient: quotient(dialog), answers: answers(dialog) }).then(
				({ message }) => show(dialog, message),
			);
		},
	});
	show_questions(dialog, asks, units);
	dialog.show();
}

function default_day(frm) {
	const today = frappe.datetime.get_today();
	if (frm.doc.valid_from > today) return frm.doc.valid_from;
	return frm.doc.valid_to && frm.doc.valid_to < today ? frm.doc.valid_to : today;
}
