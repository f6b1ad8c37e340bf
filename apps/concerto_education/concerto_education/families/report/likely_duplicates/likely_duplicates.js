// Each pair with what to do about it: compare and merge, or say that they are different (R7, R12).
frappe.query_reports["Likely Duplicates"] = {
	filters: [
		{
			fieldname: "kind",
			label: __("Look For"),
			fieldtype: "Select",
			options: [
				{ value: "Person", label: __("Persons") },
				{ value: "Family", label: __("Families") },
			],
			default: "Person",
			reqd: 1,
		},
		{ fieldname: "least", label: __("Likeness From"), fieldtype: "Int", default: 70 },
	],

	formatter(value, row, column, data, default_formatter) {
		const named = { first_title: "first", second_title: "second" }[column.fieldname];
		if (named && data && data.doctype) {
			const address = `/app/${frappe.router.slug(data.doctype)}/${encodeURIComponent(data[named])}`;
			return `<a href="${address}" target="_blank">${frappe.utils.escape_html(value || data[named])}</a>`;
		}
		if (column.fieldname !== "action" || !data || !data.doctype) {
			return default_formatter(value, row, column, data);
		}
		const attributes = ["doctype", "first", "second"]
			.map((key) => `data-${key}="${frappe.utils.escape_html(data[key])}"`)
			.join(" ");
		return `<button class="btn btn-xs btn-default concerto-in-cell" data-pair="merge" ${attributes}>${__("Compare")}</button>
			<button class="btn btn-xs btn-default concerto-in-cell" data-pair="different" ${attributes}>${__("Different")}</button>`;
	},

	onload(report) {
		$(report.page.main).on("click", "[data-pair]", (event) => {
			const { pair, doctype, first, second } = event.currentTarget.dataset;
			const refresh = () => report.refresh();
			if (pair === "merge") concerto.families.merge(doctype, first, second, refresh);
			else concerto.families.declare_different(doctype, first, second).then(refresh);
		});
	},
};
