// Which version holds, at a glance.
frappe.listview_settings["Meal Order"] = {
	add_fields: ["version", "total", "is_latest"],
	hide_name_column: true,
	get_indicator(doc) {
		if (!doc.is_latest) return [__("Replaced"), "gray", "is_latest,=,0"];
		return doc.version
			? [__("Correction {0}", [doc.version]), "orange", `version,=,${doc.version}`]
			: [__("Order"), "green", "version,=,0"];
	},
};
