frappe.listview_settings.Payment = {
	add_fields: ["status", "unallocated", "payment_date"],
	get_indicator(doc) {
		if (doc.status === "Cancelled") return [__("Cancelled"), "red", "status,=,Cancelled"];
		if (doc.unallocated > 0) return [__("Credit Left"), "orange", "unallocated,>,0|status,=,Received"];
		return [__("Received"), "green", "status,=,Received"];
	},
	onload(listview) {
		listview.page.add_inner_button(__("Enter Many Payments"), () => frappe.set_route("payment-entry"));
		listview.page.add_inner_button(__("Tax Certificates of a Year"), () =>
			concerto.payments.all_certificates(),
		);
	},
};
