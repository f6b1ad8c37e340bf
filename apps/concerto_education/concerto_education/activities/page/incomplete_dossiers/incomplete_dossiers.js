// What is missing, family by family, and the reminder to those that were chosen (R24).
frappe.pages["incomplete-dossiers"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Incomplete Dossiers"),
		single_column: true,
	});
	wrapper.incomplete = new IncompleteDossiers(page);
};

frappe.pages["incomplete-dossiers"].on_page_show = (wrapper) => wrapper.incomplete.show();

class IncompleteDossiers {
	constructor(page) {
		this.page = page;
		this.chosen = new Set();
		this.asked = 0;
		const filter = (df) => page.add_field({ ...df, change: () => this.load() });
		this.fields = {
			site: filter({ fieldname: "site", fieldtype: "Link", options: "Site", label: __("Site") }),
			activity: filter({
				fieldname: "activity",
				fieldtype: "Link",
				options: "Activity",
				label: __("Activity"),
			}),
			kind: filter({
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options: [
					{ value: "", label: __("Everything") },
					{ value: "Data", label: __("Data") },
					{ value: "Document", label: __("Documents") },
					{ value: "Authorisation", label: __("Authorisations") },
					{ value: "Mandate", label: __("Mandates") },
				],
			}),
			everybody: filter({
				fieldname: "everybody",
				fieldtype: "Check",
				label: __("Also Without Enrolment"),
			}),
		};
		this.code = null;
		page.add_menu_item(__("Export"), () => this.export());
		page.add_menu_item(__("Print"), () => window.print());
		this.body = $(`<div class="incomplete"><div class="inc-figures" role="group"></div>
			<div class="inc-bar"></div><div class="inc-list"></div><div class="inc-weeks"></div></div>`).appendTo(
			page.main,
		);
		this.body.on("click", ".inc-figure", (event) => this.choose_code(event.currentTarget.dataset));
		this.body.on("change", ".inc-row input", (event) => this.tick(event.target));
		this.body.on("change", ".inc-all", (event) => this.tick_all(event.target.checked));
		this.body.on("click", ".inc-more", () => this.more());
		frappe.realtime.on("document_reminders_done", (counts) => this.done(counts));
	}

	show() {
		const options = frappe.route_options || {};
		frappe.route_options = null;
		for (const name of ["site", "activity"]) {
			if (options[name]) this.fields[name].set_value(options[name]);
		}
		this.load();
	}

	filters() {
		const values = {
			code: this.code?.code || "",
			kind: this.code?.kind || this.fields.kind.get_value() || "",
		};
		for (const name of ["site", "activity"]) values[name] = this.fields[name].get_value() || "";
		values.everybody = this.fields.everybody.get_value() ? 1 : 0;
		return values;
	}

	async load() {
		const number = ++this.asked;
		if (!this.data) this.body.find(".inc-list").html(`<p class="text-muted">${__("Loading…")}</p>`);
		const data = await this.ask({});
		if (number !== this.asked) return; // an older question
		this.data = data;
		this.chosen = new Set([...this.chosen].filter((name) => data.families.includes(name)));
		this.draw();
		this.draw_weeks(number);
	}

	// The weeks before: one column for each site, or the details of the one that is chosen.
	async draw_weeks(number) {
		const site = this.fields.site.get_value() || "";
		const rows = await frappe.xcall("concerto_education.activities.incomplete.api.history", { site });
		if (number !== this.asked) return;
		const place = this.body.find(".inc-weeks");
		if (!rows.length) return place.empty();
		const sites = [...new Set(rows.map((row) => row.site))].sort();
		const weeks = [...new Set(rows.map((row) => row.week))];
		const sum = (found, field) => found.reduce((total, row) => total + row[field], 0);
		const heads = [...sites, __("Of Which Block an Enrolment"), __("Reminded in the Week Before")];
		const cells = (week) => {
			const found = rows.filter((row) => row.week === week);
			const by_site = sites.map((name) => found.find((row) => row.site === name)?.dossiers ?? "–");
			return [...by_site, sum(found, "blocking"), sum(found, "reminded")];
		};
		place.html(
			`<h4>${this.text(__("Week by Week"))}</h4>
			<p class="text-muted small">${this.text(
				__(
					"Incomplete dossiers on each Monday; a dossier counts at each site where a child of it is enrolled.",
				),
			)}</p>
			<div class="inc-scroll"><table class="table table-sm"><thead><tr><th scope="col">${this.text(__("Week"))}</th>${heads
				.map((head) => `<th scope="col">${this.text(head)}</th>`)
				.join("")}</tr></thead><tbody>${weeks
				.map(
					(week) =>
						`<tr><th scope="row">${frappe.datetime.str_to_user(week)}</th>${cells(week)
							.map((cell) => `<td>${this.text(cell)}</td>`)
							.join("")}</tr>`,
				)
				.join("")}</tbody></table></div>`,
		);
	}

	ask(more) {
		return frappe.xcall("concerto_education.activities.incomplete.api.page", {
			...this.filters(),
			...more,
		});
	}

	async more() {
		const next = await this.ask({ start: this.data.rows.length });
		this.data.rows.push(...next.rows);
		this.draw();
	}

	// ---------------------------------------------------------------- drawing

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	draw() {
		this.draw_figures();
		const { rows, families } = this.data;
		if (!rows.length) {
			this.body
				.find(".inc-list")
				.html(
					`<div class="concerto-empty">${this.text(__("No incomplete dossier here. Choose another site or activity."))}</div>`,
				);
			this.draw_bar();
			return;
		}
		const more = families.length - rows.length;
		this.body
			.find(".inc-list")
			.html(
				rows.map((row) => this.row(row)).join("") +
					(more > 0
						? `<button class="btn btn-default inc-more">${this.text(__("Show {0} more", [more]))}</button>`
						: ""),
			);
		this.draw_bar();
	}

	draw_figures() {
		const chosen = this.code;
		const figures = this.data.choices.slice(0, 12).map(
			(
				one,
			) => `<button class="inc-figure ${chosen?.code === one.code && chosen?.kind === one.kind ? "is-chosen" : ""}"
				data-kind="${this.text(one.kind)}" data-code="${this.text(one.code)}"
				aria-pressed="${chosen?.code === one.code}"><b>${one.count}</b> ${this.text(one.label)}</button>`,
		);
		this.body.find(".inc-figures").html(figures.join(""));
	}

	row(row) {
		const groups = new Map();
		for (const item of row.items) {
			const title = item.subject || "";
			groups.set(title, [...(groups.get(title) || []), item]);
		}
		const lacks = [...groups].map(
			([title, items]) =>
				`<div class="inc-group">${title ? `<span class="inc-who">${this.text(title)}</span>` : ""}${items
					.map(
						(item) =>
							`<span class="concerto-tag ${item.blocking ? "is-danger" : ""}" title="${this.text(
								item.activities.join(", "),
							)}">${this.text(item.label)}${
								item.state === "Missing" ? "" : ` · ${this.text(item.reason)}`
							}</span>`,
					)
					.join("")}</div>`,
		);
		const last = row.last
			? __("Reminded on {0} ({1})", [
					frappe.datetime.str_to_user(String(row.last.sent_at).slice(0, 10)),
					__(row.last.state),
				])
			: __("Never reminded");
		const mail = row.email
			? ""
			: `<span class="concerto-tag">${this.text(__("No e-mail: letter"))}</span>`;
		const id = `inc-${this.text(row.family)}`;
		return `<div class="inc-row">
			<input type="checkbox" id="${id}" value="${this.text(row.family)}" ${this.chosen.has(row.family) ? "checked" : ""}>
			<label for="${id}" class="sr-only">${this.text(__("Choose {0}", [row.family_name]))}</label>
			<div class="inc-family"><a href="/app/family/${encodeURIComponent(row.family)}">${this.text(
				row.family_name,
			)}</a><div class="text-muted small">${this.text(row.people)}</div></div>
			<div class="inc-lacks">${lacks.join("")}</div>
			<div class="inc-last text-muted small">${this.text(last)} ${mail}</div></div>`;
	}

	draw_bar() {
		const total = this.data.families.length;
		const count = this.chosen.size;
		const words = count
			? __("{0} of {1} dossiers chosen", [count, total])
			: total === 1
				? __("1 incomplete dossier")
				: __("{0} incomplete dossiers", [total]);
		this.body
			.find(".inc-bar")
			.html(
				total
					? `<label><input type="checkbox" class="inc-all" ${count && count === total ? "checked" : ""}> ${this.text(words)}</label>`
					: "",
			);
		this.page.clear_primary_action();
		this.page.clear_secondary_action();
		if (!this.data.may_remind || !count) return;
		this.page.set_primary_action(__("Send the Reminder ({0})", [count]), () => this.remind());
		this.page.set_secondary_action(__("Print the Letters"), () => this.letters());
	}

	// ---------------------------------------------------------------- choosing and acting

	choose_code({ kind, code }) {
		this.code = this.code?.code === code && this.code?.kind === kind ? null : { kind, code };
		this.load();
	}

	tick(box) {
		this.chosen[box.checked ? "add" : "delete"](box.value);
		this.draw_bar();
	}

	tick_all(checked) {
		this.chosen = new Set(checked ? this.data.families : []);
		this.draw();
	}

	remind() {
		const families = [...this.chosen];
		const late = families.filter((name) => this.data.late.includes(name)).length;
		const left_out = late ? ` ${__("{0} were reminded just now and are left out.", [late])}` : "";
		frappe.confirm(
			__("Send each of the {0} families the list of what is missing?", [families.length - late]) +
				left_out,
			async () => {
				const answer = await frappe.xcall(
					"concerto_education.families.documents.api.send_reminders",
					{ families: JSON.stringify(families) },
				);
				frappe.show_alert({
					message: __("{0} reminders are being sent. Without e-mail: {1}", [
						answer.ready,
						answer.no_email,
					]),
					indicator: "blue",
				});
			},
		);
	}

	done(counts) {
		const failed = counts.failed ? ` ${__("{0} failed: see the reminders.", [counts.failed])}` : "";
		frappe.show_alert({
			message: __("{0} reminders sent.", [counts.queued || 0]) + failed,
			indicator: counts.failed ? "orange" : "green",
		});
		this.chosen = new Set();
		this.load();
	}

	letters() {
		open_url_post(
			"/api/method/concerto_education.families.documents.api.print_letters",
			{ families: JSON.stringify([...this.chosen]) },
			true,
		);
		$(window).one("focus", () => this.load());
	}

	export() {
		const query = new URLSearchParams(this.filters());
		window.open(`/api/method/concerto_education.activities.incomplete.api.export?${query}`, "_blank");
	}
}
