frappe.listview_settings.Charge = {
	add_fields: ["entry", "is_adjustment"],
	hide_name_column: true,
	get_indicator(doc) {
		if (doc.entry === "Reversal") return [__("Reversal"), "orange", "entry,=,Reversal"];
		return doc.is_adjustment
			? [__("Régularisation"), "blue", "is_adjustment,=,1"]
			: [__("Charge"), "gray", "entry,=,Charge"];
	},
};
