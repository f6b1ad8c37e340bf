frappe.listview_settings.Activity = {
	hide_name_column: true,
	add_fields: ["active", "kind", "billing_rule", "valid_to"],
	get_indicator: (doc) =>
		doc.active ? [__("Active"), "green", "active,=,1"] : [__("No Longer Active"), "gray", "active,=,0"],
	onload(listview) {
		if (!frappe.model.can_create("Activity")) return;
		listview.page.add_inner_button(__("New Activity with the Wizard"), () =>
			frappe.set_route("activity-wizard"),
		);
	},
};
