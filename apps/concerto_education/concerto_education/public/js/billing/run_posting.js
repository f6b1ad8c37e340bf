// Letters and e-mails of an issued run: what waits, what left, what came back, and the buttons for it.
(() => {
	frappe.provide("concerto.posting");

	const API = "concerto_education.billing.posting.api";
	const POLL = 2500;

	frappe.ui.form.on("Billing Run", {
		refresh(frm) {
			clearTimeout(frm.posting_poll);
			if (!frm.is_new() && frm.doc.status === "Issued") concerto.posting.show(frm);
		},
	});

	concerto.posting.show = function (frm) {
		const run = frm.doc.name;
		return frappe.xcall(`${API}.standing`, { run }).then((standing) => {
			if (frm.doc.name !== run || !standing.post) return;
			draw(frm, standing);
		});
	};

	function draw(frm, standing) {
		frm.posting = standing;
		let $box = frm.$wrapper.find(".concerto-posting");
		if (!$box.length) {
			$box = $(
				'<div class="concerto-posting concerto-overview" style="margin-bottom: 28px; font-size: var(--text-md)"></div>',
			);
			frm.get_field("overview").$wrapper.before($box);
		}
		$box.html(panel(frm, standing));
		bind(frm, $box);
		clearTimeout(frm.posting_poll);
		if (at_work(standing)) frm.posting_poll = setTimeout(() => again(frm), POLL);
	}

	function at_work(standing) {
		const printing = standing.batches.some((batch) => batch.status === "Printing" && !batch.stands_still);
		return printing || (standing.email.Queued > 0 && !standing.muted) || standing.sending;
	}

	function again(frm) {
		if (cur_frm !== frm || frm.doc.status !== "Issued") return;
		const before = frm.posting.email.Waiting;
		frappe.xcall(`${API}.refresh_results`, { run: frm.doc.name }).then((standing) => {
			// E-mails are being written as long as their number goes down.
			standing.sending = frm.posting.sending && standing.email.Waiting > 0;
			if (standing.sending && standing.email.Waiting === before)
				standing.idle = (frm.posting.idle || 0) + 1;
			if (standing.idle > 8) standing.sending = false;
			draw(frm, standing);
		});
	}

	// ---------------------------------------------------------------- what is shown

	function panel(frm, standing) {
		const may_write = frm.perm[0] && frm.perm[0].write;
		const { post, email } = standing;
		const buttons = [];
		if (may_write && standing.to_print)
			buttons.push(button("print", __("Print the Batch ({0} letters)", [standing.to_print]), true));
		if (may_write && email.Waiting)
			buttons.push(button("send", __("Send by E-mail ({0})", [email.Waiting]), !standing.to_print));
		return `<div class="concerto-heading">${__("Sending to the Families")}</div>
			<div class="concerto-figures">${[
				card(
					__("By Post"),
					total(post),
					facts([
						[__("{0} to print", [standing.to_print]), standing.to_print],
						[__("{0} printed, to hand over", [post.Printed]), post.Printed],
						[__("{0} handed to the post", [post.Sent]), post.Sent],
					]),
				),
				card(
					__("By E-mail"),
					total(email),
					facts([
						[__("{0} to send", [email.Waiting]), email.Waiting],
						[__("{0} in the queue", [email.Queued]), email.Queued],
						[__("{0} sent", [email.Sent]), email.Sent],
						[__("{0} failed, by post instead", [email.Failed]), email.Failed],
					]),
					email.Failed ? "is-warning" : "",
				),
			].join("")}</div>
			${standing.muted && email.Queued ? note(__("This site writes its e-mails and sends none: they stay in its queue.")) : ""}
			${buttons.length ? `<div style="margin: 10px 0; display: flex; gap: 8px; flex-wrap: wrap">${buttons.join("")}</div>` : ""}
			${standing.batches.map((batch) => batch_row(batch, may_write)).join("")}
			${failures(standing.failed)}`;
	}

	function total(counts) {
		return Object.values(counts).reduce((sum, count) => sum + count, 0);
	}

	function facts(rows) {
		return rows
			.filter(([, count]) => count)
			.map(([text]) => text)
			.join("<br>");
	}

	function card(label, value, detail, look = "") {
		return `<div class="concerto-card ${look}"><div class="concerto-label">${label}</div>
			<div class="concerto-value">${value}</div><div class="concerto-detail">${detail}</div></div>`;
	}

	function note(text) {
		return `<p class="text-muted" style="margin: 4px 0">${text}</p>`;
	}

	function button(action, label, primary, batch = "") {
		return `<button type="button" class="btn btn-sm ${primary ? "btn-primary" : "btn-default"}"
			data-action="${action}" data-batch="${escape(batch)}">${label}</button>`;
	}

	function batch_row(batch, may_write) {
		const link = `<a href="${frappe.utils.get_form_link("Print Batch", batch.name)}">${escape(batch.title)}</a>`;
		const parts = [link];
		const buttons = [];
		if (batch.status === "Printing") {
			const percent = batch.parts ? Math.round((100 * batch.parts_done) / batch.parts) : 0;
			parts.push(`<div class="progress" style="height: 10px; flex: 1; min-width: 120px"><div class="progress-bar"
				role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}" style="width: ${percent}%"></div></div>
				<span aria-live="polite">${__("{0} of {1} parts", [batch.parts_done, batch.parts])}</span>`);
			if (batch.stands_still) {
				parts.push(`<span class="indicator-pill red">${__("Interrupted")}</span>`);
				if (may_write) buttons.push(button("go_on", __("Go On"), true, batch.name));
			}
		} else {
			parts.push(`<span>${__("{0} pages", [batch.pages])}</span>`);
			if (batch.failed)
				parts.push(
					`<span class="indicator-pill red">${__("{0} not printed", [batch.failed])}</span>`,
				);
			if (batch.file) {
				buttons.push(
					`<a class="btn btn-sm btn-default" href="${encodeURI(batch.file)}" target="_blank">${__("Open the File to Print")}</a>`,
				);
			}
			if (batch.status === "Ready" && may_write)
				buttons.push(button("hand_over", __("Handed to the Post"), true, batch.name));
			if (batch.status === "Posted")
				parts.push(
					`<span class="indicator-pill green">${__("handed to the post on {0}", [batch.posted_on])}</span>`,
				);
		}
		return `<div class="concerto-batch" data-name="${escape(batch.name)}"
			style="display: flex; gap: 12px; align-items: center; flex-wrap: wrap; padding: 6px 0; border-top: 1px solid var(--border-color)">
			${parts.join("")}${buttons.join("")}</div>`;
	}

	function failures(rows) {
		if (!rows.length) return "";
		const lines = rows.map(
			(
				row,
			) => `<tr><td><a href="${frappe.utils.get_form_link("Payer", row.payer)}">${escape(row.title)}</a></td>
				<td>${escape(row.address)}</td><td>${escape(row.error)}</td></tr>`,
		);
		return `<div class="concerto-heading">${__("Not Delivered")}</div>${note(
			__("E-mails listed here are printed with the next batch. Correct the address on the payer."),
		)}<div style="overflow-x: auto"><table class="table table-sm" style="margin: 0"><thead><tr>
			<th>${__("Payer")}</th><th>${__("Address")}</th><th>${__("What Went Wrong")}</th></tr></thead>
			<tbody>${lines.join("")}</tbody></table></div>`;
	}

	// ---------------------------------------------------------------- what the buttons do

	function bind(frm, $box) {
		const actions = {
			print: () => print_dialog(frm),
			send: () => send(frm),
			go_on: (batch) => call("go_on", { batch }).then(() => concerto.posting.show(frm)),
			hand_over: (batch) => concerto.posting.hand_over(batch, () => concerto.posting.show(frm)),
		};
		$box.off("click").on("click", "[data-action]", (event) => {
			const $button = $(event.currentTarget);
			actions[$button.data("action")]($button.data("batch"));
		});
	}

	function call(method, args) {
		return frappe
			.call({ method: `${API}.${method}`, args, freeze: true })
			.then((answer) => answer.message);
	}

	function print_dialog(frm) {
		concerto.posting.print_options((values) =>
			call("print_run", { run: frm.doc.name, ...values }).then(() => concerto.posting.show(frm)),
		);
	}

	concerto.posting.print_options = function (done) {
		frappe.prompt(
			[
				{
					fieldname: "sort_by",
					fieldtype: "Select",
					label: __("Sorted By"),
					reqd: 1,
					default: "Postcode",
					options: ["Postcode", "Name", "Number"].map((value) => ({ value, label: __(value) })),
				},
				{
					fieldname: "two_sided",
					fieldtype: "Check",
					label: __("Two-Sided"),
					description: __(
						"A blank back where needed, so that each letter begins on a sheet of its own",
					),
				},
			],
			(values) => done({ sort_by: values.sort_by, two_sided: values.two_sided ? 1 : 0 }),
			__("Print the Batch"),
			__("Prepare the File"),
		);
	};

	concerto.posting.hand_over = function (batch, done) {
		frappe.prompt(
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("Handed to the Post On"),
				default: frappe.datetime.get_today(),
				reqd: 1,
			},
			(values) =>
				call("hand_over", { batch, day: values.day }).then((count) => {
					frappe.show_alert({ message: __("{0} letters are sent", [count]), indicator: "green" });
					done();
				}),
			__("Handed to the Post"),
			__("Confirm"),
		);
	};

	function send(frm) {
		frappe.confirm(
			__("Send {0} invoices to the families who chose e-mail? Each is sent once.", [
				frm.posting.email.Waiting,
			]),
			() =>
				call("send_run", { run: frm.doc.name }).then((count) => {
					frappe.show_alert({
						message: __("{0} e-mails are being written", [count]),
						indicator: "blue",
					});
					frm.posting.sending = true;
					again(frm);
				}),
		);
	}

	function escape(text) {
		return frappe.utils.escape_html(String(text ?? ""));
	}
})();
