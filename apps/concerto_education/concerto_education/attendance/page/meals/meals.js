// Meals: what each site ordered from its kitchen, for a day or a week; orders and corrections are made here (R27, R41).

const API = "concerto_education.attendance.meals.api.";
const CHOICE = "concerto-meals";
const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

frappe.pages["meals"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Meals"), single_column: true });
	wrapper.meals = new MealsPage(page);
};

frappe.pages["meals"].on_page_show = (wrapper) => wrapper.meals.show();

class MealsPage {
	constructor(page) {
		this.page = page;
		this.week = false;
		this.$root = $(`<div class="meals">
			<div class="meals-bar">
				<label class="meals-kitchen"><span>${__("Kitchen")}</span><select class="form-control"></select></label>
				<div class="meals-date"><span>${__("Date")}</span><div>
					<button type="button" class="btn btn-default" data-step="-1" title="${__("Day before")}" aria-label="${__("Day before")}">‹</button>
					<div class="meals-day"></div>
					<button type="button" class="btn btn-default" data-step="1" title="${__("Day after")}" aria-label="${__("Day after")}">›</button>
				</div></div>
				<div class="meals-span btn-group" role="group" aria-label="${__("Period")}">
					<button type="button" class="btn btn-default" data-week="0">${__("Day")}</button>
					<button type="button" class="btn btn-default" data-week="1">${__("Week")}</button>
				</div>
				<div class="meals-out">
					<button type="button" class="btn btn-default" data-out="pdf">${__("Print (PDF)")}</button>
					<button type="button" class="btn btn-default" data-out="csv">${__("Table (CSV)")}</button>
				</div>
			</div>
			<div class="meals-body"></div>
		</div>`).appendTo(page.main);
		this.$body = this.$root.find(".meals-body");
		this.$kitchen = this.$root.find(".meals-kitchen select").on("change", () => this.load());
		this.make_day();
		this.listen();
		this.ready = this.load_options();
	}

	make_day() {
		this.day_field = frappe.ui.form.make_control({
			parent: this.$root.find(".meals-day"),
			df: { fieldtype: "Date", fieldname: "day", label: __("Date") },
			only_input: true,
			render_input: true,
		});
		this.day_field.df.change = () => {
			const day = this.day_field.get_value();
			if (day && day !== this.day) this.go(day);
		};
	}

	async load_options() {
		this.kitchens = await frappe.xcall(`${API}options`);
		this.$kitchen.html(
			this.kitchens.map(({ kitchen }) => `<option value="${esc(kitchen)}">${esc(kitchen)}</option>`),
		);
		this.$kitchen.prop("disabled", this.kitchens.length < 2);
		this.$kitchen.val(localStorage.getItem(CHOICE) || this.kitchens[0]?.kitchen);
		if (!this.$kitchen.val()) this.$kitchen.val(this.kitchens[0]?.kitchen);
	}

	async show() {
		await this.ready;
		const route = frappe.route_options || {};
		frappe.route_options = null;
		if (route.week !== undefined) this.week = Boolean(route.week);
		this.go(route.day || this.day || frappe.datetime.get_today());
	}

	go(day) {
		this.day = day;
		if (this.day_field.get_value() !== day) this.day_field.set_value(day);
		this.load();
	}

	listen() {
		this.$root.on("click", "[data-step]", (event) => {
			const step = Number(event.currentTarget.dataset.step) * (this.week ? 7 : 1);
			this.go(this.next(step));
		});
		this.$root.on("click", "[data-week]", (event) => {
			this.week = event.currentTarget.dataset.week === "1";
			this.load();
		});
		this.$root.on("click", "[data-out]", (event) => this.download(event.currentTarget.dataset.out));
		this.$root.on("click", "[data-order]", (event) => this.order(event.currentTarget.dataset.order));
		this.$root.on("click", "[data-versions]", (event) =>
			this.show_versions(event.currentTarget.dataset.versions),
		);
		this.$root.on("change", ".meals-adults input", (event) => this.set_adults(event.currentTarget));
		this.$root.on("click", "[data-open]", (event) => {
			this.week = false;
			this.go(event.currentTarget.dataset.open);
		});
	}

	/** By days; on workdays a step over the weekend lands on Friday or Monday. */
	next(step) {
		const day = moment(this.day).add(step, "days");
		while (!this.week && day.isoWeekday() > 5) day.add(Math.sign(step), "days");
		return day.format("YYYY-MM-DD");
	}

	get kitchen() {
		return this.$kitchen.val();
	}

	async load() {
		if (!this.kitchens.length) {
			this.$body.html(
				`<div class="meals-empty"><h4>${__("No kitchen yet")}</h4><p>${__(
					"An administrator adds the kitchen and the sites it serves in “Meal Service”.",
				)}</p></div>`,
			);
			return;
		}
		localStorage.setItem(CHOICE, this.kitchen);
		this.$root.find("[data-week]").each((_index, button) => {
			button.setAttribute("aria-pressed", String((button.dataset.week === "1") === this.week));
		});
		const asked = (this.asked = { kitchen: this.kitchen, day: this.day });
		const method = this.week ? "load_week" : "load_day";
		const data = await frappe.xcall(`${API}${method}`, asked);
		if (asked !== this.asked) return;
		this.$body.html(this.week ? week_html(data) : day_html(data));
	}

	download(what) {
		const method = what === "csv" ? "table" : this.week ? "week_pdf" : "day_pdf";
		const week = what === "csv" && this.week ? { week: 1 } : {};
		const query = new URLSearchParams({ kitchen: this.kitchen, day: this.day, ...week });
		window.open(`/api/method/${API}${method}?${query}`);
	}

	async order(site) {
		const answer = await frappe.xcall(`${API}order`, { site, day: this.day });
		frappe.show_alert({ message: answer.message, indicator: answer.made ? "green" : "blue" }, 7);
		this.load();
	}

	async set_adults(input) {
		const adults = Number(input.value);
		if (!Number.isInteger(adults) || adults < 0) {
			frappe.show_alert({ message: __("Adults: a whole number from 0"), indicator: "red" });
			return;
		}
		await frappe.xcall(`${API}set_adults`, { site: input.dataset.site, day: this.day, adults });
		frappe.show_alert({ message: __("Number of adults kept"), indicator: "green" });
		this.load();
	}

	async show_versions(site) {
		const found = await frappe.xcall(`${API}versions`, { site, day: this.day });
		const dialog = new frappe.ui.Dialog({
			title: `${site} – ${long_date(this.day)}`,
			size: "large",
			fields: [{ fieldtype: "HTML", fieldname: "versions" }],
		});
		dialog.get_field("versions").$wrapper.html(found.map(version_html).join(""));
		dialog.show();
	}
}

// ---------------------------------------------------------------- how it looks

function date_text(day, parts) {
	const [year, month, date] = day.split("-").map(Number);
	return new Date(year, month - 1, date).toLocaleDateString(frappe.boot.lang || "fr", parts);
}

const long_date = (day) =>
	date_text(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

const moment_text = (value) => (value ? moment(value).format("DD/MM HH:mm") : "");
const signed = (number) => (number > 0 ? `+${number}` : `−${Math.abs(number)}`);

function day_html(data) {
	const own = data.own_meals ? `<span>+ ${__("{0} own meals", [data.own_meals])}</span>` : "";
	const wait = data.ordered
		? ""
		: `<p class="meals-wait">${__("Not everything is ordered yet: forecasts may still change.")}</p>`;
	return `<div class="meals-head"><h3>${esc(long_date(data.day))}</h3>
			<p class="meals-total"><b>${data.total}</b> ${__("meals to cook")} ${own}</p>${wait}</div>
		<div class="meals-sites">${data.sites.map(site_html).join("")}</div>
		${plates_html(data)}`;
}

function site_html(site) {
	return `<section class="meals-site is-${site.state.toLowerCase()}" data-site="${esc(site.site)}">
		<header><h4>${esc(site.site)}</h4>${state_html(site)}</header>
		${site.state === "Closed" ? `<p class="text-muted">${__("No meal on that day.")}</p>` : table_html(site)}
		${actions_html(site)}
	</section>`;
}

function state_html(site) {
	if (site.state === "Closed") return `<span class="meals-mark">${__("No meal")}</span>`;
	if (site.state === "Forecast")
		return `<span class="meals-mark is-forecast">${__("Forecast")}</span>
			<small>${site.late ? __("cut-off passed") : __("ordered on {0}", [moment_text(site.cut_off)])}</small>`;
	const label = site.version ? __("Correction {0}", [site.version]) : __("Order");
	const sent = site.sent_at ? ` · ${__("sent")}` : "";
	return `<span class="meals-mark ${site.version ? "is-correction" : "is-order"}">${label}</span>
		<small>${moment_text(site.ordered_at)}${sent}</small>`;
}

function table_html({ rows, total }) {
	const line = (row) => `<tr class="${row.own_meal ? "is-own" : ""}">
		<td>${esc(row.age_class)}</td><td>${esc(row.label)}</td>
		<td class="number">${row.quantity}</td>
		<td class="step">${row.difference ? signed(row.difference) : ""}</td></tr>`;
	return `<table><tbody>${rows.map(line).join("")}
		<tr class="is-sum"><td colspan="2">${__("To cook")}</td><td class="number">${total}</td><td></td></tr></tbody></table>`;
}

function actions_html(site) {
	const parts = [];
	if (site.may_order) {
		parts.push(`<label class="meals-adults">${__("Adults without enrolment")}
			<input type="number" min="0" max="200" class="form-control" data-site="${esc(site.site)}"
				value="${site.extra_adults}"></label>`);
	}
	if (site.state === "Ordered") {
		parts.push(
			`<button type="button" class="btn btn-default" data-versions="${esc(site.site)}">${__(
				"Versions",
			)}</button>`,
		);
	}
	if (site.may_order && (site.state === "Forecast" || site.changed)) {
		const label =
			site.state === "Forecast"
				? __("Order Now")
				: site.pending
					? __("Make a Correction ({0})", [signed(site.pending)])
					: __("Make a Correction");
		parts.push(
			`<button type="button" class="btn btn-primary" data-order="${esc(site.site)}">${label}</button>`,
		);
	}
	return parts.length ? `<footer>${parts.join("")}</footer>` : "";
}

function plates_html(data) {
	const found = data.sites.flatMap((site) =>
		site.individual.map(
			(plate) => `<tr><td>${esc(site.site)}</td>
			<td><b>${esc(plate.name || "")}</b> ${esc(plate.class)}</td><td>${esc(plate.age_class)}</td>
			<td>${esc(plate.leave_out.join(", "))}${plate.pai ? " · PAI" : ""}</td><td>${esc(plate.diet)}</td></tr>`,
		),
	);
	if (!found.length) return "";
	return `<section class="meals-single"><h4>${__("Individual plates: allergies and PAI")}</h4>
		<table><thead><tr><th>${__("Site")}</th><th>${__("For whom")}</th><th>${__("Portion")}</th>
			<th>${__("Leave out")}</th><th>${__("Diet")}</th></tr></thead><tbody>${found.join("")}</tbody></table></section>`;
}

function week_html(boards) {
	const heads = boards
		.map(
			(board) =>
				`<th><button type="button" class="btn btn-link" data-open="${board.day}">${esc(
					date_text(board.day, { weekday: "short", day: "numeric", month: "short" }),
				)}</button></th>`,
		)
		.join("");
	const rows = boards[0].sites
		.map((site, place) => {
			const cells = boards.map((board) => {
				const one = board.sites[place];
				if (one.state === "Closed") return `<td class="is-closed">–</td>`;
				const mark = one.state === "Forecast" ? __("expected") : one.version ? __("corrected") : "";
				return `<td class="is-${one.state.toLowerCase()}">${one.total}<small>${mark}</small></td>`;
			});
			return `<tr><td>${esc(site.site)}</td>${cells.join("")}</tr>`;
		})
		.join("");
	const sums = boards.map((board) => `<td>${board.total}</td>`).join("");
	return `<table class="meals-week"><thead><tr><th>${__("Site")}</th>${heads}</tr></thead><tbody>${rows}
		<tr class="is-sum"><td>${__("Meals to cook")}</td>${sums}</tr></tbody></table>
		<p class="text-muted">${__("“Expected” is not ordered yet and may change.")}</p>`;
}

function version_html(version) {
	const title = version.version ? __("Correction {0}", [version.version]) : __("Order");
	const change = (one) => {
		const what =
			one.extra === null || one.extra === undefined
				? `${esc(one.before)} → ${esc(one.after)}`
				: signed(one.extra);
		return `<li><b>${esc(one.name)}</b> : ${what} <small class="text-muted">${esc(one.by || "")} ${moment_text(
			one.at,
		)}</small></li>`;
	};
	const step = version.difference ? ` (${signed(version.difference)})` : "";
	return `<div class="meals-version"><h5>${title} · ${__("{0} meals", [version.total])}${step}</h5>
		<p class="text-muted">${esc(__(version.origin))} · ${moment_text(version.ordered_at)} · ${esc(version.ordered_by)}</p>
		<ul>${version.changes.map(change).join("")}</ul></div>`;
}
