frappe.listview_settings["Tariff"] = {
	hide_name_column: true,
	add_fields: ["valid_from", "valid_to"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.valid_from > today) return [__("Future"), "blue", `valid_from,>,${today}`];
		if (doc.valid_to && doc.valid_to < today) return [__("Ended"), "gray", `valid_to,<,${today}`];
		return [__("In Force"), "green", `valid_from,<=,${today}`];
	},
};
