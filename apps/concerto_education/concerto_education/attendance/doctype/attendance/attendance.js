frappe.ui.form.on("Attendance", {
	setup(frm) {
		frm.set_query("enrolment", () => ({ filters: { status: "Confirmed" } }));
		frm.set_query("reason", () => ({ filters: { justified: 1 } }));
	},
	refresh(frm) {
		if (frm.is_new()) return;
		frm.page.set_title(
			`${frappe.utils.get_link_title("Person", frm.doc.person) || frm.doc.person}, ${frappe.datetime.str_to_user(
				frm.doc.attendance_date,
			)}`,
		);
		frm.add_custom_button(__("Day Sheet"), () => {
			frappe.route_options = {
				site: frm.doc.site,
				activity: frm.doc.activity,
				unit: frm.doc.unit,
				day: frm.doc.attendance_date,
			};
			frappe.set_route("day-sheet");
		});
	},
	enrolment(frm) {
		// Who and where come from the enrolment; the server copies them again.
		if (!frm.doc.enrolment) return;
		frappe.db
			.get_value("Enrolment", frm.doc.enrolment, ["person", "family", "activity", "site"])
			.then(({ message }) => frm.set_value(message));
	},
});
