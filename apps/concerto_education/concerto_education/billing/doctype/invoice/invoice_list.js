frappe.listview_settings.Invoice = {
	add_fields: ["status", "outcome", "docstatus", "month"],
	hide_name_column: true,
	has_indicator_for_draft: true,
	onload(listview) {
		// On a laptop Frappe shows two columns besides the title; number, month and total are what one looks for.
		listview.list_view_settings = { ...listview.list_view_settings, total_fields: 6 };
		listview.setup_columns();
		listview.render_header(true);
	},
	get_indicator(doc) {
		if (doc.docstatus === 0) {
			// What becomes of the draft is what one wants to know of it.
			return doc.outcome === "Held"
				? [__("Draft, en Mairie"), "orange", "docstatus,=,0|outcome,=,Held"]
				: [__("Draft"), "gray", "docstatus,=,0"];
		}
		const colours = {
			Held: "orange",
			"Nothing Due": "gray",
			Issued: "blue",
			Sent: "blue",
			Paid: "green",
			"Carried Over": "gray",
			Cancelled: "red",
		};
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		month: (value) => concerto.month_name(value),
	},
};
