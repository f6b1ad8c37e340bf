frappe.ui.form.on("Site", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Day Sheet"), () => {
			frappe.route_options = { site: frm.doc.name };
			frappe.set_route("day-sheet");
		});
		frm.add_custom_button(__("Enrolments"), () =>
			frappe.set_route("List", "Enrolment", { site: frm.doc.name }),
		);
	},
});
