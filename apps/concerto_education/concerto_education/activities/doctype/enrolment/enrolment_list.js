frappe.listview_settings["Enrolment"] = {
	hide_name_column: true,
	before_render: () => concerto.name_persons(),
	add_fields: ["status", "valid_from", "valid_to"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.status === "Cancelled") return [__("Cancelled"), "gray", "status,=,Cancelled"];
		if (doc.valid_to < today) return [__("Ended"), "gray", `valid_to,<,${today}`];
		if (doc.valid_from > today) return [__("Future"), "blue", `valid_from,>,${today}`];
		return [__("In Progress"), "green", `valid_from,<=,${today}|valid_to,>=,${today}|status,=,Confirmed`];
	},
};
