// The page itself is in public/js/grid: modules, bundled.

frappe.pages["attendance-grid"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Attendance Grid"), single_column: true });
};

// Once for each showing, whether the bundle is there already or still has to come: what a link asked for is taken once.
frappe.pages["attendance-grid"].on_page_show = (wrapper) =>
	frappe.require("attendance_grid.bundle.js", () => {
		wrapper.attendance_grid ??= new concerto.AttendanceGrid(wrapper.page);
		wrapper.attendance_grid.show();
	});
