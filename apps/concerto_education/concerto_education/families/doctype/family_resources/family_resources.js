// Resources are added, never changed: the latest recorded ones hold (R36).
frappe.ui.form.on("Family Resources", {
	setup(frm) {
		frm.set_query("person", () => ({ filters: { name: ["in", frm.children_of_family || []] } }));
	},
	family(frm) {
		frm.set_value("person", null);
		load_children(frm);
	},
	refresh(frm) {
		if (!frm.is_new()) {
			frm.disable_form();
			frm.set_intro(
				__("Resources are never changed. Add new ones with their dates: the latest ones hold."),
			);
			return;
		}
		load_children(frm);
		if (!frm.doc.valid_from) {
			frm.set_value("valid_from", `${frappe.datetime.get_today().slice(0, 4)}-01-01`);
		}
	},
	valid_from(frm) {
		if (!frm.doc.valid_from) return;
		frm.set_value("valid_to", `${frm.doc.valid_from.slice(0, 4)}-12-31`);
		frm.set_value("reference_year", cint(frm.doc.valid_from.slice(0, 4)) - 2);
	},
});

function load_children(frm) {
	frm.children_of_family = [];
	if (!frm.doc.family) return;
	frappe.db.get_doc("Family", frm.doc.family).then(({ members }) => {
		frm.children_of_family = members.filter((row) => row.role === "Child").map((row) => row.person);
	});
}
