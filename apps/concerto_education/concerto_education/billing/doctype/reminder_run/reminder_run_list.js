frappe.listview_settings["Reminder Run"] = {
	onload(listview) {
		if (!frappe.model.can_write("Reminder Run")) return;
		listview.page.set_primary_action(__("Prepare Reminders"), async () => {
			const { run, message } = await frappe.xcall(
				"concerto_education.billing.payments.reminders.api.prepare",
			);
			if (run) frappe.set_route("Form", "Reminder Run", run);
			else frappe.msgprint(message);
		});
	},
};
