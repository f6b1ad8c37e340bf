// Child and payers of one family (R19).
frappe.ui.form.on("Custody Calendar", {
	setup(frm) {
		frm.set_query("person", () => ({ filters: { name: ["in", frm.children || []] } }));
		for (const field of ["first_payer", "second_payer"]) {
			frm.set_query(field, () => ({ filters: { family: frm.doc.family, active: 1 } }));
		}
		frm.set_query("payer", "exceptions", () => ({
			filters: { name: ["in", [frm.doc.first_payer, frm.doc.second_payer].filter(Boolean)] },
		}));
	},

	refresh: load_children,
	family: load_children,
});

function load_children(frm) {
	frm.children = [];
	if (!frm.doc.family) return;
	return frappe.db.get_doc("Family", frm.doc.family).then((family) => {
		frm.children = family.members.filter((row) => row.role === "Child").map((row) => row.person);
		if (frm.is_new() && !frm.doc.person && frm.children.length === 1) {
			frm.set_value("person", frm.children[0]);
		}
	});
}
