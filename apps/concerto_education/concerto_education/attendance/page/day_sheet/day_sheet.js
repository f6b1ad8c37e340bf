// The page itself is in public/js/day_sheet: modules, bundled.

frappe.pages["day-sheet"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Day Sheet"), single_column: true });
};

// Once for each showing, whether the bundle is there already or still has to come: what a link asked for is taken once.
frappe.pages["day-sheet"].on_page_show = (wrapper) =>
	frappe.require("day_sheet.bundle.js", () => {
		wrapper.day_sheet ??= new concerto.DaySheet(wrapper.page);
		wrapper.day_sheet.show();
	});
