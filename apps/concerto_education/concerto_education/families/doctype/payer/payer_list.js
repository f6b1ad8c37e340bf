frappe.listview_settings.Payer = {
	add_fields: ["active", "capacity"],
	get_indicator(doc) {
		return doc.active ? [__("Active"), "green", "active,=,1"] : [__("Inactive"), "gray", "active,=,0"];
	},
};
