// What doesn't fit together in the records: each rule with its count, its trend and the list to mend (R7, R33).
frappe.pages["coherence-check"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Coherence Check"),
		single_column: true,
	});
	wrapper.coherence = new CoherenceCheck(page);
};

frappe.pages["coherence-check"].on_page_show = (wrapper) => wrapper.coherence.show();

const COHERENCE = "concerto_education.authority.coherence.api.";

class CoherenceCheck {
	constructor(page) {
		this.page = page;
		this.site = "";
		this.asked = 0;
		$(page.main).html(`<div class="coherence">
			<div class="coh-bar">
				<label>${__("Site")} <select class="form-control coh-site"></select></label>
				<button type="button" class="btn btn-default coh-again">${__("Check Again")}</button>
			</div>
			<p class="coh-sum" aria-live="polite"></p>
			<div class="coh-topics"></div>
		</div>`);
		this.root = page.main.find(".coherence");
		this.root.on("change", ".coh-site", (event) => {
			this.site = event.target.value;
			this.load();
		});
		this.root.on("click", ".coh-again", () => this.load());
		this.root.on("click", "[data-line]", (event) => {
			event.preventDefault();
			const line = this.lines[event.currentTarget.dataset.line];
			frappe.route_options = Object.keys(line.options).length ? line.options : null;
			frappe.set_route(line.route);
		});
		this.root.on("click", ".coh-export", (event) => this.export(event.currentTarget.dataset.code));
	}

	show() {
		const site = frappe.route_options?.site || frappe.utils.get_url_arg("site");
		this.open = frappe.route_options?.rule || null;
		frappe.route_options = null;
		if (site) this.site = site;
		this.load();
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	async load() {
		const number = ++this.asked;
		const site = this.site || undefined;
		const data = await frappe.xcall(`${COHERENCE}overview`, { site });
		if (number !== this.asked) return;
		this.data = data;
		this.lines = [];
		this.found = {};
		this.draw_frame();
		// A heading at a time: what is counted already can be read while the rest is looked for.
		for (const topic of data.topics) {
			const found = await frappe.xcall(`${COHERENCE}check_topic`, { topic: topic.topic, site });
			if (number !== this.asked) return;
			Object.assign(this.found, found);
			for (const rule of topic.rules) this.draw_rule(rule, found[rule.code]);
			this.draw_sum();
		}
		this.root.attr("data-ready", number);
	}

	// ---------------------------------------------------------------- drawing

	draw_frame() {
		this.root.removeAttr("data-ready");
		this.page.clear_menu();
		if (this.data.may_set) {
			this.page.add_menu_item(__("Severity and Messages"), () =>
				frappe.set_route("Form", "Coherence Settings"),
			);
		}
		const option = (value, label) =>
			`<option value="${this.text(value)}" ${value === this.site ? "selected" : ""}>${this.text(label)}</option>`;
		this.root
			.find(".coh-site")
			.html(
				option("", __("All My Sites")) + this.data.sites.map((name) => option(name, name)).join(""),
			);
		this.root.find(".coh-sum").text(__("Looking…"));
		this.root.find(".coh-topics").html(
			this.data.topics
				.map(
					(topic) => `<section class="coh-topic"><h3>${this.text(topic.title)}</h3>
					${topic.rules
						.map(
							(rule) =>
								`<details class="coh-rule" data-rule="${rule.code}">${this.head(rule, null)}</details>`,
						)
						.join("")}</section>`,
				)
				.join(""),
		);
	}

	draw_rule(rule, found) {
		const $rule = this.root.find(`[data-rule="${rule.code}"]`);
		$rule.html(this.head(rule, found.count) + this.body(rule, found));
		$rule.toggleClass("is-clean", !found.count);
		$rule.toggleClass("is-blocking", Boolean(found.count) && rule.severity === "Blocking for Billing");
		if (this.open === rule.code) $rule.prop("open", true);
	}

	head(rule, count) {
		const sign = count === null ? "…" : count ? "" : "✓";
		const blocking = rule.severity === "Blocking for Billing";
		return `<summary>
			<span class="coh-count" aria-label="${count === null ? __("Looking…") : count}">${sign || count}</span>
			<span class="coh-title">${this.text(rule.title)}
				${blocking ? `<span class="coh-tag">${__("blocks the billing")}</span>` : ""}</span>
			<span class="coh-trend">${this.trend(rule.trend, count)}</span>
		</summary>`;
	}

	body(rule, found) {
		const lines = found.lines.map((line) => {
			const number = this.lines.push(line) - 1;
			const sites = this.site ? "" : `<small>${this.text(line.sites.join(", "))}</small>`;
			return `<li><a href="#" data-line="${number}">${this.text(line.title)}</a>
				<span>${this.text(line.detail)}</span>${sites}</li>`;
		});
		const more = found.more ? `<p class="coh-more">${__("and {0} more", [found.more])}</p>` : "";
		const sheet =
			found.count && this.data.may_export
				? `<button type="button" class="btn btn-default btn-sm coh-export" data-code="${rule.code}">${__(
						"Export",
					)}</button>`
				: "";
		return `<div class="coh-body"><p class="coh-help">${this.text(rule.help)}</p>
			${lines.length ? `<ul>${lines.join("")}</ul>` : `<p class="coh-none">${__("Nothing to mend.")}</p>`}
			${more}${sheet}</div>`;
	}

	// A line of the last weeks, and what has changed since the last one.
	trend(weeks, count) {
		if (!weeks.length) return "";
		const values = weeks.map((week) => week.count).concat(count === null ? [] : [count]);
		const top = Math.max(...values, 1);
		const step = values.length > 1 ? 88 / (values.length - 1) : 0;
		const points = values.map((value, at) => `${4 + at * step},${24 - (20 * value) / top}`);
		const last = points[points.length - 1].split(",");
		const since = count === null ? 0 : count - weeks[weeks.length - 1].count;
		const said = since
			? __("{0} since Monday", [(since > 0 ? "+" : "−") + Math.abs(since)])
			: __("unchanged");
		const mood = since > 0 ? "is-worse" : since < 0 ? "is-better" : "";
		return `<svg viewBox="0 0 96 28" width="96" height="28" aria-hidden="true"><polyline points="${points.join(
			" ",
		)}"/><circle cx="${last[0]}" cy="${last[1]}" r="2.6"/></svg>
			<small class="${mood}">${count === null ? "" : said}</small>`;
	}

	draw_sum() {
		const rules = this.data.topics
			.flatMap((topic) => topic.rules)
			.filter((rule) => this.found[rule.code]);
		const total = rules.reduce((sum, rule) => sum + this.found[rule.code].count, 0);
		const clean = rules.filter((rule) => !this.found[rule.code].count).length;
		const blocking = rules.filter(
			(rule) => rule.severity === "Blocking for Billing" && this.found[rule.code].count,
		).length;
		const parts = [
			total ? __("{0} points to mend", [total]) : __("Nothing to mend."),
			__("{0} of {1} rules are clean", [clean, rules.length]),
		];
		if (blocking) parts.push(__("{0} block the billing", [blocking]));
		this.root.find(".coh-sum").text(parts.join(" · "));
	}

	export(code) {
		open_url_post(`/api/method/${COHERENCE}export`, { code, ...(this.site ? { site: this.site } : {}) });
	}
}
