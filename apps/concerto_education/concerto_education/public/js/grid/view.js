// How the grid looks: pure functions from what is known to HTML. Each state has a letter and a shape of its own.

import { key_of } from "./model";
import { hours_text } from "./times";

export const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

export const STATES = {
	Planned: { sign: "○", css: "planned", label: () => __("Planned") },
	Present: { sign: "P", css: "present", label: () => __("Present") },
	Absent: { sign: "A", css: "absent", label: () => __("Absent (A)") },
	Justified: { sign: "AJ", css: "justified", label: () => __("Justified (AJ)") },
	Cancelled: { sign: "×", css: "cancelled", label: () => __("Cancelled") },
	Pattern: { sign: "↺", css: "pattern", label: () => __("As in the weekly pattern") },
};

const EXPECTED = new Set(["Planned", "Present", "Absent", "Justified"]);
/** Whether the day counts as booked: a presence that was not planned does not. */
const booked = (cell) => (cell.status === "Planned" ? true : EXPECTED.has(cell.status) && !!cell.planned);

/** Rows of totals: name → [label, does a cell count]. */
export function totals_of(grid) {
	const planned = ["planned", __("Planned"), booked];
	if (grid.mode === "forecast") return [planned];
	// Hours are those that the server has counted: what is not saved yet is not in them.
	const hours = [
		"hours",
		__("Hours"),
		(cell) => cell.status === "Present" && !cell.pending && cell.minutes,
	];
	return [
		planned,
		...(grid.model.hours ? [hours] : []),
		["present", __("Present"), (cell) => cell.status === "Present"],
		["absent", "A", (cell) => cell.status === "Absent"],
		["justified", "AJ", (cell) => cell.status === "Justified"],
		[
			"left",
			__("To tick"),
			(cell, day, model) => cell.status === "Planned" && model.date(day) <= model.today,
		],
	];
}

// ---------------------------------------------------------------- cells

export function cell_css(cell, closed, refused) {
	const css = ["ag-cell"];
	if (closed) css.push("is-closed");
	if (cell.status) css.push(`is-${STATES[cell.status].css}`);
	if (cell.pending) css.push("is-pending");
	if (cell.hand && !cell.pending && ["Planned", "Cancelled"].includes(cell.status)) css.push("is-hand");
	if (cell.late && !cell.pending) css.push("is-late");
	if (refused) css.push("is-refused");
	if (cell.status === "Present" && !cell.planned) css.push("is-unplanned");
	return css.join(" ");
}

export function cell_html(cell, model) {
	if (!cell.status) return "";
	if (model.hours && cell.status === "Present" && (cell.arrival || cell.departure)) {
		return `<i>${short_time(cell.arrival)}</i><i>${short_time(cell.departure) || "…"}</i>`;
	}
	return STATES[cell.status].sign;
}

const short_time = (text) => (text ? text.replace(/^0/, "").replace(":", "h") : "");

// ---------------------------------------------------------------- table

export function table_html(grid) {
	const { model, rows, days, mode } = grid;
	const several = grid.units.length > 1;
	const weeks = [];
	days.forEach((day, column) => {
		const number = iso_week(model.date(day));
		if (weeks.at(-1)?.number === number) weeks.at(-1).span += 1;
		else weeks.push({ number, span: 1, column });
	});
	const totals = totals_of(grid);
	const sums = grid.keyin ? [] : totals; // a paper list has one day: nothing to add up by person
	const grand = sums.length ? `<td class="ag-grand" colspan="${sums.length}"></td>` : "";
	const head = `<tr class="ag-weeks"><th class="ag-name">${grid.count_text()}</th>${weeks
		.map(
			({ number, span, column }) =>
				`<th colspan="${span}"><button type="button" class="ag-week" data-column="${column}" data-span="${span}"
					title="${__("Choose this week")}">${span > 1 ? __("Week {0}", [number]) : number}</button></th>`,
		)
		.join("")}${sums.length ? `<th colspan="${sums.length}"></th>` : ""}</tr>
		<tr class="ag-days"><th class="ag-name"><button type="button" class="ag-all"
			title="${__("Choose the whole month")}">${__("Name")}</button></th>${days
				.map((day, column) => {
					const info = model.days[day - 1];
					const date = model.date(day);
					const css = [
						info.closed || info.locked ? "is-closed" : "",
						date === model.today ? "is-today" : "",
					];
					return `<th class="${css.join(" ")}"><button type="button" class="ag-day" data-column="${column}"
					title="${esc(info.locked ? __("The month is closed") : info.closed || __("Choose this day"))}"
					>${weekday(date)}<b>${day}</b></button></th>`;
				})
				.join("")}${sums.map(([, label]) => `<th class="ag-sum">${label}</th>`).join("")}</tr>`;
	const body = rows.map((row, index) => row_html(grid, row, index, several, sums)).join("");
	const foot = totals
		.map(
			([name, label], place) =>
				`<tr data-total="${name}" style="--ag-below: ${totals.length - 1 - place}"><th class="ag-name">${label}</th>${days
					.map((day) => `<td data-day="${day}"></td>`)
					.join("")}${grand}</tr>`,
		)
		.join("");
	return `<table class="ag-table ag-${mode} ${model.hours ? "ag-hours" : ""}" role="grid"
		aria-rowcount="${rows.length}" aria-colcount="${days.length}">
		<thead>${head}</thead><tbody>${body}</tbody><tfoot>${foot}</tfoot></table>`;
}

function row_html(grid, row, index, several, totals) {
	const { model, days } = grid;
	const { person, unit } = row;
	const number = grid.keyin ? `<span class="ag-number">${row.number}</span>` : "";
	const detail = [person.class, person.group].filter(Boolean).join(" · ");
	// Of several units each has a row; the name stands in the first one.
	const first = grid.keyin || index % grid.units.length === 0;
	const who = `<button type="button" class="ag-who" data-row="${index}" title="${__("Choose this row")}">${number}<span><b>${esc(
		person.last_name,
	)}</b> ${esc(person.first_name)}</span>${detail ? `<small>${esc(detail)}</small>` : ""}</button>`;
	const label = several ? `<em class="ag-unit">${esc(unit.label)}</em>` : "";
	const name = `<th class="ag-name" scope="row"><div>${first ? who : ""}${label}</div></th>`;
	const cells = days
		.map((day, column) => {
			const key = key_of(person.enrolment, day, unit.unit);
			const cell = model.cell(key);
			return `<td id="ag-${index}-${column}" role="gridcell" data-row="${index}" data-column="${column}"
				class="${cell_css(cell, model.closed(person, day), model.refused.has(key))}"
				>${cell_html(cell, model)}</td>`;
		})
		.join("");
	return `<tr data-row="${index}" class="${first ? "ag-first" : ""}">${name}${cells}${totals
		.map(([key]) => `<td class="ag-sum" data-sum="${key}"></td>`)
		.join("")}</tr>`;
}

/** "lu", "ma", … in the language of the reader. */
function weekday(date) {
	return new Date(`${date}T12:00`)
		.toLocaleDateString(frappe.boot.lang || "fr", { weekday: "short" })
		.slice(0, 2);
}

/** Week of the ISO calendar, as in French diaries. */
export function iso_week(date) {
	return moment(date).isoWeek();
}

// ---------------------------------------------------------------- totals

/** Fill the totals by day and by person into a table that is drawn already. */
export function fill_totals($table, grid) {
	const { model, rows, days } = grid;
	const totals = totals_of(grid);
	const by_day = totals.map(() => new Array(days.length).fill(0));
	const body = $table.find("tbody tr").toArray();
	const shown = (place, sum) => (totals[place][0] === "hours" && sum ? hours_text(sum) : sum || "");
	rows.forEach((row, index) => {
		const sums = totals.map(() => 0);
		days.forEach((day, column) => {
			const cell = model.cell(key_of(row.person.enrolment, day, row.unit.unit));
			if (!cell.status) return;
			totals.forEach(([name, , counts], place) => {
				if (!counts(cell, day, model)) return;
				const number = name === "hours" ? cell.minutes : 1;
				sums[place] += number;
				by_day[place][column] += number;
			});
		});
		body[index].querySelectorAll("[data-sum]").forEach((element, place) => {
			element.textContent = shown(place, sums[place]);
		});
	});
	$table.find("tfoot tr").each((place, line) => {
		line.querySelectorAll("[data-day]").forEach((element, column) => {
			element.textContent = shown(place, by_day[place][column]);
		});
		const all = by_day[place].reduce((sum, number) => sum + number, 0);
		const grand = line.querySelector(".ag-grand");
		if (grand) grand.textContent = shown(place, all) || 0;
	});
}

// ---------------------------------------------------------------- words around the grid

export function legend_html(grid) {
	const shown =
		grid.mode === "forecast"
			? ["Planned", "Cancelled", "Present", "Absent", "Justified"]
			: Object.keys(STATES);
	const states = shown
		.filter((name) => name !== "Pattern")
		.map(
			(name) =>
				`<span><i class="ag-cell is-${STATES[name].css}">${STATES[name].sign}</i> ${STATES[name].label()}</span>`,
		);
	states.push(
		`<span><i class="ag-cell is-closed"></i> ${__("Closed or not enrolled")}</span>`,
		`<span><i class="ag-cell is-planned is-hand">○</i> ${__("Changed by hand")}</span>`,
		`<span><i class="ag-cell is-planned is-pending">○</i> ${__("Not saved yet")}</span>`,
		`<span><i class="ag-cell is-cancelled is-late">×</i> ${__("After the cut-off")}</span>`,
	);
	return states.join("");
}

export function keys_html(grid) {
	const key = (name, what) => `<span><kbd>${name}</kbd> ${what}</span>`;
	const common = [
		key("← ↑ → ↓", __("move")),
		key(__("Shift"), __("choose several")),
		key("Ctrl+Z", __("undo")),
		key("Ctrl+S", __("save")),
	];
	if (grid.mode === "forecast") {
		return [
			key(__("Space"), __("planned or not")),
			key("P", __("planned")),
			key(__("Del"), __("not planned")),
			key("T", __("weekly pattern again")),
			...common,
		].join("");
	}
	const hours = grid.model?.hours ? [key("8h10-11h45", __("type hours"))] : [];
	return [
		...hours,
		key("P", __("present")),
		key("A", __("absent")),
		key("J", __("justified, with its reason")),
		key("N", __("not planned")),
		key(__("Del"), __("take back")),
		...common,
	].join("");
}

/** One line on the chosen cell, or how many are chosen. */
export function status_html(grid) {
	const chosen = grid.selection.cells();
	if (!chosen.length) return "";
	if (chosen.length > 1) return esc(__("{0} cells chosen", [chosen.length]));
	const [{ row, day }] = chosen;
	const key = key_of(row.person.enrolment, day, row.unit.unit);
	const cell = grid.model.cell(key);
	const info = grid.model.days[day - 1];
	const closed = grid.model.closed(row.person, day);
	const parts = [
		`<b>${esc(row.person.last_name)} ${esc(row.person.first_name)}</b>`,
		esc(frappe.datetime.str_to_user(grid.model.date(day))),
		esc(row.unit.label),
		cell.status ? STATES[cell.status].label() : closed ? "" : __("Not planned"),
	];
	if (cell.reason) parts.push(esc(cell.reason));
	if (cell.arrival) parts.push(`${short_time(cell.arrival)}–${short_time(cell.departure) || "…"}`);
	if (cell.minutes && !cell.pending) parts.push(hours_text(cell.minutes));
	if (cell.note) parts.push(esc(cell.note));
	if (closed) parts.push(esc(closed));
	if (cell.late && !cell.pending) parts.push(esc(__(cell.late)));
	if (grid.mode === "forecast" && !closed) {
		const warning = cell.planned || cell.status === "Planned" ? info.cancel : info.book;
		if (warning) parts.push(`<em>${esc(warning)}</em>`);
	}
	const refused = grid.model.refused.get(key);
	if (refused) parts.push(`<em class="ag-why">${esc(refused)}</em>`);
	return parts.filter(Boolean).join(" · ");
}
