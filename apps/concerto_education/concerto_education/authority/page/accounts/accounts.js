// Accounts of the staff: a name, a role, its sites, nothing else to understand (R6-R11).
frappe.pages["accounts"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Accounts"), single_column: true });
	wrapper.accounts = new Accounts(page);
};

frappe.pages["accounts"].on_page_show = (wrapper) => wrapper.accounts.load();

const API = "concerto_education.authority.accounts.api.";

class Accounts {
	constructor(page) {
		this.page = page;
		page.set_primary_action(__("New Account"), () => this.edit(), "add");
		$(page.main).html(`<div class="accounts">
			<div class="ac-filters">
				<input type="search" class="form-control ac-text" placeholder="${__("Name, login or site")}"
					aria-label="${__("Name, login or site")}">
				<select class="form-control ac-role" aria-label="${__("Role")}"></select>
				<label class="ac-closed"><input type="checkbox"> ${__("Show closed accounts")}</label>
			</div>
			<p class="ac-count" aria-live="polite"></p>
			<div class="ac-list"></div>
		</div>`);
		this.root = page.main.find(".accounts");
		this.root.on("input change", ".ac-filters :input", () => this.draw());
		this.root.on("click", ".ac-edit", (event) => this.edit(this.of(event)));
		this.root.on("click", ".ac-invite", (event) => this.invite(this.of(event)));
		this.root.on("click", ".ac-open", (event) => this.open(this.of(event)));
	}

	async load() {
		this.data = await frappe.xcall(`${API}load`);
		const names = new Map();
		for (const row of this.data.accounts) {
			row.roles.forEach((role, at) => names.set(role, row.role_names[at]));
		}
		const select = this.root.find(".ac-role");
		const chosen = select.val();
		select.html(
			`<option value="">${__("Every role")}</option>${[...names]
				.map(([role, label]) => `<option value="${this.text(role)}">${this.text(label)}</option>`)
				.join("")}`,
		);
		select.val(chosen || "");
		this.draw();
	}

	of(event) {
		return this.data.accounts[event.currentTarget.closest("[data-at]").dataset.at];
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	// ---------------------------------------------------------------- drawing

	draw() {
		const text = this.plain(this.root.find(".ac-text").val());
		const role = this.root.find(".ac-role").val();
		const closed = this.root.find(".ac-closed input").prop("checked");
		const shown = this.data.accounts
			.map((row, at) => ({ ...row, at }))
			.filter((row) => (closed || row.enabled) && (!role || row.roles.includes(role)))
			.filter((row) =>
				this.plain([row.full_name, row.username, row.email, ...row.sites].join(" ")).includes(text),
			);
		this.root.find(".ac-count").text(__("{0} accounts", [shown.length]));
		this.root.find(".ac-list").html(shown.map((row) => this.row(row)).join(""));
	}

	plain(value) {
		return (value || "")
			.normalize("NFD")
			.replace(/[^\x20-\x7e]/g, "")
			.toLowerCase();
	}

	row(row) {
		const sites = row.every_site
			? `<span class="ac-every">${__("Every site")}</span>`
			: row.sites.map((site) => `<span class="ac-site">${this.text(site)}</span>`).join("") ||
				`<span class="ac-none">! ${__("No site: sees nothing")}</span>`;
		const seen = row.last_login
			? __("last seen on {0}", [frappe.datetime.str_to_user(row.last_login.split(" ")[0])])
			: __("never signed in");
		return `<section class="ac-row ${row.enabled ? "" : "is-closed"}" data-at="${row.at}">
			<div class="ac-who"><h4>${this.text(row.full_name)}</h4>
				<small>${this.text(row.username || "")} · ${this.text(row.email)}</small></div>
			<div class="ac-roles">${row.role_names.map((name) => `<b>${this.text(name)}</b>`).join("<br>")}
				<small>${row.enabled ? seen : __("Account closed")}</small></div>
			<div class="ac-sites">${sites}</div>
			<div class="ac-buttons">${this.buttons(row)}</div>
		</section>`;
	}

	buttons(row) {
		if (!row.may_change) return "";
		const button = (kind, label) =>
			`<button type="button" class="btn btn-default btn-sm ac-${kind}">${label}</button>`;
		return row.enabled
			? button("edit", __("Modify Account")) +
					button("invite", __("Send password link")) +
					button("open", __("Close Account"))
			: button("open", __("Open again"));
	}

	// ---------------------------------------------------------------- changing

	async edit(row) {
		if (!this.data) await this.load();
		const dialog = new frappe.ui.Dialog({
			title: row ? row.full_name : __("New Account"),
			fields: this.fields(row),
			primary_action_label: row ? __("Save") : __("Create and send the link"),
			primary_action: (values) => this.save(dialog, row, values),
		});
		if (!row) {
			const suggest = () => this.suggest(dialog);
			dialog.fields_dict.first_name.$input.on("change", suggest);
			dialog.fields_dict.last_name.$input.on("change", suggest);
		}
		dialog.show();
	}

	fields(row) {
		const roles = this.data.roles.map(({ value, label }) => ({
			label,
			value,
			checked: row?.roles.includes(value),
		}));
		const sites = this.data.sites.map((site) => ({
			label: site,
			value: site,
			checked: row?.sites.includes(site),
		}));
		return [
			{
				fieldname: "first_name",
				fieldtype: "Data",
				label: __("First Name"),
				reqd: 1,
				default: row?.first_name,
			},
			{
				fieldname: "email",
				fieldtype: "Data",
				label: __("Electronic Address"),
				reqd: 1,
				default: row?.email,
				read_only: row ? 1 : 0,
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "last_name",
				fieldtype: "Data",
				label: __("Surname"),
				reqd: 1,
				default: row?.last_name,
			},
			{
				fieldname: "login",
				fieldtype: "Data",
				label: __("Staff Login"),
				default: row?.username,
				description: __("Initial and surname; typed in any case"),
			},
			{ fieldtype: "Section Break", label: __("Role") },
			{
				fieldname: "roles",
				fieldtype: "MultiCheck",
				options: roles,
				columns: 2,
				sort_options: false,
				select_all: false,
			},
			{
				fieldtype: "Section Break",
				label: __("Sites"),
				description: __(
					"Administrators and finance see every site. Referents, area managers and seasonal clerks do unless sites are given to them.",
				),
			},
			{
				fieldname: "sites",
				fieldtype: "MultiCheck",
				options: sites,
				columns: 2,
				sort_options: false,
				select_all: false,
			},
		];
	}

	async suggest(dialog) {
		// What is typed, not what the dialog has taken in yet.
		const typed = (name) => dialog.fields_dict[name].$input.val().trim();
		const [first_name, last_name] = [typed("first_name"), typed("last_name")];
		if (!first_name || !last_name) return;
		dialog.set_value("login", await frappe.xcall(`${API}suggest_login`, { first_name, last_name }));
	}

	async save(dialog, row, values) {
		const answer = await frappe.xcall(`${API}save`, {
			first_name: values.first_name,
			last_name: values.last_name,
			email: values.email,
			roles: values.roles || [],
			sites: values.sites || [],
			login: values.login,
			account: row?.name,
		});
		dialog.hide();
		await this.load();
		if (!row) this.tell(answer.told, answer.login);
	}

	tell(told, login) {
		frappe.show_alert({
			message: told
				? __("Login {0}: the link for the password has been sent", [login])
				: __("Login {0}: no message could be sent, no outgoing e-mail account is set up", [login]),
			indicator: told ? "green" : "orange",
		});
	}

	async invite(row) {
		this.tell(await frappe.xcall(`${API}invite`, { account: row.name }), row.username);
	}

	open(row) {
		const turn = async () => {
			await frappe.xcall(`${API}set_open`, { account: row.name, is_open: row.enabled ? 0 : 1 });
			await this.load();
		};
		if (!row.enabled) return turn();
		frappe.confirm(
			__("Close the account of {0}? What it did stays under its name.", [this.text(row.full_name)]),
			turn,
		);
	}
}
