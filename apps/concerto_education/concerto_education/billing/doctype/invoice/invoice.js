// An invoice is read, never edited: it is shown as it is printed, with the reason of each line.
frappe.ui.form.on("Invoice", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		frm.add_custom_button(__("Open the PDF"), () => open_pdf(frm)).addClass("btn-primary");
		frm.add_custom_button(__("Show the Charges"), () =>
			frappe.set_route("List", "Charge", { invoice: frm.doc.name }),
		);
		const name = frm.doc.name;
		frappe.xcall("concerto_education.billing.letter.read_letter", { invoice: name }).then((letter) => {
			if (frm.doc.name !== name) return;
			frm.dashboard.clear_comment(); // "submit to confirm": a run does that, nobody here
			frm.get_field("overview").$wrapper.html(page(letter, frm));
		});
	},
});

function open_pdf(frm) {
	const name = encodeURIComponent(frm.doc.name);
	window.open(`/api/method/concerto_education.billing.pdf.invoice_pdf?name=${name}`);
}

function page(letter, frm) {
	const parts = [cards(letter), notice(letter, frm), table(letter)];
	return `<div class="concerto-overview">${parts.join("")}</div>`;
}

function cards(letter) {
	const card = (label, value, detail = "", look = "") =>
		`<div class="concerto-card ${look}"><div class="concerto-label">${label}</div>
		<div class="concerto-value">${escape(value)}</div><div class="concerto-detail">${detail}</div></div>`;
	const [name, ...address] = letter.recipient.map(escape);
	return `<div class="concerto-figures">${[
		`<div class="concerto-card"><div class="concerto-label">${__("Addressed To")}</div>
		<b>${name || ""}</b><div class="concerto-detail">${address.join("<br>")}</div></div>`,
		card(
			letter.title,
			letter.number || letter.state,
			[letter.month, letter.issue_date ? __("issued on {0}", [letter.issue_date]) : ""]
				.filter(Boolean)
				.join(", "),
		),
		card(
			letter.is_credit ? __("Credit") : __("Total Due"),
			letter.total,
			letter.is_due && letter.due_date ? __("due on {0}", [letter.due_date]) : "",
			letter.is_held ? "is-warning" : "",
		),
	].join("")}</div>`;
}

function notice(letter, frm) {
	if (!letter.is_held) return "";
	let text = __("Under {0}: held en mairie, and carried over to the next invoice (R35).", [
		letter.threshold,
	]);
	if (letter.is_credit) text = __("A credit: it lowers the next invoice by itself.");
	if (letter.carried_to) {
		const target = frappe.utils.get_form_link("Invoice", frm.doc.carried_to);
		text = __("Carried over to the invoice {0}.", [
			`<a href="${target}">${escape(letter.carried_to)}</a>`,
		]);
	}
	return `<p style="margin: 0">${text}</p>`;
}

function table(letter) {
	const rows = letter.groups.map(
		(group) =>
			`<tr><th colspan="3">${escape(group.person)}</th><th class="text-right">${group.total}</th></tr>
			${group.lines.map(row).join("")}`,
	);
	for (const line of letter.others) {
		rows.push(
			`<tr><td colspan="3">${escape(line.label)}<div class="text-muted small">${escape(line.reason)}</div></td>
			<td class="text-right">${line.amount}</td></tr>`,
		);
	}
	return `<div style="overflow-x: auto"><table class="table table-sm" style="margin: 0">
		<thead><tr><th>${__("Label")}</th><th class="text-right">${__("Quantity")}</th>
		<th class="text-right">${__("Unit Price")}</th><th class="text-right">${__("Amount")}</th></tr></thead>
		<tbody>${rows.join("")}</tbody>
		<tfoot><tr><th colspan="3">${__("Total Due")}</th><th class="text-right">${letter.total}</th></tr></tfoot>
		</table></div>`;
}

function row(line) {
	const marks = [
		line.adjustment ? __("Régularisation of {0}", [line.adjustment]) : "",
		line.share ? __("Part of this payer: {0} %", [line.share]) : "",
	]
		.filter(Boolean)
		.map((text) => `<span class="concerto-tag">${escape(text)}</span>`);
	const why = [line.days, line.reason].filter(Boolean).map(escape).join(" – ");
	return `<tr><td>${escape(line.label)} ${marks.join("")}<div class="text-muted small">${why}</div></td>
		<td class="text-right">${line.quantity}</td><td class="text-right">${line.unit_price}</td>
		<td class="text-right">${line.amount}</td></tr>`;
}

function escape(text) {
	return frappe.utils.escape_html(String(text ?? ""));
}
