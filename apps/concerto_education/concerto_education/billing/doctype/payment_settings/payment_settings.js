frappe.ui.form.on("Payment Settings", {
	refresh(frm) {
		frm.add_custom_button(__("Tax Certificates of a Year"), () => concerto.payments.all_certificates());
	},
});
