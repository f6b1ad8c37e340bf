// How an invoice left the house, and the buttons to send it by e-mail or to see the days of presence.
(() => {
	frappe.ui.form.on("Invoice", {
		refresh(frm) {
			if (frm.is_new()) return;
			const name = encodeURIComponent(frm.doc.name);
			frm.add_custom_button(
				__("PDF with the Days"),
				() =>
					window.open(
						`/api/method/concerto_education.billing.pdf.invoice_pdf?name=${name}&with_days=1`,
					),
				__("Print"),
			);
			show(frm);
		},
	});

	const POSTING = "concerto_education.billing.posting.api";

	function show(frm) {
		const invoice = frm.doc.name;
		frappe.xcall(`${POSTING}.postings_of`, { invoice }).then((answer) => {
			if (frm.doc.name !== invoice || !answer.postings) return;
			let $box = frm.$wrapper.find(".concerto-postings");
			if (!$box.length) {
				$box = $(
					'<div class="concerto-postings concerto-overview" style="font-size: var(--text-md)"></div>',
				);
				frm.get_field("overview").$wrapper.after($box);
			}
			$box.html(list(answer));
			const sendable = frm.doc.docstatus === 1 && ["Issued", "Sent", "Paid"].includes(frm.doc.status);
			if (answer.may_send && sendable) {
				frm.add_custom_button(__("Send by E-mail"), () => send(frm, answer), __("Print"));
			}
		});
	}

	function list(answer) {
		if (!answer.postings.length) return "";
		const rows = answer.postings.map(
			(row) => `<tr><td>${__(row.channel)}</td><td>${__(row.state)}</td><td>${escape(row.address)}</td>
				<td>${escape(row.sent_at)}</td><td>${escape(row.error || "")}</td></tr>`,
		);
		return `<div class="concerto-heading">${__("Sending")}</div><div style="overflow-x: auto">
			<table class="table table-sm" style="margin: 0"><thead><tr><th>${__("Sent By")}</th><th>${__("State")}</th>
			<th>${__("To Whom")}</th><th>${__("Sent At")}</th><th>${__("What Went Wrong")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table></div>`;
	}

	function send(frm, answer) {
		frappe.prompt(
			{
				fieldname: "address",
				fieldtype: "Data",
				options: "Email",
				label: __("E-mail"),
				reqd: 1,
				default: answer.address,
			},
			(values) =>
				frappe
					.call({
						method: `${POSTING}.send_invoice`,
						args: { invoice: frm.doc.name, address: values.address },
						freeze: true,
					})
					.then((result) => {
						const message = result.message
							? answer.muted
								? __("The e-mail is written; this site sends none")
								: __("The e-mail is on its way")
							: __("The e-mail could not be written: see why below");
						frappe.show_alert({ message, indicator: result.message ? "green" : "red" });
						show(frm);
					}),
			__("Send by E-mail"),
			__("Send"),
		);
	}

	function escape(text) {
		return frappe.utils.escape_html(String(text ?? ""));
	}
})();
