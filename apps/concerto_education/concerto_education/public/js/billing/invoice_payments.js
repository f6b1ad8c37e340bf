// What is still due of an invoice, how it was settled, and the buttons of payments (R42).
frappe.ui.form.on("Invoice", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus !== 1 || !frappe.model.can_read("Payment")) return;
		const due = frm.doc.outstanding > 0;
		const group = __("Payments");
		if (due && concerto.payments.may_enter()) {
			frm.add_custom_button(__("Enter a Payment"), () =>
				concerto.payments.enter(frm.doc.payer, {
					invoice: frm.doc.name,
					amount: frm.doc.outstanding,
					done: () => frm.reload_doc(),
				}),
			);
			frm.add_custom_button(
				frm.doc.disputed ? __("End the Dispute") : __("Report a Dispute"),
				() => concerto.payments.dispute(frm),
				group,
			);
		}
		frm.add_custom_button(
			__("Statement of Account"),
			() => frappe.set_route("account-statement", { payer: frm.doc.payer }),
			group,
		);
		if (frm.doc.number) show_settlement(frm);
	},
});

async function show_settlement(frm) {
	const name = frm.doc.name;
	const found = await frappe.xcall("concerto_education.billing.payments.api.invoice_settlement", {
		invoice: name,
	});
	if (frm.doc.name !== name) return;
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const rows = found.allocations.map(
		(row) => `<tr class="${row.is_reversal ? "text-danger" : ""}"><td>${escape(row.date)}</td>
		<td>${
			row.source_type === "Payment"
				? `<a href="/app/payment/${encodeURIComponent(row.source)}">${escape(row.source_text)}</a>`
				: escape(row.source_text)
		} ${row.reason ? `<span class="text-muted">${escape(row.reason)}</span>` : ""}</td>
		<td class="text-right">${escape(row.amount)}</td></tr>`,
	);
	const head = found.is_credit ? __("Credit left") : __("Still Due");
	frm.dashboard.clear_headline?.();
	if (!rows.length && !found.dispute) return;
	frm.dashboard.add_section(
		`${found.dispute ? `<p class="text-danger">${escape(found.dispute)}</p>` : ""}
		<table class="table table-sm" style="margin: 0"><tbody>${rows.join("")}</tbody>
		<tfoot><tr><th colspan="2">${head}</th><th class="text-right">${escape(found.outstanding)}</th></tr></tfoot>
		</table>`,
		__("Payments"),
	);
	frm.dashboard.show();
}
