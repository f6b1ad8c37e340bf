// The page itself is in public/js/grid: modules, bundled.

frappe.pages["attendance-grid"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Attendance Grid"),
		single_column: true,
	});
	frappe.require("attendance_grid.bundle.js", () => {
		wrapper.attendance_grid = new concerto.AttendanceGrid(page);
		wrapper.attendance_grid.show();
	});
};

frappe.pages["attendance-grid"].on_page_show = (wrapper) => wrapper.attendance_grid?.show();
