frappe.listview_settings["Manual Adjustment"] = {
	add_fields: ["status", "kind"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Waiting: "orange", Invoiced: "green", Withdrawn: "gray" };
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
