frappe.query_reports["Nursery Hours"] = {
	filters: [
		{
			fieldname: "month",
			label: __("Month"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.month_start(),
			description: __("Any day of it"),
		},
		{ fieldname: "site", label: __("Site"), fieldtype: "Link", options: "Site" },
	],
};
