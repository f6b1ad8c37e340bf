frappe.listview_settings["Quotient Import"] = {
	get_indicator(doc) {
		const colour = {
			Draft: "gray",
			Refused: "red",
			Previewed: "orange",
			Running: "blue",
			Applied: "green",
		};
		return [__(doc.status), colour[doc.status], `status,=,${doc.status}`];
	},
};
