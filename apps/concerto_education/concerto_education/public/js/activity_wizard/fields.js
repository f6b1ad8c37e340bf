// One step of fields: a Frappe FieldGroup made from the fields of the Activity DocType.

import { extra_fields } from "./steps";

const SHOWN = { units: "Activity Unit", categories: "Activity Category", groups: "Activity Group" };
// A group of one site is entered on the activity itself.
const LEFT_OUT = { groups: ["site"] };

export function field_step(body, step, answers, on_change) {
	const fields = [];
	const asked = [];
	for (const [number, section] of step.sections.entries()) {
		fields.push({
			fieldtype: "Section Break",
			// Frappe names a section after its label, which may be the name of a field.
			fieldname: `section_${number}`,
			label: section.label,
			description: section.description,
		});
		for (const [index, names] of section.columns.entries()) {
			if (index) fields.push({ fieldtype: "Column Break", fieldname: `column_${number}_${index}` });
			for (const name of names) {
				fields.push(field(name, answers, on_change));
				asked.push(fields.at(-1));
			}
		}
	}
	const group = new frappe.ui.FieldGroup({ fields, body, no_submit_on_enter: true });
	group.make();
	const values = {};
	for (const df of asked) {
		if (df.fieldtype !== "Table") values[df.fieldname] = answers[df.fieldname];
	}
	Object.assign(values, short(values));
	// A link shows its title only after asking the server: read before that, it would be empty. So it is read only
	// once somebody has typed or chosen something else.
	const changed = new Set();
	for (const event of ["input", "awesomplete-selectcomplete"])
		body.addEventListener(event, ({ target }) => changed.add(target.dataset.fieldname));
	const unread = (df) => df.fieldtype === "Link" && !changed.has(df.fieldname);
	let filled = false;
	const ready = group.set_values(values).then(() => (filled = true));
	return {
		ready,
		collect() {
			if (!filled) return;
			for (const df of asked) {
				if (unread(df)) continue;
				answers[df.fieldname] =
					df.fieldtype === "Table"
						? rows_of(group.fields_dict[df.fieldname].grid)
						: group.get_value(df.fieldname);
			}
		},
	};
}

function field(name, answers, on_change) {
	const extra = extra_fields()[name];
	const df = { ...(extra || frappe.meta.get_docfield("Activity", name)), fieldname: name };
	const shown = {
		fieldname: name,
		...typed(df),
		label: extra ? df.label : __(df.label),
		description: df.description && !extra ? __(df.description) : df.description,
		depends_on: df.depends_on,
		onchange: on_change,
	};
	if (df.fieldtype !== "Table") return shown;
	return {
		...shown,
		label: "",
		in_place_edit: true,
		cannot_add_rows: false,
		data: (answers[name] || []).map((row, index) => ({ ...short(row), idx: index + 1 })),
		fields: frappe
			.get_meta(SHOWN[name])
			.fields.filter((child) => child.in_list_view && !LEFT_OUT[name]?.includes(child.fieldname))
			.map((child) => ({
				fieldname: child.fieldname,
				...typed(child),
				label: __(child.label),
				reqd: child.reqd,
				in_list_view: 1,
				columns: name === "units" ? 2 : child.columns || 0,
				onchange: on_change,
			})),
	};
}

const typed = (df) => ({ fieldtype: df.fieldtype, options: df.options });

// 07:30:00 → 07:30
const short = (row) =>
	Object.fromEntries(
		Object.entries(row).map(([key, value]) => {
			const hour = /^(\d{1,2}):(\d\d):\d\d(\.\d+)?$/.exec(value);
			return [key, hour ? `${hour[1].padStart(2, "0")}:${hour[2]}` : value];
		}),
	);

function rows_of(grid) {
	return grid
		.get_data()
		.filter((row) =>
			Object.keys(row).some((key) => row[key] && !["idx", "name", "__islocal"].includes(key)),
		)
		.map(({ name, idx, __islocal, ...row }) => row);
}
