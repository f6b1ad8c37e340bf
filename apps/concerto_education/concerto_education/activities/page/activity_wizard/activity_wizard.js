// The page itself is in public/js/activity_wizard: modules, bundled.

frappe.pages["activity-wizard"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("New Activity"),
		single_column: true,
	});
	frappe.require("activity_wizard.bundle.js", () => {
		wrapper.wizard = new concerto.ActivityWizard(page);
		wrapper.wizard.start();
	});
};

// Coming back for another activity begins anew; the browser's "back" from a half-filled one does not.
frappe.pages["activity-wizard"].on_page_show = (wrapper) => {
	if (wrapper.wizard?.done) wrapper.wizard.start();
};
