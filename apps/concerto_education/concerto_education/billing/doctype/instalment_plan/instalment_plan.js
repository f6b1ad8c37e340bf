// Instalments agreed with a payer: how far they are, and rows filled in for a new plan (R42).
frappe.ui.form.on("Instalment Plan", {
	setup(frm) {
		frm.set_query("invoice", "invoices", () => ({
			filters: { payer: frm.doc.payer, docstatus: 1, outstanding: [">", 0] },
		}));
	},
	refresh(frm) {
		if (frm.is_new()) {
			if (frm.doc.payer && !frm.doc.invoices?.some((row) => row.invoice)) fill(frm);
			return;
		}
		show(frm);
	},
	payer(frm) {
		if (frm.is_new() && frm.doc.payer) fill(frm);
	},
});

async function fill(frm) {
	const rows = await frappe.xcall("concerto_education.billing.payments.plans.open_invoices", {
		payer: frm.doc.payer,
	});
	frm.clear_table("invoices");
	frm.clear_table("instalments");
	for (const row of rows) frm.add_child("invoices", row);
	// Three equal parts to begin with; the cents that are left go to the first.
	const cents = rows.reduce((sum, row) => sum + Math.round(row.outstanding * 100), 0);
	const part = Math.floor(cents / 3);
	for (const number of [1, 2, 3]) {
		const amount = (number === 1 ? cents - 2 * part : part) / 100;
		if (amount)
			frm.add_child("instalments", {
				due_date: frappe.datetime.add_months(frappe.datetime.get_today(), number),
				amount,
			});
	}
	frm.refresh_fields(["invoices", "instalments"]);
}

async function show(frm) {
	const name = frm.doc.name;
	const found = await frappe.xcall("concerto_education.billing.payments.plans.progress", { plan: name });
	if (frm.doc.name !== name) return;
	const card = (label, value, look = "") =>
		`<div class="concerto-card ${look}"><div class="concerto-label">${label}</div>
		<div class="concerto-value">${frappe.utils.escape_html(value)}</div></div>`;
	frm.get_field("overview").$wrapper.html(
		`<div class="concerto-overview"><div class="concerto-figures">${card(__("Paid"), found.paid)}${card(
			__("Still Due"),
			found.left,
		)}${found.late ? card(__("Late"), found.late, "is-warning") : ""}</div></div>`,
	);
}
