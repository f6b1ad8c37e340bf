// Buttons of payments on the dossier, for finance and administrators (R42).
frappe.ui.form.on("Family", {
	refresh(frm) {
		if (frm.is_new() || !frappe.model.can_read("Payment")) return;
		const group = __("Payments");
		if (concerto.payments.may_enter()) {
			frm.add_custom_button(
				__("Enter a Payment"),
				() => concerto.payments.of_family(frm.doc.name, { done: () => frm.reload_doc() }),
				group,
			);
		}
		frm.add_custom_button(
			__("Statement of Account"),
			() => frappe.set_route("account-statement", { family: frm.doc.name }),
			group,
		);
	},
});
