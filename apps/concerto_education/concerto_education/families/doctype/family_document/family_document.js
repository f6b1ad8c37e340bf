// A document is received, then accepted or refused (R24).
frappe.ui.form.on("Family Document", {
	setup(frm) {
		frm.set_query("document_type", () => ({ filters: { active: 1 } }));
		frm.set_query("person", () => ({ filters: { name: ["in", frm.children || []] } }));
		frm.set_query("payer", () => ({ filters: { family: frm.doc.family } }));
	},

	refresh(frm) {
		load_children(frm);
		if (frm.is_new()) return;
		frm.add_custom_button(__("Dossier"), () => frappe.set_route("Form", "Family", frm.doc.family));
		if (!frm.perm[0]?.write || !frm.doc.received_on) return;
		const decide = (method, values) =>
			frappe
				.xcall(`concerto_education.families.documents.api.${method}`, {
					document: frm.doc.name,
					...values,
				})
				.then(() => frm.reload_doc());
		if (["Received", "Refused"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Accept"), () => decide("accept", { valid_to: frm.doc.valid_to }))
				.addClass("btn-primary")
				.removeClass("btn-default");
		}
		if (["Received", "Valid"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Refuse"), () =>
				frappe.prompt(
					[
						{
							fieldname: "reason",
							fieldtype: "Small Text",
							label: __("Reason for the Refusal"),
							reqd: 1,
							description: __("The family reads it in the reminder"),
						},
					],
					({ reason }) => decide("refuse", { reason }),
					__("Refuse the document"),
					__("Refuse"),
				),
			);
		}
	},

	family: load_children,
});

async function load_children(frm) {
	if (!frm.doc.family) return;
	const family = await frappe.db.get_doc("Family", frm.doc.family);
	frm.children = family.members.filter((row) => row.role === "Child").map((row) => row.person);
	if (frm.is_new() && frm.children.length === 1 && !frm.doc.person)
		frm.set_value("person", frm.children[0]);
}
