// What is chosen above the grid: the fields, and the choice of the last time.

import { esc } from "./view";

const CHOICE = "concerto-attendance-grid";

export function select(name, label, small = false) {
	return `<label class="ag-field ${small ? "ag-small" : ""}"><span>${label}</span>
		<select class="ag-${name} form-control"></select></label>`;
}

export function fill($select, values, chosen) {
	$select
		.html(values.map(([value, label]) => `<option value="${esc(value)}">${esc(label)}</option>`).join(""))
		.val(chosen)
		.prop("disabled", values.length < 2);
}

export const names = (rows, field) => rows.map((row) => [row[field], row[field]]);

/** A year to each side of the month shown: "novembre 2026". */
export function months_around(month) {
	return Array.from({ length: 25 }, (_value, index) => {
		const day = moment(month).add(index - 12, "month");
		const label = day
			.toDate()
			.toLocaleDateString(frappe.boot.lang || "fr", { month: "long", year: "numeric" });
		return [day.format("YYYY-MM"), label];
	});
}

export const plain = (text) =>
	(text || "")
		.normalize("NFD")
		.replace(/[\u0300-\u036f]/g, "")
		.toLowerCase();

export function remembered() {
	try {
		return JSON.parse(localStorage.getItem(CHOICE)) || {};
	} catch {
		return {};
	}
}

export function remember(choice) {
	localStorage.setItem(CHOICE, JSON.stringify({ ...choice, month: null }));
}
