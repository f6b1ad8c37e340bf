// Why this amount? In words (billing/explain.py).
frappe.ui.form.on("Charge", {
	refresh(frm) {
		frm.disable_save();
		const name = frm.doc.name;
		frm.page.set_title(`${frm.doc.activity}, ${frappe.datetime.str_to_user(frm.doc.service_date)}`);
		frappe.xcall("concerto_education.billing.explain.charge_steps", { charge: name }).then((data) => {
			if (frm.doc.name === name) frm.get_field("explanation_view").$wrapper.html(explanation(data));
		});
	},
});

function explanation(data) {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const rows = data.lines.map(
		(line) => `<tr><td>${escape(line.text)}</td><td class="text-right">${escape(line.amount)}</td></tr>`,
	);
	const notes = [data.share, data.note].filter(Boolean);
	return `<table class="table table-sm"><thead><tr><th>${escape(data.tariff)}</th><th></th></tr></thead>
		<tbody>${rows.join("")}</tbody>
		<tfoot><tr><th>${__("Amount")}</th><th class="text-right">${escape(data.amount)}</th></tr></tfoot></table>
		${notes.map((note) => `<p class="text-muted">${escape(note)}</p>`).join("")}`;
}
