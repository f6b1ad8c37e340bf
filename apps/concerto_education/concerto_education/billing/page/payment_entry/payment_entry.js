// Many payments in a row, by keyboard: who, how much, reference, Enter (R42).
frappe.pages["payment-entry"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Enter Payments"),
		single_column: true,
	});
	wrapper.payments = new PaymentEntry(page);
};
frappe.pages["payment-entry"].on_page_show = (wrapper) => wrapper.payments.show();

const API = "concerto_education.billing.payments.api.";
const WAIT = 200; // milliseconds after the last key before the search asks

class PaymentEntry {
	constructor(page) {
		this.page = page;
		this.entered = [];
		this.payer = null;
		this.found = [];
		this.at = 0;
		this.asked = 0;
		$(page.main).html(this.frame());
		this.root = page.main.find(".pe");
		this.root.on("submit", "form", (event) => {
			event.preventDefault();
			this.save();
		});
		this.root.on("input", "[name=payer]", () => this.search());
		this.root.on("keydown", "[name=payer]", (event) => this.key(event));
		this.root.on("mousedown", ".pe-found button", (event) => {
			event.preventDefault();
			this.choose(this.found[Number(event.currentTarget.dataset.place)]);
		});
		this.root.on("change", "[name=method]", () => this.follow_method());
		this.root.on("click", "[data-cancel]", (event) => this.cancel(event.currentTarget.dataset.cancel));
		this.root.on("click", ".pe-clear", () => this.forget());
		this.ready = this.load();
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	field(name) {
		return this.root.find(`[name=${name}]`);
	}

	frame() {
		const input = (name, label, attributes = "") =>
			`<label class="pe-field pe-${name}"><span>${label}</span>
			<input class="form-control" name="${name}" autocomplete="off" ${attributes}></label>`;
		return `<div class="pe"><form>
			<div class="pe-row">
				<label class="pe-field pe-method"><span>${__("Means of Payment")}</span>
					<select class="form-control" name="method"></select></label>
				${input("day", __("Date of Payment"), 'type="date" required')}
			</div>
			<div class="pe-row pe-line">
				<div class="pe-who">${input(
					"payer",
					__("Payer"),
					`placeholder="${__("Name, dossier or invoice number")}" role="combobox" aria-expanded="false"
					aria-controls="pe-found" aria-autocomplete="list"`,
				)}
				<div class="pe-found" id="pe-found" role="listbox" hidden></div></div>
				${input("amount", __("Amount"), 'inputmode="decimal"')}
				${input("reference", __("Reference"))}
				${input("bank", __("Bank"))}
				${input("drawer", __("Name on the Cheque"))}
				<button class="btn btn-primary pe-save">${__("Save")}</button>
			</div>
			<p class="pe-account" aria-live="polite"></p>
			<p class="pe-error text-danger" role="alert"></p>
		</form>
		<div class="pe-done"></div></div>`;
	}

	async load() {
		this.methods = await frappe.xcall(`${API}methods`);
		const last = localStorage.getItem("concerto_payment_method");
		this.field("method").html(
			this.methods.map(
				(row) =>
					`<option ${row.name === last ? "selected" : ""} value="${this.text(row.name)}">${this.text(
						row.name,
					)}</option>`,
			),
		);
		this.field("day").val(frappe.datetime.get_today());
		this.follow_method();
		this.draw();
	}

	async show() {
		await this.ready;
		this.field("payer").trigger("focus");
	}

	method() {
		return this.methods.find((row) => row.name === this.field("method").val()) || {};
	}

	follow_method() {
		const { asks_bank } = this.method();
		this.root.find(".pe-bank, .pe-drawer").prop("hidden", !asks_bank);
	}

	// ---------------------------------------------------------------- who

	search() {
		this.payer = null;
		this.root.find(".pe-account").empty();
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.look_up(), WAIT);
	}

	async look_up() {
		const text = this.field("payer").val().trim();
		const turn = ++this.asked;
		const found = text.length < 2 ? [] : await frappe.xcall(`${API}find_payers`, { text });
		if (turn !== this.asked || this.payer) return; // an older answer, or chosen meanwhile
		this.found = found;
		this.at = 0;
		this.draw_found(text);
	}

	draw_found(text) {
		const list = this.root.find(".pe-found");
		const rows = this.found.map(
			(row, place) => `<button type="button" tabindex="-1" role="option" data-place="${place}"
				aria-selected="${place === this.at}" class="${place === this.at ? "is-at" : ""}">
				<b>${this.text(row.title)}</b><span class="pe-balance">${this.text(row.balance_text)}</span>
				<small>${this.text([row.family, row.people].filter(Boolean).join(" – "))}</small></button>`,
		);
		if (!rows.length && (text || "").length > 1) rows.push(`<p>${__("No payer found.")}</p>`);
		list.html(rows.join("")).prop("hidden", !rows.length);
		this.field("payer").attr("aria-expanded", Boolean(rows.length));
	}

	async key(event) {
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			const step = event.key === "ArrowDown" ? 1 : -1;
			this.at = Math.max(0, Math.min(this.found.length - 1, this.at + step));
			this.draw_found();
		} else if (event.key === "Escape") {
			this.forget();
		} else if (event.key === "Enter" || event.key === "Tab") {
			if (this.payer || !this.field("payer").val().trim()) return;
			event.preventDefault();
			clearTimeout(this.timer);
			if (!this.found.length) await this.look_up();
			if (this.found.length) this.choose(this.found[this.at]);
		}
	}

	async choose(payer) {
		this.payer = payer;
		this.entry_id = frappe.utils.get_random(16);
		this.found = [];
		this.draw_found();
		this.field("payer").val(payer.title);
		this.field("amount").trigger("focus");
		const account = await frappe.xcall(`${API}account`, { payer: payer.name });
		if (this.payer !== payer) return;
		const parts = [__("Still due: {0}", [account.due_text])];
		if (account.credit) parts.push(__("Credit on account: {0}", [account.credit_text]));
		if (account.held_text) parts.push(__("Held en mairie: {0}", [account.held_text]));
		parts.push(
			...account.invoices.map((row) => `${row.number} : ${row.outstanding_text} (${row.due_date})`),
		);
		this.root.find(".pe-account").text(parts.join(" · "));
		if (account.due > 0 && !this.field("amount").val())
			this.field("amount").val(account.due.toFixed(2).replace(".", ",")).trigger("select");
	}

	forget() {
		this.payer = null;
		this.found = [];
		this.draw_found();
		for (const name of ["payer", "amount", "reference", "drawer"]) this.field(name).val("");
		this.root.find(".pe-account, .pe-error").empty();
		this.field("payer").trigger("focus");
	}

	// ---------------------------------------------------------------- saving

	async save(twice = false) {
		if (this.saving) return;
		const amount = concerto.payments.parse_amount(this.field("amount").val());
		const error = this.root.find(".pe-error").empty();
		if (!this.payer)
			return error.text(__("Choose the payer in the list.")) && this.field("payer").focus();
		if (!amount)
			return error.text(__("Amount: write for instance 42,50.")) && this.field("amount").focus();
		if (this.method().needs_reference && !this.field("reference").val().trim()) {
			this.field("reference").trigger("focus");
			return error.text(__("Reference: enter the number of the cheque."));
		}
		this.saving = true;
		this.root.find(".pe-save").prop("disabled", true);
		try {
			const receipt = await frappe.xcall(`${API}record_payment`, {
				payer: this.payer.name,
				amount,
				payment_date: this.field("day").val(),
				payment_method: this.field("method").val(),
				reference: this.field("reference").val(),
				bank: this.method().asks_bank ? this.field("bank").val() : null,
				drawer: this.method().asks_bank ? this.field("drawer").val() : null,
				entry_id: this.entry_id,
				twice,
			});
			localStorage.setItem("concerto_payment_method", this.field("method").val());
			this.entered.unshift(receipt);
			this.draw();
			this.forget();
		} catch (refusal) {
			if (String(refusal?.exc_type || refusal?.exc || refusal).includes("DuplicatePayment")) {
				frappe.hide_msgprint(true);
				frappe.confirm(
					__("This payment looks like one that was entered already. Is it really another one?"),
					() => this.save(true),
				);
			}
		} finally {
			this.saving = false;
			this.root.find(".pe-save").prop("disabled", false);
		}
	}

	cancel(name) {
		concerto.payments.cancel(name, () => {
			const row = this.entered.find((entry) => entry.name === name);
			if (row) row.cancelled = true;
			this.draw();
		});
	}

	draw() {
		const kept = this.entered.filter((row) => !row.cancelled);
		const total = kept.reduce((sum, row) => sum + Math.round(row.amount * 100), 0) / 100;
		const rows = this.entered.map(
			(row) => `<tr class="${row.cancelled ? "pe-cancelled" : ""}">
				<td><a href="/app/payment/${encodeURIComponent(row.name)}">${this.text(row.name)}</a></td>
				<td>${this.text(row.title)}</td><td>${this.text([row.method, row.reference].filter(Boolean).join(" "))}</td>
				<td>${this.text(
					[...row.settled, row.credit ? __("On account: {0}", [row.credit]) : ""]
						.filter(Boolean)
						.join(", "),
				)}</td><td class="text-right">${this.text(row.amount_text)}</td>
				<td>${
					row.cancelled
						? __("Cancelled")
						: `<button class="btn btn-xs btn-default" data-cancel="${this.text(row.name)}">${__(
								"Cancel",
							)}</button>`
				}</td></tr>`,
		);
		this.root.find(".pe-done").html(
			rows.length
				? `<h5>${__("Entered just now: {0}, together {1}", [
						kept.length,
						`<b>${format_currency(total, "EUR")}</b>`,
					])}</h5><div class="pe-scroll"><table class="table table-sm"><thead><tr><th>${__("Number")}</th>
				<th>${__("Payer")}</th><th>${__("Means of Payment")}</th><th>${__("What It Settles")}</th>
				<th class="text-right">${__("Amount")}</th><th></th></tr></thead>
				<tbody>${rows.join("")}</tbody></table></div>`
				: `<p class="concerto-empty">${__(
						"Write a name or the number of an invoice, Enter, the amount, Enter. The oldest invoices are settled first; what is too much stays as a credit.",
					)}</p>`,
		);
	}
}
