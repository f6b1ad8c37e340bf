// A credit or a charge by hand, from the payer whom it concerns (R34).
frappe.ui.form.on("Payer", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.family || !frappe.model.can_create("Manual Adjustment")) return;
		frm.add_custom_button(__("Add an Adjustment"), () =>
			frappe.new_doc("Manual Adjustment", { payer: frm.doc.name }),
		);
	},
});
