frappe.ui.form.on("Attendance Event", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.result !== "Refused" || frm.doc.handled) return;
		frm.set_intro(frm.doc.reason, "orange");
		frm.add_custom_button(__("Mark as Handled"), () =>
			frappe
				.call({
					method: "concerto_education.attendance.task_api.handle_refusal",
					args: { event: frm.doc.name },
				})
				.then(() => frm.reload_doc()),
		).addClass("btn-primary");
	},
});
