// Unpaid invoices by age; « Exporter » of the menu gives XLSX (R42).
frappe.query_reports["Unpaid Invoices"] = {
	filters: [
		{
			fieldname: "day",
			fieldtype: "Date",
			label: __("On the Day"),
			default: frappe.datetime.get_today(),
		},
		{
			fieldname: "age",
			fieldtype: "Select",
			label: __("Age"),
			options: [
				{ value: "", label: __("All ages") },
				{ value: "not_due", label: __("Not Due Yet") },
				{ value: "age_30", label: __("0–30 Days") },
				{ value: "age_60", label: __("31–60 Days") },
				{ value: "age_90", label: __("61–90 Days") },
				{ value: "age_more", label: __("Over 90 Days") },
			],
		},
		{
			fieldname: "level",
			fieldtype: "Select",
			label: __("Reminders"),
			options: [
				{ value: "", label: __("All levels") },
				...[0, 1, 2, 3].map((level) => ({ value: String(level), label: String(level) })),
			],
		},
		{ fieldname: "family", fieldtype: "Link", options: "Family", label: __("Family") },
		{ fieldname: "payer", fieldtype: "Link", options: "Payer", label: __("Payer") },
		{ fieldname: "only_late", fieldtype: "Check", label: __("Late only") },
	],
	formatter(value, row, column, data, standard) {
		if (column.fieldname === "number" && data?.invoice)
			return `<a href="/app/invoice/${encodeURIComponent(data.invoice)}">${frappe.utils.escape_html(
				value,
			)}</a>`;
		return standard(value, row, column, data);
	},
	onload(report) {
		report.page.add_inner_button(__("Export as XLSX"), () => {
			const filters = JSON.stringify(report.get_filter_values());
			concerto.payments.open_pdf("concerto_education.billing.payments.unpaid_sheet.xlsx", { filters });
		});
	},
};
