// A quotient is added, never changed (R14).
frappe.ui.form.on("Quotient", {
	refresh(frm) {
		if (!frm.is_new()) {
			frm.disable_form();
			frm.set_intro(
				__("A quotient is never changed. Add a new one with its dates: the latest one holds."),
			);
			if (frm.doc.proof_missing && frappe.model.can_create("Quotient")) offer_proof(frm);
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

// The proof has come: the same quotient is recorded again, and what was billed at the highest price is corrected.
function offer_proof(frm) {
	frm.add_custom_button(__("Proof Received"), () =>
		frappe
			.call({
				method: "concerto_education.families.doctype.quotient.quotient.proof_received",
				args: { quotient: frm.doc.name },
				freeze: true,
			})
			.then(({ message }) => frappe.set_route("Form", "Quotient", message)),
	);
}

function school_year(day) {
	const [year, month] = day.split("-").map(Number);
	const first = month >= 9 ? year : year - 1;
	return [`${first}-09-01`, `${first + 1}-08-31`];
}
