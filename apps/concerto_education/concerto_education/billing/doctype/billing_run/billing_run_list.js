frappe.listview_settings["Billing Run"] = {
	add_fields: ["status", "month"],
	get_indicator(doc) {
		const colours = {
			New: "gray",
			Computing: "blue",
			"To Review": "orange",
			Issuing: "blue",
			Issued: "green",
			Interrupted: "red",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
	formatters: {
		month: (value) => concerto.month_name(value),
	},
};
