// The page itself is in public/js/absences: modules, bundled.

frappe.pages["absences"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Absences to Decide"),
		single_column: true,
	});
	frappe.require("absences.bundle.js", () => {
		wrapper.absences = new concerto.Absences(page);
		wrapper.absences.show();
	});
};

frappe.pages["absences"].on_page_show = (wrapper) => wrapper.absences?.show();
