// A mandate goes from the paper to the bank: one button for each next step (R20).
frappe.ui.form.on("Mandate", {
	setup(frm) {
		frm.set_query("payer", () => ({
			filters: { active: 1, ...(frm.doc.family ? { family: frm.doc.family } : {}) },
		}));
	},

	refresh(frm) {
		frm.set_df_property("bic", "read_only", frm.doc.bic_derived ? 1 : 0);
		frm.set_df_property("payer", "read_only", frm.is_new() ? 0 : 1);
		frm.set_df_property("signature_date", "read_only", frm.is_new() || waits(frm) ? 0 : 1);
		if (frm.is_new()) {
			if (frm.doc.payer) propose(frm);
			return;
		}
		if (waits(frm)) {
			frm.set_intro(
				__(
					"Print it, have it signed, then enter the date of the signature: it is debited only afterwards.",
				),
				"orange",
			);
		}
		frm.add_custom_button(__("Print the Mandate"), () => open_pdf(frm));
		if (frm.perm[0]?.write) add_steps(frm);
	},

	payer: propose,

	new_iban: check_iban,
});

const waits = (frm) => frm.doc.state === "Awaiting Signature";

async function propose(frm) {
	if (!frm.is_new() || !frm.doc.payer) return;
	const found = await frappe.xcall("concerto_education.families.mandates.api.propose", {
		payer: frm.doc.payer,
	});
	if (!frm.doc.account_holder) await frm.set_value("account_holder", found.account_holder);
	frm.doc.family = found.family;
}

// What is wrong is said as soon as the field is left, not when all has been typed.
async function check_iban(frm) {
	const typed = frm.doc.new_iban;
	if (!typed || frm.checked_iban === typed) return;
	const found = await frappe.xcall("concerto_education.families.mandates.api.check_iban", { iban: typed });
	frm.checked_iban = found.iban;
	await frm.set_value("new_iban", found.iban);
	frm.doc.bic_derived = found.bic ? 1 : 0;
	await frm.set_value("bic", found.bic || "");
	frm.set_df_property("bic", "read_only", found.bic ? 1 : 0);
}

function open_pdf(frm) {
	const url = "/api/method/concerto_education.families.mandates.api.mandate_pdf";
	window.open(`${url}?mandate=${encodeURIComponent(frm.doc.name)}`, "_blank");
}

function add_steps(frm) {
	const state = frm.doc.state;
	const step = (method, args) =>
		frappe
			.xcall(`concerto_education.families.mandates.api.${method}`, { mandate: frm.doc.name, ...args })
			.then(() => frm.reload_doc());
	const with_reason = (title, label, method) =>
		frappe.prompt(
			[{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
			({ reason }) => step(method, { reason }),
			title,
			label,
		);
	if (state === "Awaiting Signature") {
		const button = frm.add_custom_button(__("Signed"), () =>
			frappe.prompt(
				[
					{
						fieldname: "signed_on",
						fieldtype: "Date",
						label: __("Signed On"),
						reqd: 1,
						default: frm.doc.signature_date || frappe.datetime.get_today(),
						description: __("The date on the paper"),
					},
				],
				({ signed_on }) => step("activate", { signed_on }),
				__("The mandate is signed"),
				__("Make It Active"),
			),
		);
		button.addClass("btn-primary").removeClass("btn-default");
	}
	if (state === "Active") {
		frm.add_custom_button(__("Suspend"), () =>
			with_reason(__("Suspend the mandate"), __("Suspend"), "suspend"),
		);
	}
	if (state === "Suspended") {
		frm.add_custom_button(__("Resume"), () =>
			frappe.confirm(__("Debit this account again from the next run on?"), () => step("resume", {})),
		);
	}
	if (["Awaiting Signature", "Active", "Suspended"].includes(state)) {
		frm.add_custom_button(__("Revoke"), () =>
			with_reason(__("Revoke the mandate for good"), __("Revoke"), "revoke"),
		);
	}
}
