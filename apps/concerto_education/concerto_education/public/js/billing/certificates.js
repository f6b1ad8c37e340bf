// Certificates of a calendar year: care of children under six for the income tax, and of all payments (R42).

frappe.provide("concerto.payments");

(() => {
	const API = "concerto_education.billing.payments.certificates.api.";

	/** Certificates of a year, of one payer. */
	concerto.payments.certificates = (payer) => {
		frappe.prompt(
			[
				{
					fieldname: "kind",
					fieldtype: "Select",
					label: __("Certificate"),
					reqd: 1,
					options: [
						{ value: "care_pdf", label: __("Tax certificate (care of children under six)") },
						{ value: "payments_pdf", label: __("Certificate of payments") },
					],
					default: "care_pdf",
				},
				{
					fieldname: "year",
					fieldtype: "Int",
					label: __("Year"),
					reqd: 1,
					default: new Date(frappe.datetime.get_today()).getFullYear(),
				},
			],
			({ kind, year }) => concerto.payments.open_pdf(`${API}${kind}`, { payer, year }),
			__("Certificates"),
			__("Open the PDF"),
		);
	};

	/** Tax certificates of all payers: how many there are, then one file. */
	concerto.payments.all_certificates = () => {
		frappe.prompt(
			{
				fieldname: "year",
				fieldtype: "Int",
				label: __("Year"),
				reqd: 1,
				default: new Date(frappe.datetime.get_today()).getFullYear(),
			},
			async ({ year }) => {
				const found = await frappe.xcall(`${API}care_batch`, { year });
				if (!found.payers) {
					frappe.msgprint(__("No care of a child under six was paid in {0}.", [year]));
					return;
				}
				frappe.confirm(
					__("{0} certificates for {1} children, together {2}. Open them in one file?", [
						found.payers,
						found.children,
						found.total,
					]),
					() => concerto.payments.open_pdf(`${API}care_batch_pdf`, { year }),
				);
			},
			__("Tax Certificates"),
			__("Continue"),
		);
	};
})();
