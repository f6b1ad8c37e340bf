// A month of a custody calendar: a table of days, each with the letter and the colour of who has the child (R19).
frappe.provide("concerto.custody");

(() => {
	// Two forms load this file: the calendar itself and the dossier.
	if (concerto.custody.Calendar) return;

	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const LANGUAGE = () => frappe.boot.lang || "fr";
	// At noon, so that no time zone moves it to the day before.
	const as_date = (day) => new Date(`${day}T12:00:00`);
	const in_words = (day, options) => as_date(day).toLocaleDateString(LANGUAGE(), options);
	const full = (day) => in_words(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
	const add_days = (day, number) => frappe.datetime.add_days(day, number);

	function weekday_names() {
		// 1 June 2026 is a Monday.
		return [1, 2, 3, 4, 5, 6, 7].map((number) => {
			const day = `2026-06-0${number}`;
			return [in_words(day, { weekday: "short" }), in_words(day, { weekday: "long" })];
		});
	}

	concerto.custody.full_date = full;

	const KIND = ["is-first", "is-second"];

	function describe(day, payers) {
		const who = day.payer === null ? __("outside the calendar") : payers[day.payer].title;
		return [
			full(day.date),
			who,
			day.exception ? __("exception: {0}", [day.note || __("agreed otherwise")]) : "",
			day.holiday || "",
			day.public_holiday || "",
		]
			.filter(Boolean)
			.join(", ");
	}

	function cell(day, payers, editable) {
		if (!day) return `<td class="concerto-custody-none"></td>`;
		const inside = day.payer !== null;
		const classes = [
			inside ? KIND[day.payer] : "is-outside",
			day.exception ? "is-exception" : "",
			day.holiday ? "is-holiday" : "",
			day.public_holiday ? "is-public" : "",
			day.date === frappe.datetime.get_today() ? "is-today" : "",
		].join(" ");
		const face = `<span class="concerto-custody-date">${Number(day.date.slice(8))}</span>
			<span class="concerto-custody-who">${inside ? esc(payers[day.payer].letter) : ""}${day.exception ? "*" : ""}</span>`;
		const label = `aria-label="${esc(describe(day, payers))}" title="${esc(describe(day, payers))}"`;
		return editable && inside
			? `<td><button type="button" class="concerto-custody-day ${classes}" data-day="${day.date}" tabindex="-1" ${label}>${face}</button></td>`
			: `<td><div class="concerto-custody-day ${classes}" ${label} role="img">${face}</div></td>`;
	}

	function table(data, editable) {
		const lead = (as_date(data.days[0].date).getDay() + 6) % 7;
		const cells = [...Array(lead).fill(null), ...data.days];
		while (cells.length % 7) cells.push(null);
		const weeks = [];
		for (let start = 0; start < cells.length; start += 7) {
			const row = cells.slice(start, start + 7);
			const week = row.find(Boolean).week;
			weeks.push(
				`<tr><th scope="row" class="concerto-custody-week" title="${esc(__("Week {0}", [week]))}">${week}</th>${row
					.map((day) => cell(day, data.payers, editable))
					.join("")}</tr>`,
			);
		}
		const head = weekday_names()
			.map(([short, long]) => `<th scope="col"><abbr title="${esc(long)}">${esc(short)}</abbr></th>`)
			.join("");
		return `<table class="concerto-custody-table">
			<caption class="sr-only">${esc(title(data.month))}</caption>
			<thead><tr><th scope="col"><abbr title="${esc(__("Number of the week"))}">${esc(__("Wk"))}</abbr></th>${head}</tr></thead>
			<tbody>${weeks.join("")}</tbody></table>`;
	}

	const title = (month) => in_words(`${month}-01`, { month: "long", year: "numeric" });

	function legend(data) {
		const count = (place) => data.days.filter((day) => day.payer === place).length;
		const payers = data.payers.map(
			(
				payer,
				place,
			) => `<li><span class="concerto-custody-sample ${KIND[place]}">${esc(payer.letter)}</span>
				${esc(payer.title)} <span class="text-muted">${esc(__("{0} days", [count(place)]))}</span></li>`,
		);
		return `<ul class="concerto-custody-legend">${payers.join("")}
			<li><span class="concerto-custody-sample is-exception">*</span> ${esc(__("Exception"))}</li>
			<li><span class="concerto-custody-sample is-holiday"></span> ${esc(__("School Holidays"))}</li></ul>`;
	}

	// `load(month)` gives the month; `on_day(day, data)` makes the days buttons.
	concerto.custody.Calendar = class {
		constructor(wrapper, { load, on_day, month }) {
			Object.assign(this, { load, on_day, wrapper: $(wrapper) });
			this.month = month || frappe.datetime.get_today().slice(0, 7);
			this.wrapper.off(".custody");
			this.wrapper.on("click.custody", "[data-move]", (event) =>
				this.move(Number(event.currentTarget.dataset.move)),
			);
			this.wrapper.on("click.custody", "[data-today]", () => this.go(frappe.datetime.get_today()));
			this.wrapper.on("click.custody", "button[data-day]", (event) =>
				this.choose(event.currentTarget.dataset.day),
			);
			this.wrapper.on("keydown.custody", "button[data-day]", (event) => this.key(event));
		}

		move(months) {
			return this.go(frappe.datetime.add_months(`${this.month}-01`, months));
		}

		go(day, focus = false) {
			this.month = day.slice(0, 7);
			this.focus = day;
			return this.draw().then(() => focus && this.focus_day(day));
		}

		async draw() {
			const asked = (this.asked = {});
			const data = await this.load(`${this.month}-01`);
			if (asked !== this.asked) return; // another month was asked for meanwhile
			this.data = data;
			if (data.incomplete) {
				this.wrapper.html(`<div class="concerto-empty">${esc(data.incomplete)}</div>`);
				return;
			}
			const arrow = (move, text, sign) =>
				`<button type="button" class="btn btn-default btn-sm" data-move="${move}" aria-label="${esc(text)}" title="${esc(text)}">${sign}</button>`;
			const unknown = data.known_year
				? ""
				: `<p class="text-muted">${esc(__("The school year of this month is not recorded yet: its holidays are missing here."))}</p>`;
			this.wrapper.html(`<div class="concerto-custody">
				<div class="concerto-custody-bar">
					${arrow(-1, __("Previous Month"), "‹")}
					<strong aria-live="polite">${esc(title(data.month))}</strong>
					${arrow(1, __("Next Month"), "›")}
					<button type="button" class="btn btn-default btn-sm" data-today>${esc(__("Today"))}</button>
				</div>
				${table(data, Boolean(this.on_day))}${legend(data)}${unknown}
				${this.on_day ? `<p class="text-muted">${esc(__("Choose a day to agree otherwise. Arrow keys move, Page Up and Page Down change the month."))}</p>` : ""}
			</div>`);
			const buttons = this.wrapper.find("button[data-day]");
			const wanted = buttons.filter(`[data-day="${this.focus || frappe.datetime.get_today()}"]`);
			(wanted.length ? wanted : buttons).first().attr("tabindex", "0");
		}

		choose(day) {
			this.focus = day;
			this.on_day(
				this.data.days.find((row) => row.date === day),
				this.data,
			);
		}

		key(event) {
			const day = event.currentTarget.dataset.day;
			const from_monday = (as_date(day).getDay() + 6) % 7;
			const to = {
				ArrowLeft: () => add_days(day, -1),
				ArrowRight: () => add_days(day, 1),
				ArrowUp: () => add_days(day, -7),
				ArrowDown: () => add_days(day, 7),
				Home: () => add_days(day, -from_monday),
				End: () => add_days(day, 6 - from_monday),
				PageUp: () => frappe.datetime.add_months(day, -1),
				PageDown: () => frappe.datetime.add_months(day, 1),
			}[event.key];
			if (!to) return;
			event.preventDefault();
			event.stopPropagation();
			const target = to();
			if (target.slice(0, 7) === this.month) this.focus_day(target);
			else this.go(target, true);
		}

		focus_day(day) {
			const buttons = this.wrapper.find("button[data-day]");
			const found = buttons.filter(`[data-day="${day}"]`);
			if (!found.length) return;
			buttons.attr("tabindex", "-1");
			found.attr("tabindex", "0").trigger("focus");
			this.focus = day;
		}
	};
})();
