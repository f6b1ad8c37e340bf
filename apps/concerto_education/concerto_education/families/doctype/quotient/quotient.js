// A quotient is added, never changed (R14).
frappe.ui.form.on("Quotient", {
	refresh(frm) {
		if (!frm.is_new()) {
			frm.disable_form();
			frm.set_intro(
				__("A quotient is never changed. Add a new one with its dates: the latest one holds."),
			);
			return;
		}
		if (!frm.doc.valid_from) frm.set_value("valid_from", school_year(frappe.datetime.get_today())[0]);
		// An empty field would be sent as 0, the cheapest price of all.
		if (!frm.doc.value && !frm.value_cleared) {
			frm.value_cleared = true;
			frm.doc.value = null;
			frm.refresh_field("value");
		}
	},

	source(frm) {
		if (frm.doc.source === "Unknown") frm.set_value("value", 9999);
	},

	value(frm) {
		if (flt(frm.doc.value) === 9999) frm.set_value("source", "Unknown");
	},

	valid_from(frm) {
		if (frm.doc.valid_from) frm.set_value("valid_to", school_year(frm.doc.valid_from)[1]);
	},
});

function school_year(day) {
	const [year, month] = day.split("-").map(Number);
	const first = month >= 9 ? year : year - 1;
	return [`${first}-09-01`, `${first + 1}-08-31`];
}
