// First names tell one MARTIN from another; the number of the dossier doesn't.
frappe.listview_settings.Family = {
	hide_name_column: true,
	filters: [["status", "=", "Active"]],
};
