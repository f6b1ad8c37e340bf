// One row for each rule: none is added or removed by hand.
frappe.ui.form.on("Coherence Settings", {
	refresh(frm) {
		frm.set_df_property("rules", "cannot_add_rows", 1);
		frm.set_df_property("rules", "cannot_delete_rows", 1);
		frm.add_custom_button(__("Open the Coherence Check"), () => frappe.set_route("coherence-check"));
	},
});
