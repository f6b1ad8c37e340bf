// Badges: print those of a site, take back a lost one, make another (R32).

const BADGES_API = "concerto_education.attendance.badges.api.";
const badge_text = (value) => frappe.utils.escape_html(value == null ? "" : String(value));

frappe.pages["badges"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Badges"), single_column: true });
	wrapper.badges = new BadgesPage(page);
};

frappe.pages["badges"].on_page_show = (wrapper) => wrapper.badges.show();

class BadgesPage {
	constructor(page) {
		this.$root = $(`<div class="badges-page">
			<div class="badges-bar">
				<label><span>${__("Site")}</span><select class="form-control"></select></label>
				<button type="button" class="btn btn-primary" data-act="print">${__("Print the Badges")}</button>
				<button type="button" class="btn btn-default" data-act="none">${__("Choose those without a badge")}</button>
			</div>
			<div class="badges-body"></div>
		</div>`).appendTo(page.main);
		this.$body = this.$root.find(".badges-body");
		this.$site = this.$root.find("select").on("change", () => this.load());
		this.$root.on("click", "[data-act=print]", () => this.print());
		this.$root.on("click", "[data-act=none]", () => this.choose_missing());
		this.$root.on("change", "[data-all]", (event) =>
			this.$body.find("[data-person]").prop("checked", event.currentTarget.checked).trigger("change"),
		);
		this.$root.on("change", "[data-person], [data-all]", () => this.count());
		this.$root.on("click", "[data-renew]", (event) => this.renew(event.currentTarget.dataset.renew));
		this.$root.on("click", "[data-back]", (event) => this.take_back(event.currentTarget.dataset.back));
		this.ready = frappe.xcall(`${BADGES_API}options`).then((found) => {
			this.in_use = found.in_use;
			this.$site.html(
				found.sites.map((site) => `<option value="${badge_text(site)}">${badge_text(site)}</option>`),
			);
		});
	}

	async show() {
		await this.ready;
		if (!this.in_use) {
			this.$root.find(".btn").prop("disabled", true);
			this.$body.html(
				`<div class="badges-empty"><h4>${__("Badges are not in use")}</h4><p>${__(
					"An administrator switches them on in the settings of the authority: “Children Have QR Badges”.",
				)}</p></div>`,
			);
			return;
		}
		this.load();
	}

	async load() {
		const site = this.$site.val();
		const rows = await frappe.xcall(`${BADGES_API}load`, { site });
		if (site !== this.$site.val()) return;
		this.rows = rows;
		this.$body.html(rows.length ? badges_table(rows) : badges_nobody());
		this.count();
	}

	get chosen() {
		return this.$body
			.find("[data-person]:checked")
			.map((_index, box) => box.dataset.person)
			.get();
	}

	count() {
		const number = this.chosen.length;
		this.$root
			.find("[data-act=print]")
			.prop("disabled", !this.rows?.length)
			.text(number ? __("Print {0} Badges", [number]) : __("Print All Badges"));
	}

	choose_missing() {
		const missing = new Set(this.rows.filter((row) => !row.issued_at).map((row) => row.person));
		this.$body.find("[data-person]").each((_index, box) => {
			box.checked = missing.has(box.dataset.person);
		});
		this.count();
	}

	print() {
		const persons = this.chosen;
		const args = { site: this.$site.val() };
		if (persons.length) args.persons = JSON.stringify(persons);
		open_url_post(`/api/method/${BADGES_API}badges_pdf`, args, true);
		setTimeout(() => this.load(), 1500); // those who had none have one now
	}

	renew(person) {
		this.because(__("Make another badge"), __("The old one opens nothing any more."), async (because) => {
			await frappe.xcall(`${BADGES_API}renew`, { site: this.$site.val(), person, because });
			frappe.show_alert({ message: __("New badge made: print it"), indicator: "green" });
			this.load();
		});
	}

	take_back(person) {
		this.because(__("Take the badge back"), __("The child has no badge any more."), async (because) => {
			await frappe.xcall(`${BADGES_API}take_back`, { site: this.$site.val(), person, because });
			frappe.show_alert({ message: __("Badge taken back"), indicator: "green" });
			this.load();
		});
	}

	because(title, text, act) {
		frappe.prompt(
			[
				{ fieldtype: "HTML", options: `<p>${text}</p>` },
				{ fieldtype: "Data", fieldname: "because", label: __("Why"), reqd: 1, default: __("lost") },
			],
			({ because }) => act(because),
			title,
			__("Confirm"),
		);
	}
}

function badges_nobody() {
	return `<div class="badges-empty"><h4>${__("Nobody is enrolled here today")}</h4><p>${__(
		"Badges are made for children with an enrolment that holds today.",
	)}</p></div>`;
}

function badges_table(rows) {
	const line = (row) => {
		const buttons = row.issued_at
			? `<button type="button" class="btn btn-xs btn-default" data-renew="${row.person}">${__("Lost")}</button>
				<button type="button" class="btn btn-xs btn-default" data-back="${row.person}">${__("Take back")}</button>`
			: "";
		return `<tr><td><input type="checkbox" data-person="${row.person}"
				aria-label="${badge_text(`${row.last_name} ${row.first_name}`)}"></td>
			<td><b>${badge_text(row.last_name)}</b> ${badge_text(row.first_name)}</td><td>${badge_text(row.class)}</td>
			<td>${row.issued_at ? moment(row.issued_at).format("DD/MM/YYYY") : `<i>${__("none")}</i>`}</td>
			<td>${buttons}</td></tr>`;
	};
	return `<table><thead><tr><th><input type="checkbox" data-all aria-label="${__("All")}"></th><th>${__(
		"Name",
	)}</th><th>${__("Class")}</th><th>${__("Badge of")}</th><th></th></tr></thead>
		<tbody>${rows.map(line).join("")}</tbody></table>`;
}
