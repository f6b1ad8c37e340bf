frappe.listview_settings["Custody Calendar"] = {
	before_render: () => concerto.name_persons(),
};
