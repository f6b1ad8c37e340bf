// Buttons of payments on the payer (R42).
frappe.ui.form.on("Payer", {
	refresh(frm) {
		if (frm.is_new() || !frappe.model.can_read("Payment")) return;
		const payer = frm.doc.merged_into || frm.doc.name;
		const group = __("Payments");
		if (concerto.payments.may_enter()) {
			frm.add_custom_button(
				__("Enter a Payment"),
				() => concerto.payments.enter(payer, { done: () => frm.reload_doc() }),
				group,
			);
			frm.add_custom_button(__("Pay a Credit Back"), () => concerto.payments.refund(payer), group);
			frm.add_custom_button(
				__("Use the Credit"),
				async () => {
					const { count, total } = await frappe.xcall(
						"concerto_education.billing.payments.api.use_credit",
						{ payer },
					);
					frappe.show_alert({
						message: count
							? __("{0} used for what was due", [total])
							: __("There is no credit that could settle anything"),
						indicator: count ? "green" : "orange",
					});
				},
				group,
			);
			frm.add_custom_button(
				__("Agree on Instalments"),
				() => frappe.new_doc("Instalment Plan", { payer }),
				group,
			);
		}
		frm.add_custom_button(
			__("Statement of Account"),
			() => frappe.set_route("account-statement", { payer }),
			group,
		);
		frm.add_custom_button(__("Certificates"), () => concerto.payments.certificates(payer), group);
	},
});
