frappe.listview_settings.Quotient = {
	add_fields: ["value", "valid_from", "valid_to"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (flt(doc.value) === 9999) return [__("Unknown"), "orange", "source,=,Unknown"];
		if (doc.valid_to < today) return [__("Past"), "gray", "valid_to,<,Today"];
		if (doc.valid_from > today) return [__("To come"), "blue", "valid_from,>,Today"];
		return [__("Valid today"), "green", "valid_from,<=,Today|valid_to,>=,Today"];
	},
};
