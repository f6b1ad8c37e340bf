frappe.listview_settings["School Year"] = {
	hide_name_column: true,
	onload(listview) {
		if (!frappe.model.can_create("School Year")) return;
		listview.page.add_inner_button(__("Create the Next School Year"), () =>
			frappe
				.call({
					method: "concerto_education.activities.doctype.school_year.school_year.create_next_school_year",
					freeze: true,
				})
				.then(({ message }) => frappe.set_route("Form", "School Year", message)),
		);
	},
};
