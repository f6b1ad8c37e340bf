frappe.listview_settings["Late Pickup"] = {
	hide_name_column: true,
	add_fields: ["excused", "minutes"],
	get_indicator: (doc) =>
		doc.excused ? [__("Excused"), "gray", "excused,=,1"] : [__("Late"), "orange", "excused,=,0"],
};
