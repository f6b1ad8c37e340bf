// A payer is a member of the family, or an organisation (R22).
frappe.ui.form.on("Payer", {
	setup(frm) {
		frm.set_query("person", () => ({ filters: { name: ["in", frm.adults || []] } }));
	},

	refresh(frm) {
		load_adults(frm);
		// Who a payer is stays: its invoices would change hands.
		for (const field of ["family", "payer_kind", "person", "organisation"]) {
			frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
		}
	},

	family: load_adults,

	payer_kind(frm) {
		const organisation = frm.doc.payer_kind === "Organisation";
		frm.set_value(organisation ? { person: null, capacity: "Organisation" } : { organisation: null });
	},

	own_address(frm) {
		if (!frm.doc.recipient_by_hand) frm.set_value("recipient", "");
	},
});

// Those who may pay: everybody in the family but forbidden contacts; the server refuses children.
function load_adults(frm) {
	frm.adults = [];
	if (!frm.doc.family) return;
	return frappe.db.get_doc("Family", frm.doc.family).then((family) => {
		frm.adults = family.members
			.filter((row) => row.role !== "Child" && !row.forbidden)
			.map((row) => row.person);
		if (frm.is_new() && !frm.doc.person && frm.adults.length === 1 && frm.doc.payer_kind === "Person") {
			frm.set_value("person", frm.adults[0]);
		}
	});
}
