// Entering a payment from a payer, a family or an invoice; refunds, disputes, cancellations (R42).

frappe.provide("concerto.payments");

(() => {
	const API = "concerto_education.billing.payments.api.";
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const money = (value) => Math.round(Number(value || 0) * 100) / 100;

	const may = () => frappe.model.can_create("Payment");
	concerto.payments.may_enter = may;

	/** `options`: {invoice, done}. Asks who pays when the family has several payers. */
	concerto.payments.of_family = async (family, options = {}) => {
		const payers = await frappe.xcall(`${API}payers_of`, { family });
		if (!payers.length) {
			frappe.msgprint(__("This family has no payer yet."));
			return;
		}
		if (payers.length === 1) return concerto.payments.enter(payers[0].name, options);
		frappe.prompt(
			{
				fieldname: "payer",
				fieldtype: "Select",
				label: __("Payer"),
				reqd: 1,
				options: payers.map((row) => ({
					value: row.name,
					label: `${row.title} (${row.balance_text})`,
				})),
				default: payers[0].name,
			},
			({ payer }) => concerto.payments.enter(payer, options),
			__("Who has paid?"),
			__("Continue"),
		);
	};

	concerto.payments.enter = async (payer, options = {}) => {
		const [account, methods] = await Promise.all([
			frappe.xcall(`${API}account`, { payer }),
			frappe.xcall(`${API}methods`),
		]);
		const last = localStorage.getItem("concerto_payment_method");
		const method = methods.find((row) => row.name === last) || methods[0];
		const entry_id = frappe.utils.get_random(16);
		const dialog = new frappe.ui.Dialog({
			title: __("Enter a Payment"),
			fields: [
				{ fieldname: "head", fieldtype: "HTML", options: head(account) },
				{
					fieldname: "amount",
					fieldtype: "Currency",
					label: __("Amount"),
					reqd: 1,
					default: options.amount || account.due || null,
					onchange: () => show_left(),
				},
				{
					fieldname: "payment_method",
					fieldtype: "Select",
					label: __("Means of Payment"),
					reqd: 1,
					options: methods.map((row) => row.name),
					default: method?.name,
					onchange: () => follow_method(),
				},
				{ fieldname: "column_1", fieldtype: "Column Break" },
				{
					fieldname: "payment_date",
					fieldtype: "Date",
					label: __("Date of Payment"),
					reqd: 1,
					default: frappe.datetime.get_today(),
				},
				{ fieldname: "reference", fieldtype: "Data", label: __("Reference") },
				{ fieldname: "cheque_section", fieldtype: "Section Break" },
				{ fieldname: "bank", fieldtype: "Data", label: __("Bank") },
				{ fieldname: "column_2", fieldtype: "Column Break" },
				{ fieldname: "drawer", fieldtype: "Data", label: __("Name on the Cheque") },
				{ fieldname: "invoices_section", fieldtype: "Section Break" },
				{
					fieldname: "choose",
					fieldtype: "Check",
					label: __("Choose the invoices (else the oldest are settled first)"),
					default: options.invoice ? 1 : 0,
					hidden: account.invoices.length ? 0 : 1,
					onchange: () => show_rows(),
				},
				{
					fieldname: "by_line",
					fieldtype: "Check",
					label: __("Choose lines of this invoice"),
					hidden: options.invoice ? 0 : 1,
					onchange: () => show_rows(),
				},
				{ fieldname: "rows", fieldtype: "HTML" },
				{ fieldname: "left", fieldtype: "HTML" },
				{ fieldname: "note_section", fieldtype: "Section Break" },
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
			],
			primary_action_label: __("Save the Payment"),
			primary_action: (values) => save(values),
		});
		const rows = () => dialog.get_field("rows").$wrapper;
		const amounts = () => {
			const found = {};
			rows()
				.find("input")
				.each((_index, input) => {
					const amount = money(parse_amount(input.value));
					if (amount) found[input.dataset.key] = amount;
				});
			return found;
		};

		function follow_method() {
			const chosen = methods.find((row) => row.name === dialog.get_value("payment_method"));
			dialog.set_df_property("reference", "reqd", chosen?.needs_reference ? 1 : 0);
			dialog.set_df_property("cheque_section", "hidden", chosen?.asks_bank ? 0 : 1);
		}

		async function show_rows() {
			const amount = money(dialog.get_value("amount"));
			let table = "";
			if (dialog.get_value("by_line"))
				table = line_choices(await frappe.xcall(`${API}invoice_lines`, { invoice: options.invoice }));
			else if (dialog.get_value("choose")) table = choices(account, options.invoice, amount);
			rows().html(table);
			rows().find("input").on("input", show_left);
			show_left();
		}

		function show_left() {
			const amount = money(dialog.get_value("amount"));
			const used =
				dialog.get_value("choose") || dialog.get_value("by_line")
					? money(Object.values(amounts()).reduce((sum, value) => sum + value, 0))
					: Math.min(amount, account.due);
			const rest = money(amount - used);
			let text = "";
			if (rest > 0)
				text = __("{0} stay on the account as a credit, for the next invoices.", [
					format_currency(rest, "EUR"),
				]);
			if (rest < 0) text = __("{0} more are chosen than were paid.", [format_currency(-rest, "EUR")]);
			dialog
				.get_field("left")
				.$wrapper.html(
					text ? `<p class="${rest < 0 ? "text-danger" : "text-muted"}">${text}</p>` : "",
				);
		}

		async function save(values, twice = false) {
			dialog.disable_primary_action();
			try {
				const { choose, by_line, amount, payment_method, payment_date } = values;
				const receipt = await frappe.xcall(`${API}record_payment`, {
					payer,
					amount,
					payment_method,
					payment_date,
					reference: values.reference,
					bank: values.bank,
					drawer: values.drawer,
					note: values.note,
					amounts: choose && !by_line ? amounts() : null,
					lines: by_line ? amounts() : null,
					entry_id,
					twice,
				});
				localStorage.setItem("concerto_payment_method", payment_method);
				dialog.hide();
				concerto.payments.say(receipt);
				options.done?.(receipt);
			} catch (error) {
				if (error?.exc_type === "DuplicatePayment" || is_duplicate(error)) ask_twice(values);
			} finally {
				dialog.enable_primary_action();
			}
		}

		function ask_twice(values) {
			frappe.hide_msgprint(true);
			frappe.confirm(
				__("This payment looks like one that was entered already. Is it really another one?"),
				() => save(values, true),
			);
		}

		dialog.show();
		follow_method();
		show_rows();
		return dialog;
	};

	const is_duplicate = (error) =>
		String(error?.exc || error?.message || error).includes("DuplicatePayment");

	concerto.payments.say = (receipt) => {
		const lines = receipt.settled.map(escape);
		if (receipt.credit) lines.push(__("On account: {0}", [escape(receipt.credit)]));
		frappe.show_alert(
			{
				message: [`<b>${__("Payment {0} saved", [escape(receipt.name)])}</b>`, ...lines].join("<br>"),
				indicator: "green",
			},
			8,
		);
	};

	function head(account) {
		const parts = [__("Still due: {0}", [`<b>${escape(account.due_text)}</b>`])];
		if (account.credit) parts.push(__("Credit on account: {0}", [escape(account.credit_text)]));
		if (account.held_text) parts.push(__("Held en mairie: {0}", [escape(account.held_text)]));
		return `<p><b>${escape(account.title)}</b><br>${parts.join(" · ")}</p>`;
	}

	function choices(account, only, amount) {
		let left = amount || Infinity;
		const rows = account.invoices.map((row) => {
			const wanted = only ? row.name === only : true;
			const share = wanted ? Math.min(left, row.outstanding) : 0;
			if (wanted) left = money(left - share);
			const marks = [
				row.is_late ? __("due on {0}, late", [row.due_date]) : __("due on {0}", [row.due_date]),
				row.disputed ? __("disputed") : "",
			].filter(Boolean);
			return `<tr><td>${escape(row.number)}<div class="text-muted small">${escape(row.month)}, ${escape(
				marks.join(", "),
			)}</div></td><td class="text-right">${escape(row.outstanding_text)}</td>
			<td style="width: 120px"><input class="form-control input-xs text-right" inputmode="decimal"
				aria-label="${escape(__("Amount for invoice {0}", [row.number]))}" data-key="${escape(row.name)}"
				value="${share ? share.toFixed(2).replace(".", ",") : ""}"></td></tr>`;
		});
		return `<table class="table table-sm"><thead><tr><th>${__("Invoice")}</th>
			<th class="text-right">${__("Still Due")}</th><th class="text-right">${__("Paid Now")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table>`;
	}

	function line_choices(lines) {
		const rows = lines.map(
			(
				row,
			) => `<tr><td>${escape(row.label)}<div class="text-muted small">${escape(row.person)}</div></td>
			<td class="text-right">${escape(row.left_text)}</td><td style="width: 120px">
			<input class="form-control input-xs text-right" inputmode="decimal" data-key="${escape(row.name)}"
				aria-label="${escape(__("Amount for {0}", [row.label]))}"></td></tr>`,
		);
		return `<table class="table table-sm"><thead><tr><th>${__("Line")}</th>
			<th class="text-right">${__("Not Chosen Yet")}</th><th class="text-right">${__("Paid Now")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table>`;
	}

	/** « 12,50 », « 1 234.5 » → 12.5, 1234.5 */
	function parse_amount(text) {
		const clean = String(text || "")
			.replace(/[\s\u00a0\u202f€]/g, "")
			.replace(",", ".");
		return /^\d+(\.\d{1,2})?$/.test(clean) ? Number(clean) : 0;
	}
	concerto.payments.parse_amount = parse_amount;

	concerto.payments.refund = async (payer, done) => {
		const [account, methods] = await Promise.all([
			frappe.xcall(`${API}account`, { payer }),
			frappe.xcall(`${API}methods`),
		]);
		if (!account.credit) {
			frappe.msgprint(__("There is no credit on this account."));
			return;
		}
		frappe.prompt(
			[
				{ fieldname: "head", fieldtype: "HTML", options: head(account) },
				{
					fieldname: "amount",
					fieldtype: "Currency",
					label: __("Amount"),
					reqd: 1,
					default: account.credit,
				},
				{
					fieldname: "refund_date",
					fieldtype: "Date",
					label: __("Date of Refund"),
					reqd: 1,
					default: frappe.datetime.get_today(),
				},
				{
					fieldname: "payment_method",
					fieldtype: "Select",
					label: __("Means of Payment"),
					reqd: 1,
					options: methods.filter((row) => row.refundable).map((row) => row.name),
				},
				{ fieldname: "reference", fieldtype: "Data", label: __("Reference") },
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			],
			async ({ amount, refund_date, payment_method, reference, reason }) => {
				const { name } = await frappe.xcall(`${API}record_refund`, {
					payer,
					amount,
					refund_date,
					payment_method,
					reference,
					reason,
				});
				frappe.show_alert({ message: __("Refund {0} saved", [escape(name)]), indicator: "green" });
				done?.();
			},
			__("Pay a Credit Back"),
			__("Save the Refund"),
		);
	};

	/** A reason, and the day on which it happened. */
	concerto.payments.ask_reason = (title, label, action, with_day = true) =>
		frappe.prompt(
			[
				...(with_day
					? [
							{
								fieldname: "day",
								fieldtype: "Date",
								label: __("On the Day"),
								reqd: 1,
								default: frappe.datetime.get_today(),
							},
						]
					: []),
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			],
			action,
			title,
			label,
		);

	concerto.payments.cancel = (payment, done) =>
		concerto.payments.ask_reason(
			__("Cancel Payment {0}", [payment]),
			__("Cancel the Payment"),
			async (values) => {
				const { reopened } = await frappe.xcall(`${API}cancel_payment`, { payment, ...values });
				frappe.show_alert({
					message: __("Payment cancelled. Invoices due again: {0}", [reopened]),
					indicator: "orange",
				});
				done?.();
			},
		);

	concerto.payments.dispute = (frm) => {
		const method = frm.doc.disputed ? "end_dispute" : "dispute";
		concerto.payments.ask_reason(
			frm.doc.disputed ? __("End the Dispute") : __("Report a Dispute"),
			__("Save"),
			async ({ reason }) => {
				await frappe.xcall(`${API}${method}`, { invoice: frm.doc.name, reason });
				frm.reload_doc();
			},
			false,
		);
	};

	const open_pdf = (method, args) =>
		window.open(`/api/method/${method}?${new URLSearchParams(args).toString()}`);
	concerto.payments.open_pdf = open_pdf;
})();
