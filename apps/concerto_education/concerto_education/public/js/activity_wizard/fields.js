// One step of fields: a Frappe FieldGroup made from the fields of the Activity DocType.

import { extra_fields } from "./steps";

const SHOWN = { units: "Activity Unit", categories: "Activity Category", groups: "Activity Group" };
// A group of one site is entered on the activity itself.
const LEFT_OUT = { groups: ["site"] };

export function field_step(body, step, answers, on_change) {
	const fields = [];
	for (const section of step.sections) {
		fields.push({
			fieldtype: "Section Break",
			label: section.label,
			description: section.description,
		});
		section.columns.forEach((names, index) => {
			if (index) fields.push({ fieldtype: "Column Break" });
			for (const name of names) fields.push(field(name, answers, on_change));
		});
	}
	const group = new frappe.ui.FieldGroup({ fields, body, no_submit_on_enter: true });
	group.make();
	const values = {};
	for (const df of fields) {
		if (df.fieldname && df.fieldtype !== "Table") values[df.fieldname] = answers[df.fieldname];
	}
	group.set_values(values);
	return {
		collect() {
			for (const df of fields) {
				if (!df.fieldname) continue;
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
		fieldtype: df.fieldtype,
		label: extra ? df.label : __(df.label),
		options: df.options,
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
		data: (answers[name] || []).map((row, index) => ({ ...row, idx: index + 1 })),
		fields: frappe
			.get_meta(SHOWN[name])
			.fields.filter((child) => child.in_list_view && !LEFT_OUT[name]?.includes(child.fieldname))
			.map((child) => ({
				fieldname: child.fieldname,
				fieldtype: child.fieldtype,
				label: __(child.label),
				options: child.options,
				reqd: child.reqd,
				in_list_view: 1,
				columns: name === "units" ? 2 : child.columns || 0,
				onchange: on_change,
			})),
	};
}

function rows_of(grid) {
	return grid
		.get_data()
		.filter((row) => Object.keys(row).some((key) => row[key] && !["idx", "name", "__islocal"].includes(key)))
		.map(({ name, idx, __islocal, ...row }) => row);
}
