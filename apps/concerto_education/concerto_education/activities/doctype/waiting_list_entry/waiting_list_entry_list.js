frappe.listview_settings["Waiting List Entry"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour =
			{ Waiting: "orange", Offered: "blue", Accepted: "green", Refused: "red" }[doc.status] || "gray";
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
