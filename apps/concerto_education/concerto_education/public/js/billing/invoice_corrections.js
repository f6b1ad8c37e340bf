// Cancel an invoice, wholly or in part, by a credit note; and who did so, and why (R34).
(() => {
	const API = "concerto_education.billing.corrections.api";
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const euros = (cents) => format_currency(cents / 100, "EUR");

	frappe.ui.form.on("Invoice", {
		refresh(frm) {
			if (frm.is_new() || !frappe.model.can_read("Invoice Correction")) return;
			const correctable = ["Held", "Issued", "Sent", "Paid", "Carried Over"];
			if (
				frm.doc.docstatus === 1 &&
				frm.doc.kind !== "Credit Note" &&
				!frm.doc.statement &&
				correctable.includes(frm.doc.status) &&
				may_correct()
			) {
				frm.add_custom_button(__("Cancel or Correct"), () => open_dialog(frm), __("Correct"));
			}
			if (frm.doc.family && may_correct()) {
				frm.add_custom_button(
					__("Add an Adjustment"),
					() => frappe.new_doc("Manual Adjustment", { payer: frm.doc.payer }),
					__("Correct"),
				);
			}
			show_history(frm);
		},
	});

	const may_correct = () =>
		[
			"Super Administrator",
			"School Services Administrator",
			"Early Childhood Administrator",
			"Finance Clerk",
		].some((role) => frappe.user.has_role(role)) || frappe.session.user === "Administrator";

	// ---------------------------------------------------------------- the dialog

	async function open_dialog(frm) {
		const found = await frappe.xcall(`${API}.choices`, { invoice: frm.doc.name });
		const dialog = new frappe.ui.Dialog({
			title: __("Cancel or Correct {0}", [found.title]),
			size: "large",
			fields: [
				{
					fieldname: "scope",
					fieldtype: "Select",
					label: __("What Is Cancelled"),
					options: [
						{ value: "Days", label: __("Days that you choose") },
						{ value: "Amount", label: __("An amount, without cancelling a day") },
						{ value: "Whole", label: __("The whole invoice") },
					],
					default: "Days",
					reqd: 1,
					onchange: () => update(),
				},
				{ fieldname: "list", fieldtype: "HTML" },
				{
					fieldname: "amount",
					fieldtype: "Currency",
					label: __("Amount to Credit"),
					depends_on: "eval:doc.scope === 'Amount'",
					description: __("At most {0}", [found.left]),
					onchange: () => update(),
				},
				{ fieldname: "more", fieldtype: "Section Break" },
				{
					fieldname: "reissue",
					fieldtype: "Select",
					label: __("And Then"),
					options: [
						{ value: "No", label: __("These days are not billed again") },
						{ value: "Next Run", label: __("Bill anew by the next run, with the facts of then") },
						{
							value: "At Once",
							label: __("Bill anew at once, with the facts and payer of today"),
						},
					],
					default: "No",
					depends_on: "eval:doc.scope !== 'Amount'",
				},
				{
					fieldname: "reason",
					fieldtype: "Small Text",
					label: __("Reason"),
					reqd: 1,
					max_height: "72px",
					description: __("Is printed on the credit note"),
				},
				{ fieldname: "result", fieldtype: "HTML" },
			],
			primary_action_label: __("Make the Credit Note"),
			primary_action: (values) => send(values),
		});
		const $list = dialog.get_field("list").$wrapper;
		$list.html(notice(found) + table(found));
		$list.on("change", ".concerto-line", (event) => {
			const $days = $list.find(`.concerto-day[data-line="${event.currentTarget.value}"]`);
			$days.prop("checked", event.currentTarget.checked);
			update();
		});
		$list.on("change", ".concerto-day", (event) => {
			const line = event.currentTarget.dataset.line;
			const $days = $list.find(`.concerto-day[data-line="${line}"]`);
			const checked = $days.filter(":checked").length;
			$list.find(`.concerto-line[value="${line}"]`).prop({
				checked: checked === $days.length,
				indeterminate: checked > 0 && checked < $days.length,
			});
			update();
		});

		const chosen = () => $list.find(".concerto-day:checked").toArray();

		function cents(scope) {
			if (scope === "Whole") return found.left_cents;
			if (scope === "Amount") return Math.round((dialog.get_value("amount") || 0) * 100);
			return chosen().reduce((sum, box) => sum + Number(box.dataset.cents), 0);
		}

		function update() {
			const scope = dialog.get_value("scope") || "Days";
			$list.find(".concerto-choices").toggle(scope === "Days");
			const amount = cents(scope);
			const too_much = amount > found.left_cents;
			dialog.get_field("result").$wrapper.html(result(scope, amount, too_much));
			dialog.get_primary_btn().prop("disabled", amount <= 0 || too_much);
		}

		function result(scope, amount, too_much) {
			if (too_much) {
				return `<p class="text-danger">${__("That is more than what is left of the invoice: {0}.", [
					escape(found.left),
				])}</p>`;
			}
			const parts = [`<b>${__("Credit note of {0}", [euros(amount)])}</b>`];
			if (scope === "Days") {
				const number = chosen().length;
				parts.push(number === 1 ? __("1 day") : __("{0} days", [number]));
			}
			if (found.is_held) {
				parts.push(__("held en mairie like the invoice: they are carried over together"));
			} else {
				const due = Math.max(found.outstanding_cents - amount, 0);
				const kept = Math.max(amount - found.outstanding_cents, 0);
				parts.push(__("still due on the invoice afterwards: {0}", [euros(due)]));
				if (kept) parts.push(__("credit on the account: {0}", [euros(kept)]));
			}
			return `<p class="concerto-result" style="margin: 0">${parts.join(" · ")}</p>`;
		}

		async function send(values) {
			dialog.disable_primary_action();
			try {
				const done = await frappe.xcall(`${API}.cancel`, {
					invoice: frm.doc.name,
					scope: values.scope,
					reason: values.reason,
					token: found.token,
					charges: values.scope === "Days" ? chosen().map((box) => box.value) : [],
					amount: values.scope === "Amount" ? values.amount : null,
					reissue: values.scope === "Amount" ? "No" : values.reissue,
				});
				dialog.hide();
				frappe.show_alert({ message: __("The credit note is made."), indicator: "green" });
				await frm.reload_doc();
				return done;
			} finally {
				dialog.enable_primary_action();
			}
		}

		dialog.show();
		update();
	}

	function notice(found) {
		return found.notice ? `<p class="alert alert-warning">${escape(found.notice)}</p>` : "";
	}

	function table(found) {
		const lines = found.lines.map((line) => {
			const days = line.days.map(
				(
					day,
				) => `<label style="display: inline-flex; align-items: center; gap: 4px; margin: 2px 14px 2px 0; font-weight: normal">
					<input type="checkbox" style="margin: 0" class="concerto-day" data-line="${escape(line.name)}" data-cents="${day.cents}"
						value="${escape(day.charge)}"> ${escape(day.day)} <span class="text-muted">${escape(day.amount)}</span></label>`,
			);
			const where = [line.person, line.month].filter(Boolean).map(escape).join(", ");
			return `<div style="padding: 8px 0; border-bottom: 1px solid var(--border-color)">
				<label style="display: flex; align-items: center; gap: 4px; margin: 0">
					<input type="checkbox" style="margin: 0" class="concerto-line" value="${escape(line.name)}">
					<span style="flex: 1"><b>${escape(line.label)}</b> <span class="text-muted">${where}</span></span>
					<span>${__("left: {0}", [escape(line.left)])}</span></label>
				<div style="padding-left: 22px">${days.join("")}</div></div>`;
		});
		return `<div class="concerto-choices" style="max-height: 38vh; overflow-y: auto; margin-bottom: 12px">
			${lines.join("") || `<p>${__("Nothing is left to credit on this invoice.")}</p>`}</div>`;
	}

	// ---------------------------------------------------------------- the history

	async function show_history(frm) {
		const name = frm.doc.name;
		const rows = await frappe.xcall(`${API}.corrections_of`, { invoice: name });
		if (frm.doc.name !== name) return;
		let $box = frm.$wrapper.find(".concerto-corrections");
		if (!$box.length) {
			$box = $(
				'<div class="concerto-corrections concerto-overview" style="font-size: var(--text-md)"></div>',
			);
			frm.get_field("overview").$wrapper.after($box);
		}
		$box.html(rows.length ? history(rows) : "");
		$box.find(".concerto-release").on("click", (event) => release(frm, event.currentTarget.dataset.name));
	}

	const link = (target) =>
		`<a href="/app/invoice/${encodeURIComponent(target.name)}">${escape(target.number)}</a>`;

	function history(rows) {
		const lines = rows.map((row) => {
			const then = [
				escape(row.then),
				row.replacements.length ? __("replaced by {0}", [row.replacements.map(link).join(", ")]) : "",
				escape(row.released),
			].filter(Boolean);
			const button =
				row.waived && may_correct()
					? `<button class="btn btn-xs btn-default concerto-release" data-name="${escape(row.name)}">${__(
							"Bill Again",
						)}</button>`
					: "";
			return `<tr><td>${escape(row.when)}<div class="text-muted small">${escape(row.who)}</div></td>
				<td>${link(row.credit_note)}<div class="text-muted small">${__("on the invoice {0}", [link(row.invoice)])}</div></td>
				<td>${escape(row.what)}<div class="text-muted small">${then.join(", ")}</div></td>
				<td>${escape(row.reason)}</td><td class="text-right">${escape(row.amount)}</td><td>${button}</td></tr>`;
		});
		return `<div class="concerto-heading">${__("Corrections of This Invoice")}</div><div style="overflow-x: auto">
			<table class="table table-sm" style="margin: 0"><thead><tr><th>${__("When and Who")}</th>
			<th>${__("Credit Note")}</th><th>${__("What")}</th><th>${__("Reason")}</th>
			<th class="text-right">${__("Amount")}</th><th></th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
	}

	function release(frm, correction) {
		frappe.confirm(
			__("The next billing run bills these days again, as the facts are then. Continue?"),
			async () => {
				await frappe.xcall(`${API}.release`, { correction });
				frm.reload_doc();
			},
		);
	}
})();
