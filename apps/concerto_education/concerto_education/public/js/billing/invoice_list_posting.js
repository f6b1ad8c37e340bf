// Chosen invoices as one file for the post: credit notes, claims, copies.
(() => {
	const settings = frappe.listview_settings.Invoice;
	const before = settings.onload;
	settings.onload = (listview) => {
		before?.(listview);
		if (!frappe.model.can_write("Billing Run")) return;
		listview.page.add_action_item(__("Print as One File"), () => {
			const chosen = listview.get_checked_items(true);
			frappe.confirm(
				__("Print {0} invoices as one file for the post, sorted by postcode?", [chosen.length]),
				() =>
					frappe
						.call({
							method: "concerto_education.billing.posting.api.print_chosen",
							args: { invoices: JSON.stringify(chosen) },
							freeze: true,
						})
						.then((answer) => frappe.set_route("Form", "Print Batch", answer.message)),
			);
		});
		listview.page.add_action_item(__("Send by E-mail"), () => {
			const chosen = listview.get_checked_items(true);
			frappe.confirm(__("Send the chosen invoices to those of their payers who chose e-mail?"), () =>
				frappe
					.call({
						method: "concerto_education.billing.posting.api.send_chosen",
						args: { invoices: JSON.stringify(chosen) },
						freeze: true,
					})
					.then((answer) => {
						frappe.show_alert({
							message: __("{0} e-mails are written; the others go by post", [answer.message]),
							indicator: answer.message ? "green" : "orange",
						});
					}),
			);
		});
	};
})();
