frappe.ui.form.on("Manual Adjustment", {
	setup(frm) {
		frm.set_query("person", () => ({
			query: "concerto_education.billing.corrections.api.children_of_payer",
			filters: { payer: frm.doc.payer || "" },
		}));
	},
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		if (frm.doc.status === "Waiting") {
			frm.set_intro(__("It is on the next invoice of this payer, by the next billing run."), "blue");
			if (frm.perm[0]?.write) frm.add_custom_button(__("Withdraw"), () => withdraw(frm));
		}
		if (frm.doc.invoice) {
			frm.add_custom_button(__("Open the Invoice"), () =>
				frappe.set_route("Form", "Invoice", frm.doc.invoice),
			);
		}
	},
	async activity(frm) {
		if (!frm.doc.activity) return;
		const { message } = await frappe.db.get_value("Activity", frm.doc.activity, "imputation");
		if (message?.imputation) frm.set_value("imputation", message.imputation);
	},
	payer(frm) {
		frm.set_value("person", null);
	},
});

function withdraw(frm) {
	concerto.payments.ask_reason(
		__("Withdraw Adjustment {0}", [frm.doc.name]),
		__("Withdraw"),
		async (values) => {
			await frappe.xcall("concerto_education.billing.corrections.api.withdraw_adjustment", {
				adjustment: frm.doc.name,
				...values,
			});
			frm.reload_doc();
		},
		false,
	);
}
