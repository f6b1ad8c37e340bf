// A payment says what it has settled; it is cancelled with a reason, never edited (R42).
frappe.ui.form.on("Payment", {
	async refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.status === "Received" && frm.perm[0]?.write) {
			frm.add_custom_button(__("Cancel the Payment"), () =>
				concerto.payments.cancel(frm.doc.name, () => frm.reload_doc()),
			);
		}
		frm.add_custom_button(__("Receipt"), () =>
			concerto.payments.open_pdf("concerto_education.billing.payments.papers.receipt_pdf", {
				payment: frm.doc.name,
			}),
		);
		frm.add_custom_button(__("Statement of Account"), () =>
			frappe.set_route("account-statement", { payer: frm.doc.payer }),
		);
		if (frm.doc.status === "Received" && frm.doc.unallocated > 0 && frm.perm[0]?.write) {
			frm.add_custom_button(__("Pay a Credit Back"), () =>
				concerto.payments.refund(frm.doc.payer, () => frm.reload_doc()),
			);
		}
		const name = frm.doc.name;
		const found = await frappe.xcall("concerto_education.billing.payments.api.payment_overview", {
			payment: name,
		});
		if (frm.doc.name === name) frm.get_field("overview").$wrapper.html(overview(frm, found));
	},
});

function overview(frm, found) {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const rows = found.allocations.map(
		(row) => `<tr class="${row.is_reversal ? "text-danger" : ""}"><td>${escape(row.date)}</td><td>${
			row.invoice
				? `<a href="/app/invoice/${encodeURIComponent(row.invoice)}">${__("Invoice {0}", [
						escape(row.number),
					])}</a>`
				: escape(row.number)
		} <span class="text-muted">${escape(row.reason)}</span></td>
		<td class="text-right">${escape(row.amount)}</td></tr>`,
	);
	if (found.credit)
		rows.push(
			`<tr><td></td><td>${__("Credit on account")}</td><td class="text-right">${escape(found.credit)}</td></tr>`,
		);
	if (!rows.length) return `<p class="text-muted">${__("This payment has settled nothing yet.")}</p>`;
	return `<table class="table table-sm" style="margin: 0"><thead><tr><th>${__("Date")}</th>
		<th>${__("What It Settles")}</th><th class="text-right">${__("Amount")}</th></tr></thead>
		<tbody>${rows.join("")}</tbody></table>`;
}
