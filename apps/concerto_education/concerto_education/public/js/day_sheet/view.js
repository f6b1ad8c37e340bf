// How the day sheet looks: pure functions from the sheet to HTML.

// A sign beside each colour: the list must be readable without colours.
const STATUS = {
	Planned: { sign: "", label: () => __("To tick"), css: "planned" },
	Present: { sign: "✓", label: () => __("Present"), css: "present" },
	Absent: { sign: "A", label: () => __("Absent"), css: "absent" },
	Justified: { sign: "AJ", label: () => __("Justified"), css: "justified" },
};

export const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

export function counts(rows) {
	const count = { Planned: 0, Present: 0, Absent: 0, Justified: 0, expected: 0 };
	for (const row of rows) {
		count[row.status] += 1;
		if (row.planned) count.expected += 1;
	}
	return count;
}

export function empty(title, text, action = "") {
	return `<div class="ds-empty"><h4>${esc(title)}</h4><p>${esc(text)}</p>${action}</div>`;
}

// ---------------------------------------------------------------- head: day, counts, categories

export function head_html(sheet, filter, long_date) {
	const count = counts(sheet.rows);
	const tile = (status, number, label) =>
		`<button type="button" class="ds-count ds-is-${STATUS[status]?.css || "all"}" data-status="${status}"
			aria-pressed="${filter === status}"><b>${number}</b><span>${label}</span></button>`;
	const closed = sheet.closed
		? `<div class="ds-note ds-closed">${esc(__("Closed: {0}", [sheet.closed]))}</div>`
		: "";
	const future =
		sheet.day > sheet.today
			? `<div class="ds-note">${esc(__("Forecast: this day has not come yet."))}</div>`
			: "";
	const month = sheet.month_closed
		? `<div class="ds-note ds-closed">${esc(__("The month is closed: its attendance is confirmed."))}</div>`
		: "";
	return `<div class="ds-title"><h3>${esc(long_date)}</h3>${closed}${future}${month}</div>
		<div class="ds-counts">
			${tile("all", count.expected, __("Expected"))}
			${tile("Present", count.Present, __("Present (count)"))}
			${tile("Absent", count.Absent, __("Absent (A)"))}
			${tile("Justified", count.Justified, __("Justified (AJ)"))}
			${tile("Planned", count.Planned, __("Left to tick"))}
		</div>
		${categories_html(sheet.rows)}`;
}

/** What the kitchen asks for: how many of each category are expected or present. */
function categories_html(rows) {
	const found = new Map();
	for (const row of rows) {
		if (["Planned", "Present"].includes(row.status))
			found.set(row.category, (found.get(row.category) || 0) + 1);
	}
	if (found.size < 2) return "";
	const items = [...found].sort((a, b) => b[1] - a[1]);
	return `<p class="ds-categories">${items
		.map(([category, number]) => `${esc(category)} : <b>${number}</b>`)
		.join(" · ")}</p>`;
}

// ---------------------------------------------------------------- list

export function list_html(sheet, filter, text) {
	if (!sheet.rows.length) {
		const action = sheet.may_judge
			? `<button type="button" class="btn btn-default" data-act="plan">${__("Plan this month")}</button>`
			: "";
		return empty(
			__("Nobody is expected"),
			sheet.closed
				? __("The activity is closed on this day.")
				: __("Enrol children with a weekly pattern, or plan the month from their patterns."),
			sheet.closed ? "" : action,
		);
	}
	const rows = sheet.rows.filter((row) => matches(row, filter, text));
	if (!rows.length) return empty(__("No name matches"), __("Clear the search or the chosen count."));
	let last = null;
	return rows
		.map((row) => {
			const heading =
				row.class && row.class !== last ? `<h5 class="ds-class">${esc(row.class)}</h5>` : "";
			last = row.class;
			return heading + row_html(row, sheet);
		})
		.join("");
}

function matches(row, filter, text) {
	if (filter && filter !== "all" && row.status !== filter) return false;
	if (filter === "all" && !row.planned) return false;
	const plain = (value) =>
		value
			.normalize("NFD")
			.replace(/[\u0300-\u036f]/g, "")
			.toLowerCase();
	const name = plain(`${row.last_name} ${row.first_name} ${row.class}`);
	return plain(text || "")
		.split(/\s+/)
		.every((word) => name.includes(word));
}

export function row_html(row, sheet) {
	const status = STATUS[row.status];
	const judge = (act, sign, title, pressed, disabled) =>
		`<button type="button" class="ds-judge ds-${act}" data-act="${act}" aria-pressed="${pressed}"
			title="${title}" aria-label="${title} : ${esc(row.last_name)} ${esc(row.first_name)}"
			${disabled ? "disabled" : ""}>${sign}</button>`;
	const judges = sheet.may_judge
		? judge("absent", "A", __("Absent, unjustified"), row.status === "Absent", !sheet.may_tick) +
			judge("justified", "AJ", __("Justified absence"), row.status === "Justified", false)
		: "";
	// A child who is there can be fetched late (R10).
	const late =
		sheet.may_record_late && row.status === "Present"
			? judge("late", "+min", __("Late pick-up"), Boolean(row.late), false)
			: "";
	return `<div class="ds-row ds-is-${status.css}" role="listitem" data-name="${esc(row.name)}">
		<button type="button" class="ds-touch" data-act="touch" aria-pressed="${row.status === "Present"}">
			<span class="ds-sign" aria-hidden="true">${status.sign}</span>
			<span class="ds-number" aria-hidden="true">${sheet.rows.indexOf(row) + 1 || ""}</span>
			<span class="ds-who"><b>${esc(row.last_name)}</b> ${esc(row.first_name)}${marks(row)}</span>
			<span class="ds-status">${status.label()}${detail(row)}</span>
		</button>${late}${judges}</div>`;
}

function marks(row) {
	// Whoever may tick gets the child's marks; own meal is one of them.
	const found = (row.marks || []).map((mark) => [
		mark.severe ? "severe" : mark.kind,
		mark.label,
		mark.kind === "forbidden" ? "" : mark.text,
		mark.kind === "forbidden" ? mark.text : mark.label,
	]);
	const has_basket = found.some(([css]) => css === "basket");
	if (/panier/i.test(row.category) && !has_basket) found.push(["basket", row.category]);
	else if (row.category && row.category !== "Enfant" && !/panier/i.test(row.category))
		found.push(["category", row.category]);
	if (!row.planned) found.push(["unplanned", __("Not planned")]);
	if (row.late) {
		const excused = row.late.excused ? ` (${__("Excused")})` : "";
		found.push(["late", __("Late pick-up"), "", `+${row.late.minutes} min${excused}`]);
	}
	return found
		.map(
			([css, text, title, shown]) =>
				`<span class="ds-mark ds-${css}" title="${esc(title || "")}">${esc(shown || text)}</span>`,
		)
		.join("");
}

function detail(row) {
	if (row.status === "Planned") return "";
	const text = row.reason || (row.ticked_by ? row.ticked_by : "");
	return text ? `<small title="${esc(row.ticked || "")}">${esc(text)}</small>` : "";
}
