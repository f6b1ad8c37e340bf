frappe.listview_settings["Attendance Event"] = {
	add_fields: ["result", "handled"],
	hide_name_column: true,
	get_indicator(doc) {
		if (doc.result === "Refused" && doc.handled) return [__("Handled"), "gray", "handled,=,1"];
		const colours = { Applied: "green", Superseded: "gray", Refused: "red" };
		return [__(doc.result), colours[doc.result], `result,=,${doc.result}`];
	},
};
