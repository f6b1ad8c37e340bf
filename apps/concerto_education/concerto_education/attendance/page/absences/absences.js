// The page itself is in public/js/absences: modules, bundled.

frappe.pages["absences"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Absences to Decide"), single_column: true });
};

// Once for each showing, whether the bundle is there already or still has to come: what a link asked for is taken once.
frappe.pages["absences"].on_page_show = (wrapper) =>
	frappe.require("absences.bundle.js", () => {
		wrapper.absences ??= new concerto.Absences(wrapper.page);
		wrapper.absences.show();
	});
