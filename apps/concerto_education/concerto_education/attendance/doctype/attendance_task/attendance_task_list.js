frappe.listview_settings["Attendance Task"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = {
			"To Regularise": "orange",
			Regularised: "green",
			Dismissed: "gray",
			Withdrawn: "gray",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
	onload(list) {
		// What is left to do, unless somebody came with a filter of their own.
		if (!list.filter_area.get().length)
			list.filter_area.add("Attendance Task", "status", "=", "To Regularise");
	},
};
