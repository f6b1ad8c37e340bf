// Search first (R12): a new dossier begins with the search, and comes back from it with the name that was typed.
frappe.ui.form.on("Family", {
	refresh(frm) {
		if (!frm.is_new() || frm.doc.__searched) return;
		const typed = frappe.flags.concerto_searched;
		delete frappe.flags.concerto_searched;
		if (!typed) {
			frappe.route_flags.replace_route = true;
			frappe.set_route("family-search");
			return;
		}
		frm.doc.__searched = 1;
		if (typed.last_name && !frm.doc.family_name) frm.set_value("family_name", typed.last_name);
	},
});
