frappe.listview_settings["Funder Statement"] = {
	hide_name_column: false,
	get_indicator(doc) {
		return [__(doc.status), doc.status === "Draft" ? "orange" : "green", `status,=,${doc.status}`];
	},
	onload(list) {
		if (!frappe.perm.has_perm("Funder Statement", 0, "write")) return;
		list.page.add_inner_button(__("Prepare the Statements"), () =>
			frappe
				.call({ method: "concerto_education.billing.funders.api.prepare_statements", freeze: true })
				.then(({ message }) => {
					frappe.msgprint(message.message);
					list.refresh();
				}),
		);
	},
};
