// A day as the Desk shows and reads days, outside of a form: native fields follow the browser's language, not ours.

/** Put a date field into `$parent`; `changed(day)` after each other day, with "" for none. */
export function date_field($parent, { label, value, disabled = false, changed }) {
	const control = frappe.ui.form.make_control({
		parent: $parent,
		df: { fieldtype: "Date", fieldname: "day", label, read_only: disabled ? 1 : 0 },
		render_input: true,
		only_input: true,
	});
	let shown = value || "";
	control.set_value(shown);
	control.$input?.attr("aria-label", label).prop("disabled", disabled);
	control.df.change = () => {
		const day = control.get_value() || "";
		if (day === shown) return;
		shown = day;
		changed(day);
	};
	return control;
}
