// Chosen invoices as one file for the post: credit notes, claims, copies.
(() => {
	const settings = frappe.listview_settings.Invoice;
	const before = settings.onload;
	settings.onload = (listview) => {
		before?.(listview);
		if (!frappe.model.can_write("Billing Run")) return;
		listview.page.add_action_item(__("Print as One File"), () => {
			const chosen = listview.get_checked_items(true);
			frappe.confirm(__("Print {0} invoices as one file for the post, sorted by postcode?", [chosen.length]), () =>
				frappe
					.call({
						method: "concerto_education.billing.posting.api.print_chosen",
						args: { invoices: JSON.stringify(chosen) },
						freeze: true,
					})
					.then((answer) => frappe.set_route("Form", "Print Batch", answer.message)),
			);
		});
	};
})();
