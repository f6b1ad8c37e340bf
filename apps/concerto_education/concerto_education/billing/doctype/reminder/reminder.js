frappe.ui.form.on("Reminder", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		frm.add_custom_button(__("Open the PDF"), () =>
			concerto.payments.open_pdf("concerto_education.billing.payments.reminders.api.reminder_pdf", {
				reminder: frm.doc.name,
			}),
		);
		frm.add_custom_button(__("Statement of Account"), () =>
			frappe.set_route("account-statement", { payer: frm.doc.payer }),
		);
	},
});
