// A posting is read; an e-mail that came back is said so here, and a letter takes its place.
frappe.ui.form.on("Posting", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.channel !== "E-mail" || !["Queued", "Sent"].includes(frm.doc.state)) return;
		frm.add_custom_button(__("The E-mail Came Back"), () =>
			frappe.prompt(
				{
					fieldname: "reason",
					fieldtype: "Data",
					label: __("What Went Wrong"),
					reqd: 1,
					default: __("The address is unknown"),
				},
				(values) =>
					frappe
						.call({
							method: "concerto_education.billing.posting.api.came_back",
							args: { posting: frm.doc.name, reason: values.reason },
							freeze: true,
						})
						.then(() => {
							frappe.show_alert({
								message: __("A letter takes its place in the next print batch"),
								indicator: "blue",
							});
							frm.reload_doc();
						}),
				__("The E-mail Came Back"),
				__("Confirm"),
			),
		);
	},
});
