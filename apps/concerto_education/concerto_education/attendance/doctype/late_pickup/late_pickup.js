frappe.ui.form.on("Late Pickup", {
	setup(frm) {
		frm.set_query("enrolment", () => ({ filters: { status: "Confirmed" } }));
	},
});
