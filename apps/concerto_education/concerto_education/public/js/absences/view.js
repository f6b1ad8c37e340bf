// How the page of absences looks: pure functions from rows to HTML.

export const text = (value) => frappe.utils.escape_html(String(value ?? ""));

const NOTHING = () => ({
	Planned: __("Everybody who was expected is ticked."),
	Late: __("No late pick-up in this period."),
});

export const statuses = () => [
	["Planned", __("To decide")],
	["Absent", __("Absent (A)")],
	["Justified", __("Justified (AJ)")],
	["Late", __("Late pick-ups")],
];

export const choices = (values) =>
	values.map(([value, label]) => `<option value="${text(value)}">${text(label)}</option>`).join("");

/** What is shown: site, activity, days, class, and which rows. */
export function bar_html({ sites, activities, start, end, may_record_late }) {
	const all = (label, values) => [["", label], ...values.map((value) => [value, value])];
	const select = (name, label, values) =>
		`<label class="ab-field"><span>${label}</span><select class="form-control" name="${name}">${choices(
			values,
		)}</select></label>`;
	const day = (name, label, value) =>
		`<label class="ab-field ab-day"><span>${label}</span>
			<input type="date" class="form-control" name="${name}" value="${value}" required></label>`;
	return (
		select("site", __("Site"), all(__("All my sites"), sites)) +
		select("activity", __("Activity"), all(__("All activities"), activities)) +
		day("start", __("From"), start) +
		day("end", __("To"), end) +
		select("school_class", __("Class"), all(__("All classes"), [])) +
		select("status", __("Shown"), may_record_late ? statuses() : statuses().slice(0, 3))
	);
}

// ---------------------------------------------------------------- the list

export const group_of = (row) => [row.day, row.site, row.activity, row.unit].join("|");

/** `refused`: why the server refused a row, by its name. */
export function list_html(rows, { status, chosen, refused, more }) {
	if (!rows.length)
		return `<p class="ab-nothing">${NOTHING()[status] || __("No such absence in this period.")}</p>`;
	const groups = new Map();
	for (const row of rows) groups.set(group_of(row), [...(groups.get(group_of(row)) || []), row]);
	const shown = [...groups].map(([key, members]) => group_html(key, members, status, chosen, refused));
	const hint = more
		? `<p class="ab-more">${__("There are more: choose a site, an activity or fewer days.")}</p>`
		: "";
	return shown.join("") + hint;
}

function group_html(key, rows, status, chosen, refused) {
	const [first] = rows;
	const late = status === "Late";
	const date = frappe.datetime.str_to_user(first.day);
	const title = [first.activity, first.unit_label].filter(Boolean).join(" – ");
	const box = late
		? ""
		: `<input type="checkbox" class="ab-all" value="${text(key)}"
			aria-label="${text(__("All of {0}, {1}", [title, date]))}">`;
	return `<section class="ab-group">
		<h4><label>${box}
			<span class="ab-date">${date}</span><span>${text(title)}</span>
			<small>${text(first.site)} · ${rows.length}</small></label></h4>
		${late ? "" : classes_html(key, rows)}
		<ul>${rows.map((row) => (late ? late_html(row) : row_html(row, chosen, refused))).join("")}</ul></section>`;
}

/** One button for each class: a class on a trip is chosen by one touch. */
function classes_html(key, rows) {
	const counts = new Map();
	for (const { school_class } of rows) counts.set(school_class, (counts.get(school_class) || 0) + 1);
	if (counts.size < 2) return "";
	const buttons = [...counts].map(
		([name, count]) =>
			`<button type="button" class="btn btn-default btn-xs ab-class" data-group="${text(key)}"
				data-class="${text(name)}">${text(name || __("No class"))} <small>${count}</small></button>`,
	);
	return `<p class="ab-classes">${buttons.join("")}</p>`;
}

const named = (row, details) => `<b>${text(row.last_name)}</b> ${text(row.first_name)}
	<small>${text(details.filter(Boolean).join(" · "))}</small>`;

function row_html(row, chosen, refused) {
	const details = [
		row.school_class,
		row.reason && `AJ : ${row.reason}`,
		row.document && __("document received"),
		row.note,
		row.closed && __("month closed"),
	];
	const why = refused.get(row.name);
	return `<li class="ab-row"><label>
		<input type="checkbox" value="${row.name}" ${chosen.has(row.name) ? "checked" : ""}>
		<span>${named(row, details)}
		${why ? `<small class="ab-refused" role="alert">${text(why)}</small>` : ""}</span></label></li>`;
}

function late_html(row) {
	const details = [
		row.school_class,
		row.excused && __("Excused"),
		row.note,
		row.closed && __("month closed"),
	];
	return `<li class="ab-row"><button type="button" class="ab-late" data-enrolment="${text(row.enrolment)}"
		data-day="${row.day}"><span class="ab-minutes">${row.minutes} min</span>
		<span>${named(row, details)}</span></button></li>`;
}

// ---------------------------------------------------------------- what can be done with what is chosen

export function buttons_html(count, status) {
	const button = (what, label, kind) =>
		`<button type="button" class="btn btn-${kind}" data-do="${what}">${label}</button>`;
	return [
		`<span aria-live="polite">${__("{0} chosen", [count])}</span>`,
		status === "Absent" ? "" : button("Absent", __("Absent (A)"), "default"),
		button("Justified", `${__("Justified (AJ)")}…`, "primary"),
		button("Present", __("Was Present"), "default"),
		status === "Planned" ? "" : button("Planned", __("Take Back"), "default"),
	].join("");
}
