frappe.ui.form.on("Nursery Contract", {
	setup(frm) {
		frm.set_query("enrolment", () => ({
			query: "concerto_education.activities.nursery.api.enrolments_by_hours",
		}));
	},
	refresh(frm) {
		frm.toggle_display(["weekly_hours", "monthly_hours"], !frm.is_new() || frm.doc.monthly_hours);
		count(frm);
	},
	enrolment(frm) {
		if (!frm.doc.enrolment) return;
		frappe.db
			.get_value("Enrolment", frm.doc.enrolment, [
				"valid_from",
				"valid_to",
				"person",
				"activity",
				"site",
			])
			.then(({ message }) => frm.set_value(message));
	},
	valid_from: months,
	valid_to: months,
	weeks: count,
	months: count,
});

frappe.ui.form.on("Nursery Contract Day", {
	arrival: (frm) => count(frm),
	departure: (frm) => count(frm),
	schedule_remove: (frm) => count(frm),
});

function months(frm) {
	const { valid_from, valid_to } = frm.doc;
	if (!valid_from || !valid_to || valid_to < valid_from) return;
	const [first, last] = [valid_from, valid_to].map((day) => day.split("-").map(Number));
	frm.set_value("months", (last[0] - first[0]) * 12 + last[1] - first[1] + 1);
}

// What the server will compute, while one types.
function count(frm) {
	const minutes = (frm.doc.schedule || []).reduce((sum, row) => {
		const [from, to] = [row.arrival, row.departure].map(minute_of);
		return from === null || to === null || to <= from ? sum : sum + to - from;
	}, 0);
	if (!minutes) return;
	const monthly = frm.doc.months ? ((minutes / 60) * flt(frm.doc.weeks)) / frm.doc.months : 0;
	const text = __("{0} hours a week, {1} hours billed each month", [
		format_number(minutes / 60, null, 2),
		format_number(monthly, null, 2),
	]);
	frm.get_field("weeks").set_description(text);
}

function minute_of(text) {
	const found = /^(\d{1,2})[:hH](\d{2})?$/.exec((text || "").trim());
	return found ? Number(found[1]) * 60 + Number(found[2] || 0) : null;
}
