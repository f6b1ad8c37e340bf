frappe.query_reports["PAI to Review"] = {
	filters: [
		{
			fieldname: "until",
			label: __("Until"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), 30),
			reqd: 1,
		},
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "full_name" && data?.person) {
			return `<a href="/app/person/${encodeURIComponent(data.person)}">${frappe.utils.escape_html(value)}</a>`;
		}
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname === "state" && data?.late) return `<span class="text-danger">${shown}</span>`;
		return shown;
	},
};
