// The account of a payer or of a family: every invoice, payment and refund with the running balance (R42).
frappe.pages["account-statement"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Statement of Account"),
		single_column: true,
	});
	wrapper.statement = new AccountStatement(page);
};
frappe.pages["account-statement"].on_page_show = (wrapper) => wrapper.statement.show();

const PAPERS = "concerto_education.billing.payments.papers.";

class AccountStatement {
	constructor(page) {
		this.page = page;
		this.values = {}; // what is shown; a field may still be looking up the title of its value
		const field = (df) =>
			page.add_field({
				...df,
				change: () => {
					if (this.filling) return;
					const value = this[df.fieldname]?.get_value() || "";
					if (value === (this.values[df.fieldname] || "")) return;
					this.values[df.fieldname] = value;
					if (df.fieldname === "family" && value) this.fill({ ...this.values, payer: "" });
					this.load();
				},
			});
		this.family = field({
			fieldname: "family",
			fieldtype: "Link",
			options: "Family",
			label: __("Family"),
		});
		this.payer = field({
			fieldname: "payer",
			fieldtype: "Link",
			options: "Payer",
			label: __("Payer"),
			get_query: () => (this.values.family ? { filters: { family: this.values.family } } : {}),
		});
		this.start = field({ fieldname: "start", fieldtype: "Date", label: __("From") });
		this.end = field({ fieldname: "end", fieldtype: "Date", label: __("To") });
		this.pay = page.set_primary_action(__("Enter a Payment"), () => this.enter());
		page.add_inner_button(__("Open the PDF"), () => {
			const wanted = this.wanted();
			if (wanted) concerto.payments.open_pdf(`${PAPERS}account_statement_pdf`, wanted);
		});
		this.pay.toggle(concerto.payments.may_enter());
		this.body = $('<div style="padding: 12px"></div>').appendTo(page.main);
		this.asked = 0;
	}

	async show() {
		const wanted = frappe.route_options;
		frappe.route_options = null;
		if (wanted) await this.fill({ family: "", payer: "", start: "", end: "", ...wanted });
		this.load();
	}

	async fill(values) {
		this.values = values;
		this.filling = true;
		try {
			for (const [name, value] of Object.entries(values)) await this[name]?.set_value(value);
		} finally {
			this.filling = false;
		}
	}

	wanted() {
		const found = {};
		for (const name of ["payer", "family", "start", "end"]) {
			if (this.values[name]) found[name] = this.values[name];
		}
		if (found.payer) delete found.family;
		return found.payer || found.family ? found : null;
	}

	enter() {
		const wanted = this.wanted();
		const options = { done: () => this.load() };
		if (wanted?.payer) concerto.payments.enter(wanted.payer, options);
		else if (wanted?.family) concerto.payments.of_family(wanted.family, options);
	}

	async load() {
		const wanted = this.wanted();
		if (!wanted) {
			this.body.html(`<p class="concerto-empty">${__("Choose a family or a payer.")}</p>`);
			return;
		}
		const turn = ++this.asked;
		const found = await frappe.xcall(`${PAPERS}account_statement`, wanted);
		if (turn === this.asked) this.draw(found);
	}

	draw(found) {
		const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
		const card = (label, value, look = "") =>
			`<div class="concerto-card ${look}"><div class="concerto-label">${label}</div>
			<div class="concerto-value">${escape(value)}</div></div>`;
		const cards = [
			card(
				found.is_credit ? __("Credit in Favour of the Payer") : __("Still Due"),
				found.closing,
				found.is_due ? "is-warning" : "",
			),
		];
		if (found.credit) cards.push(card(__("Credit on account"), found.credit));
		if (found.held) cards.push(card(__("Held en mairie"), found.held));
		const link = (entry) =>
			`<a href="/app/${frappe.router.slug(entry.doctype)}/${encodeURIComponent(entry.name)}">${escape(
				entry.text,
			)}</a>`;
		const rows = found.entries.map(
			(entry) => `<tr class="${entry.kind === "Cancelled" ? "text-danger" : ""}"><td>${escape(
				entry.date,
			)}</td><td>${link(entry)}</td><td class="text-right">${escape(entry.debit)}</td>
			<td class="text-right">${escape(entry.paid)}</td><td class="text-right">${escape(entry.balance)}</td></tr>`,
		);
		if (found.start)
			rows.unshift(
				`<tr class="text-muted"><td></td><td>${__("Balance before {0}", [found.start])}</td><td></td><td></td>
				<td class="text-right">${escape(found.opening)}</td></tr>`,
			);
		const payers =
			found.payers.length > 1 ? found.payers.map((row) => `${row.title} : ${row.balance_text}`) : [];
		this.body.html(`<div class="concerto-overview"><h4 style="margin: 0">${escape(found.title)}</h4>
			<div class="concerto-figures">${cards.join("")}</div>
			${payers.length ? `<p class="text-muted" style="margin: 0">${payers.map(escape).join(" · ")}</p>` : ""}
			${
				rows.length
					? `<div style="overflow-x: auto"><table class="table table-sm"><thead><tr><th>${__("Date")}</th>
				<th>${__("Label")}</th><th class="text-right">${__("Invoiced")}</th><th class="text-right">${__("Settled")}</th><th class="text-right">${__("Balance")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
					: `<p class="concerto-empty">${__("Nothing was invoiced or paid in these days.")}</p>`
			}</div>`);
	}
}
