frappe.ui.form.on("Refund", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		if (frm.doc.status === "Paid Back" && frm.perm[0]?.write) {
			frm.add_custom_button(__("Cancel the Refund"), () =>
				concerto.payments.ask_reason(
					__("Cancel Refund {0}", [frm.doc.name]),
					__("Cancel the Refund"),
					async (values) => {
						await frappe.xcall("concerto_education.billing.payments.api.cancel_refund", {
							refund: frm.doc.name,
							...values,
						});
						frm.reload_doc();
					},
				),
			);
		}
		frm.add_custom_button(__("Statement of Account"), () =>
			frappe.set_route("account-statement", { payer: frm.doc.payer }),
		);
	},
});
