frappe.ui.form.on("Activity", {
	refresh(frm) {
		frm.set_query("site", "sites", () => ({ filters: { active: 1 } }));
		if (frm.is_new()) return;
		frm.add_custom_button(__("Tariffs"), () =>
			frappe.set_route("List", "Tariff", { activity: frm.doc.name }),
		);
		frm.add_custom_button(__("Enrolments"), () =>
			frappe.set_route("List", "Enrolment", { activity: frm.doc.name }),
		);
	},
});

frappe.ui.form.on("Activity Unit", {
	units_add(frm, cdt, cdn) {
		// Frappe puts the present hour into new Time fields; hours are optional here.
		Object.assign(locals[cdt][cdn], { starts_at: null, ends_at: null });
		frm.refresh_field("units");
	},
});
