// The dossier: what it looks like at a glance, and the next step (R12–R19).
frappe.ui.form.on("Family", {
	refresh(frm) {
		mark_forbidden(frm);
		if (frm.is_new()) {
			frm.set_intro(
				__(
					"Add the persons first: a representative and the children. An existing person can be chosen.",
				),
			);
			return;
		}
		add_buttons(frm);
		// The strip shows what the links would: they stay within reach, folded (v15 has a tab for them).
		const links = frm.dashboard && frm.dashboard.links_area;
		if (links && links.collapse) links.collapse(true);
		draw(frm);
	},

	draw_overview: draw,
});

frappe.ui.form.on("Family Member", {
	forbidden(frm, doctype, name) {
		const row = locals[doctype][name];
		if (row.forbidden) {
			// A forbidden contact neither collects nor is called (R22).
			frappe.model.set_value(doctype, name, { may_collect: 0, emergency: 0 });
		}
		mark_forbidden(frm);
	},

	role(frm, doctype, name) {
		const row = locals[doctype][name];
		if (row.role !== "Contact") frappe.model.set_value(doctype, name, "forbidden", 0);
	},

	members_add: mark_forbidden,
	members_remove: mark_forbidden,
});

function mark_forbidden(frm) {
	for (const row of frm.fields_dict.members.grid.grid_rows || []) {
		row.wrapper && row.wrapper.toggleClass("concerto-forbidden", Boolean(row.doc && row.doc.forbidden));
	}
}

function add_buttons(frm) {
	if (frappe.model.can_create("Enrolment")) {
		frm.add_custom_button(__("Enrol"), () => enrol(frm));
	}
	if (frappe.model.can_create("Quotient")) {
		frm.add_custom_button(__("Add a Quotient"), () => add_quotient(frm));
	}
	if (frappe.model.can_create("Payer")) {
		frm.add_custom_button(__("New Payer"), () => frappe.new_doc("Payer", { family: frm.doc.name }));
	}
}

function enrol(frm) {
	if (concerto.enrol) return concerto.enrol.open(frm.doc.name);
	const children = frm.doc.members.filter((row) => row.role === "Child");
	const start = { family: frm.doc.name };
	if (children.length === 1) start.person = children[0].person;
	frappe.new_doc("Enrolment", start);
}

function draw(frm) {
	const family = frm.doc.name;
	return frappe.xcall("concerto_education.families.overview.family_overview", { family }).then((data) => {
		if (frm.doc.name !== family) return; // another dossier was opened meanwhile
		frm.get_field("dashboard").$wrapper.html(concerto.families.strip(data));
		frm.get_field("quotient_history").$wrapper.html(concerto.families.timeline(data.quotients));
		frm.get_field("payers_view").$wrapper.html(concerto.families.payers(data.payers));
		concerto.families.draw_documents(frm, data.documents);
	});
}

// A QF is added, never changed: a small dialog is enough (R14).
function add_quotient(frm) {
	const today = frappe.datetime.get_today();
	const dialog = new frappe.ui.Dialog({
		title: __("Add a Quotient"),
		fields: [
			{
				fieldname: "source",
				fieldtype: "Select",
				label: __("Source"),
				options: frappe.meta.get_docfield("Quotient", "source")
					? frappe.meta.get_docfield("Quotient", "source").options
					: "CDAP (CAF)\nMSA\nTax Notice\nUnknown",
				default: "CDAP (CAF)",
				reqd: 1,
				onchange() {
					if (dialog.get_value("source") === "Unknown") dialog.set_value("value", "9999");
				},
			},
			// Text, because an empty number field says 0, the cheapest price of all. The server checks it.
			{ fieldname: "value", fieldtype: "Data", label: __("Quotient (QF)"), reqd: 1 },
			{ fieldtype: "Column Break" },
			{ fieldname: "valid_from", fieldtype: "Date", label: __("Valid From"), reqd: 1, default: today },
			{
				fieldname: "valid_to",
				fieldtype: "Date",
				label: __("Valid To"),
				description: __("Empty: until the end of the school year"),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
		],
		primary_action_label: __("Add"),
		primary_action(values) {
			values.value = values.value.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
			frappe.db
				.insert({ doctype: "Quotient", family: frm.doc.name, ...values })
				.then(() => {
					dialog.hide();
					frappe.show_alert({ message: __("Quotient added"), indicator: "green" });
					return draw(frm);
				})
				.catch(() => {}); // Frappe has said why; the dialog stays open with what was typed
		},
	});
	dialog.show();
}
