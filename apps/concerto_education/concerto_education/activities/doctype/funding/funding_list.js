frappe.listview_settings["Funding"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = {
			Requested: "orange",
			Quoted: "yellow",
			Notified: "blue",
			Active: "green",
			Refused: "red",
			Cancelled: "gray",
		}[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
