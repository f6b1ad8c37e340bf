// The next step from a dossier: its invoices, and a message to the family.
frappe.ui.form.on("Family", {
	refresh(frm) {
		if (frm.is_new()) return;
		open_tabs(frm);
		if (frappe.model.can_read("Invoice")) {
			frm.add_custom_button(__("Invoices"), () =>
				frappe.set_route("List", "Invoice", { family: frm.doc.name }),
			);
		}
		if (frappe.model.can_email(null, frm)) {
			frm.add_custom_button(__("Write"), () => write(frm));
		}
	},
});

// The representatives are in the list already; the message and its answers stay in the dossier.
async function write(frm) {
	const { documents } = await frappe.xcall("concerto_education.families.overview.family_overview", {
		family: frm.doc.name,
	});
	if (!documents.emails.length) {
		frappe.msgprint({
			title: __("No e-mail"),
			message: __(
				"Neither a representative nor the family has an e-mail address. Enter one, or write by post.",
			),
			indicator: "orange",
		});
		return;
	}
	new frappe.views.CommunicationComposer({
		doc: frm.doc,
		frm,
		recipients: documents.emails.join(", "),
		subject: __("Your dossier {0}", [frm.doc.name]),
		attach_document_print: false,
	});
}

// Figures and badges of the strip lead to the tab that they are about.
function open_tabs(frm) {
	const open = (event) => {
		if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
		event.preventDefault();
		const name = event.currentTarget.dataset.tab;
		frm.layout.tabs.find((tab) => tab.df.fieldname === name)?.set_active();
	};
	frm.get_field("dashboard")
		.$wrapper.off(".concerto-tab")
		.on("click.concerto-tab keydown.concerto-tab", "[data-tab]", open);
}
