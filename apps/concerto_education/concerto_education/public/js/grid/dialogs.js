// The questions that the grid asks: the reason of an absence, a period, the day of a paper list.

import { call } from "./api";

const WEEKDAYS = () => [
	[1, __("Monday")],
	[2, __("Tuesday")],
	[3, __("Wednesday")],
	[4, __("Thursday")],
	[5, __("Friday")],
	[6, __("Saturday")],
	[7, __("Sunday")],
];

let last_reason = null;

/** Choose why an absence is justified, by its number, by Enter (the last one again) or by a click. */
export function choose_reason(reasons, chosen) {
	if (!reasons.length) {
		frappe.show_alert({
			message: __("No absence reason justifies. Ask an administrator."),
			indicator: "red",
		});
		return;
	}
	const ordered = [...reasons].sort((a, b) => (b === last_reason) - (a === last_reason));
	const dialog = new frappe.ui.Dialog({ title: __("Why is the absence justified?") });
	const $list = $(`<div class="ag-reasons"></div>`).appendTo(dialog.body);
	let picked = false;
	const pick = (reason) => {
		if (picked) return;
		picked = true;
		last_reason = reason;
		dialog.hide(); // while it is still opening, this is done again once it is open
		chosen(reason);
	};
	ordered.forEach((reason, index) => {
		$(`<button type="button" class="btn btn-default"></button>`)
			.append($("<kbd></kbd>").text(index + 1), " ", document.createTextNode(reason))
			.on("click", () => pick(reason))
			.appendTo($list);
	});
	// On the document: whoever types "J" and "1" at once is faster than the dialog is open.
	const typed = (event) => {
		const number = Number(event.key);
		if (!(number >= 1 && number <= ordered.length)) return;
		event.preventDefault();
		event.stopPropagation();
		pick(ordered[number - 1]);
	};
	document.addEventListener("keydown", typed, true);
	dialog.onhide = () => document.removeEventListener("keydown", typed, true);
	dialog.on_page_show = () => (picked ? dialog.hide() : $list.find("button").first().trigger("focus"));
	dialog.show();
}

/** One change over a period: asked, counted, confirmed. `done(message)` when it is made. */
export function ask_period(grid, context, done) {
	const { model, selection, rows } = grid;
	const chosen = [...new Set(selection.cells().map(({ row }) => row.person.enrolment))];
	const everybody = [...new Set(rows.map(({ person }) => person.enrolment))];
	const several = chosen.length > 1;
	const person = model.people.find((entry) => entry.enrolment === chosen[0]);
	const chosen_text = several
		? __("{0} people chosen in the grid", [chosen.length])
		: `${person.last_name} ${person.first_name}`;
	const dialog = new frappe.ui.Dialog({
		title: __("Change a Period"),
		fields: [
			{
				fieldname: "who",
				fieldtype: "Select",
				label: __("For Whom"),
				reqd: 1,
				options: [
					{ value: "chosen", label: chosen_text },
					{ value: "all", label: __("Everybody on the screen ({0})", [everybody.length]) },
				],
				default: "chosen",
			},
			{
				fieldname: "wanted",
				fieldtype: "Select",
				label: __("The Days Become"),
				reqd: 1,
				options: [
					{ value: "Planned", label: __("Planned") },
					{ value: "Cancelled", label: __("Not planned") },
					{ value: "Pattern", label: __("As in the weekly pattern") },
				],
				default: "Cancelled",
			},
			{ fieldtype: "Column Break" },
			{ fieldname: "start", fieldtype: "Date", label: __("From"), reqd: 1, default: first_open(model) },
			{ fieldname: "end", fieldtype: "Date", label: __("To"), reqd: 1, default: model.days.at(-1).day },
			{ fieldtype: "Section Break" },
			{
				fieldname: "weekdays",
				fieldtype: "MultiCheck",
				label: __("Days of the Week"),
				columns: 4,
				options: WEEKDAYS().map(([value, label]) => ({
					value: String(value),
					label,
					checked: value < 6,
				})),
			},
			{
				fieldname: "units",
				fieldtype: "MultiCheck",
				label: __("Units"),
				columns: 4,
				options: model.units.map(({ unit, label }) => ({
					value: unit,
					label,
					checked: grid.units.some((entry) => entry.unit === unit),
				})),
			},
		],
		primary_action_label: __("Continue"),
		primary_action: async (values) => {
			const args = {
				...context,
				enrolments: values.who === "all" ? everybody : chosen,
				start: values.start,
				end: values.end,
				weekdays: values.weekdays.map(Number),
				units: values.units,
				wanted: values.wanted,
			};
			try {
				const { days, people } = await call("grid_api.plan_period", args);
				frappe.confirm(
					__("{0} days of {1} people will be changed. Go on?", [days, people]),
					async () => {
						try {
							const outcome = await call("grid_api.plan_period", { ...args, confirmed: true });
							dialog.hide();
							done(told(outcome), outcome.refused.length ? "orange" : "green");
						} catch (error) {
							frappe.show_alert({ message: error.message, indicator: "red" }, 9);
						}
					},
				);
			} catch (error) {
				frappe.show_alert({ message: error.message, indicator: "red" }, 9);
			}
		},
	});
	dialog.show();
}

function first_open(model) {
	const next = model.days.find(({ day, locked }) => !locked && day > model.today);
	return (next || model.days[0]).day;
}

function told({ done, refused }) {
	const parts = [__("{0} days are as asked", [done])];
	for (const { reason, count } of refused) parts.push(`${count} × ${reason}`);
	return parts.map(frappe.utils.escape_html).join("<br>");
}

/** Which day and unit the paper list is of. */
export function ask_keyin(model, unit, chosen) {
	const last = [...model.days]
		.reverse()
		.find(({ day, closed, locked }) => !closed && !locked && day <= model.today);
	frappe.prompt(
		[
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("Day of the List"),
				reqd: 1,
				default: last?.day || model.days[0].day,
			},
			{
				fieldname: "unit",
				fieldtype: "Select",
				label: __("Unit"),
				reqd: 1,
				options: model.units.map((entry) => ({ value: entry.unit, label: entry.label })),
				default: unit || model.units[0].unit,
			},
		],
		(values) => chosen(values),
		__("Key In a Paper List"),
		__("Begin"),
	);
}
