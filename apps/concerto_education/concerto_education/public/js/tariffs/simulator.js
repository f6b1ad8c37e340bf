// What would this cost, and why? The questions and the answer, for the form of a tariff and for the page (R26).
frappe.provide("concerto.simulator");

concerto.simulator.fields = () => {
	const when = (name) => ({ hidden: 1, simulator: name });
	return [
		{
			fieldname: "person",
			fieldtype: "Link",
			options: "Person",
			label: __("Child"),
			description: __("Optional: quotient, rank, town and resources are then those of the dossier"),
			get_query: () => ({ filters: { birth_date: ["is", "set"] } }),
		},
		{ fieldtype: "Column Break" },
		{
			fieldname: "quotient",
			fieldtype: "Data",
			label: __("Quotient (QF)"),
			description: __("9999 if it is unknown"),
			...when("quotient"),
		},
		{ fieldname: "quantity", fieldtype: "Float", label: __("Quantity"), default: 1, precision: 2 },
		{ fieldtype: "Section Break", label: "" },
		{
			fieldname: "arrival",
			fieldtype: "Data",
			label: __("Arrival"),
			description: __("Hours and minutes: 08:30"),
			...when("times"),
		},
		{
			fieldname: "hours",
			fieldtype: "Float",
			label: __("Or Hours of the Month"),
			precision: 2,
			...when("resources"),
		},
		{
			fieldname: "units",
			fieldtype: "MultiCheck",
			label: __("Units of the Day"),
			options: [],
			columns: 2,
			...when("units"),
		},
		{
			fieldname: "sibling_rank",
			fieldtype: "Int",
			label: __("Child Number in the Family"),
			description: __("1 is the eldest"),
			...when("rank"),
		},
		{
			fieldname: "resident",
			fieldtype: "Select",
			label: __("Lives on the Territory"),
			options: ["", { value: "1", label: __("Yes") }, { value: "0", label: __("No") }],
			...when("residence"),
		},
		{ fieldname: "not_booked", fieldtype: "Check", label: __("Presence Not Booked"), ...when("booked") },
		{ fieldtype: "Column Break" },
		{
			fieldname: "departure",
			fieldtype: "Data",
			label: __("Departure"),
			description: __("Hours and minutes: 08:30"),
			...when("times"),
		},
		{ fieldname: "resources", fieldtype: "Data", label: __("Yearly Resources"), ...when("resources") },
		{ fieldname: "children", fieldtype: "Int", label: __("Dependent Children"), ...when("resources") },
		{
			fieldname: "disabled_children",
			fieldtype: "Int",
			label: __("Disabled Children (AEEH)"),
			...when("resources"),
		},
		{ fieldname: "placed", fieldtype: "Check", label: __("Placed by the ASE"), ...when("resources") },
		{ fieldtype: "Section Break", label: "" },
		{ fieldname: "answer", fieldtype: "HTML" },
	];
};

// Show what the tariff asks for, and nothing else.
concerto.simulator.show_questions = (group, asks, units) => {
	group.fields_list
		.filter((field) => field.df.simulator)
		.forEach((field) => {
			field.df.hidden = asks[field.df.simulator] ? 0 : 1;
			field.refresh();
		});
	group.refresh_sections();
	const chosen = group.get_field("units");
	if (asks.units && units) {
		chosen.df.options = units.map(({ unit, label }) => ({ value: unit, label, checked: 0 }));
		chosen.refresh();
	}
};

concerto.simulator.answers = (group) => {
	const read = (name) => (group.get_field(name).df.hidden ? null : group.get_value(name));
	const names = [
		"arrival",
		"departure",
		"hours",
		"units",
		"sibling_rank",
		"resident",
		"resources",
		"children",
		"disabled_children",
		"placed",
	];
	const answers = Object.fromEntries(names.map((name) => [name, read(name)]));
	return {
		...answers,
		person: group.get_value("person"),
		quantity: group.get_value("quantity"),
		booked: read("not_booked") ? 0 : 1,
	};
};

concerto.simulator.quotient = (group) => {
	const field = group.get_field("quotient");
	const typed = field.df.hidden ? "" : (group.get_value("quotient") || "").trim();
	// An empty field is "no quotient"; 0 is a quotient.
	return typed === "" ? null : typed;
};

concerto.simulator.answer_html = (answer) => {
	const esc = frappe.utils.escape_html;
	if (answer.problem) {
		return `<div class="alert alert-warning tariff-problem" role="status">${esc(answer.problem)}</div>`;
	}
	const lines = answer.lines
		.map(
			(line) =>
				`<tr><td>${esc(line.text)}</td><td class="text-right text-nowrap">${esc(line.amount)}</td></tr>`,
		)
		.join("");
	const label = answer.one_unit ? __("Price of one unit") : __("Amount");
	const name = answer.tariff_label
		? `<p class="text-muted">${esc(__("Tariff: {0}", [answer.tariff_label]))}</p>`
		: "";
	return `<div class="tariff-answer" role="status">${name}<table class="table"><tbody>${lines}
		<tr class="tariff-total"><th>${label}</th><th class="text-right text-nowrap">${esc(answer.amount)}</th></tr>
		</tbody></table></div>`;
};

concerto.simulator.show = (group, answer) => {
	const { $wrapper } = group.get_field("answer");
	$wrapper.html(concerto.simulator.answer_html(answer));
	$wrapper[0].scrollIntoView({ block: "nearest" });
};
