frappe.listview_settings["Attendance"] = {
	hide_name_column: true,
	before_render: () => concerto.name_persons(),
	add_fields: ["status", "planned", "unit"],
	get_indicator(doc) {
		const colour = {
			Planned: "blue",
			Present: "green",
			Absent: "red",
			Justified: "orange",
			Cancelled: "gray",
		};
		return [__(doc.status), colour[doc.status], `status,=,${doc.status}`];
	},
	onload(listview) {
		listview.page.add_inner_button(__("Day Sheet"), () => frappe.set_route("day-sheet"));
		listview.page.add_inner_button(__("Not Ticked"), () =>
			listview.filter_area.clear().then(() =>
				listview.filter_area.add([
					["Attendance", "status", "=", "Planned"],
					["Attendance", "attendance_date", "<=", frappe.datetime.get_today()],
				]),
			),
		);
	},
};
