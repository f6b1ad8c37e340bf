// The page itself is in public/js/day_sheet: modules, bundled.

frappe.pages["day-sheet"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Day Sheet"),
		single_column: true,
	});
	frappe.require("day_sheet.bundle.js", () => {
		wrapper.day_sheet = new concerto.DaySheet(page);
		wrapper.day_sheet.show();
	});
};

frappe.pages["day-sheet"].on_page_show = (wrapper) => wrapper.day_sheet?.show();
