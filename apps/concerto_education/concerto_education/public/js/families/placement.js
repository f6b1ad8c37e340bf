// A placed child: a guided dialog from the dossier, what holds today, and its end (R17).
frappe.provide("concerto.placement");

(() => {
	const API = "concerto_education.families.placement.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => frappe.datetime.str_to_user(value);
	const HOME = "Children's Home";

	function begin(frm) {
		const children = frm.doc.members.filter((row) => row.role === "Child");
		const is_home = `eval:doc.host_kind=="${HOME}"`;
		const to_person = `eval:!doc.organisation || doc.host_kind!="${HOME}"`;
		const dialog = new frappe.ui.Dialog({
			title: __("Placed Child"),
			size: "large",
			fields: [
				{ fieldtype: "HTML", fieldname: "what" },
				{ fieldtype: "Section Break" },
				{
					fieldtype: "Select",
					fieldname: "person",
					label: __("Child"),
					reqd: 1,
					options: children.map((row) => ({ value: row.person, label: row.full_name })),
					default: children.length === 1 ? children[0].person : null,
					onchange: () => suggest(),
				},
				{ fieldtype: "Date", fieldname: "valid_from", label: __("Placed From"), reqd: 1 },
				{ fieldtype: "Column Break" },
				{
					fieldtype: "Link",
					fieldname: "authority",
					label: __("Département (ASE)"),
					options: "Organisation",
					get_query: () => ({ filters: { kind: "Département (ASE)" } }),
				},
				{
					fieldtype: "Check",
					fieldname: "delegation",
					label: __("Written Delegation of Signature"),
					description: __("Without it the representatives sign"),
				},
				{ fieldtype: "Section Break", label: __("Who Takes the Child In") },
				{
					fieldtype: "Select",
					fieldname: "host_kind",
					label: __("Placed With"),
					reqd: 1,
					default: "Foster Carer",
					options: ["Foster Carer", HOME].map((value) => ({ value, label: __(value) })),
				},
				{
					fieldtype: "Link",
					fieldname: "organisation",
					label: __("Children's Home"),
					options: "Organisation",
					depends_on: is_home,
					get_query: () => ({ filters: { kind: HOME } }),
					description: __("It receives the invoices. Without it the contact person does."),
				},
				{
					fieldtype: "Link",
					fieldname: "carer",
					label: __("Person"),
					options: "Person",
					mandatory_depends_on: to_person,
					onchange: () => suggest(),
					description: __(
						"The foster carer, or the contact person of the home. Becomes a contact of the family.",
					),
				},
				{ fieldtype: "Column Break" },
				...[
					[
						"address_line1",
						__("Address"),
						__("Of the carer: the invoices go there, not to the representatives"),
					],
					["address_line2", __("Address Complement")],
					["postcode", __("Postcode")],
					["town", __("Town")],
				].map(([fieldname, label, description]) => ({
					fieldtype: "Data",
					fieldname,
					label,
					description,
					depends_on: to_person,
				})),
				{ fieldtype: "Section Break" },
				{
					fieldtype: "Small Text",
					fieldname: "note",
					label: __("Note"),
					description: __("Only for those who follow the placement"),
				},
			],
			primary_action_label: __("Record the Placement"),
			primary_action(values) {
				frappe.db
					.insert({ doctype: "Placement", family: frm.doc.name, ...values })
					.then((doc) => {
						dialog.hide();
						frappe.show_alert({ message: __("Placement recorded"), indicator: "green" });
						tell(doc);
						frm.reload_doc();
					})
					.catch(() => {}); // Frappe has said why; what was typed stays
			},
		});

		async function suggest() {
			const { person, carer } = dialog.get_values(true) || {};
			if (!person) return;
			const found = await frappe.xcall(`${API}suggest`, { family: frm.doc.name, person, carer });
			for (const [field, value] of Object.entries(found.address || {})) {
				if (value && !dialog.get_value(field)) dialog.set_value(field, value);
			}
			const until = found.invoiced_until
				? __("Already invoiced until {0}: that stays as it is.", [day(found.invoiced_until)])
				: "";
			dialog.fields_dict.what.$wrapper.html(
				`<p>${esc(
					__(
						"The invoices go to the carer or the home, the representatives no longer receive any for this child. The dossier gets a note; the coordinator and the directors are told by e-mail.",
					),
				)} <strong>${esc(until)}</strong></p>`,
			);
		}
		dialog.show();
		suggest();
	}

	function tell(doc) {
		frappe.msgprint({
			title: __("Placement recorded"),
			indicator: "green",
			message: `<p>${esc(__("Pays from {0}.", [day(doc.pays_from)]))}</p><p>${esc(
				__("Told by e-mail: {0}", [doc.notified || "–"]),
			)}</p>`,
		});
	}

	function end(frm, row) {
		frappe.prompt(
			{
				fieldtype: "Date",
				fieldname: "last_day",
				label: __("Placed Until"),
				reqd: 1,
				default: frappe.datetime.get_today(),
				description: __("From the day after, the payers that the enrolments name pay again"),
			},
			({ last_day }) =>
				frappe
					.xcall(`${API}end_placement`, { placement: row.name, last_day })
					.then(({ pays_to, enrolments }) => {
						const names = enrolments.map(
							(one) =>
								`<li><a href="/app/enrolment/${encodeURIComponent(one.name)}">${esc(one.activity)}</a></li>`,
						);
						frappe.msgprint({
							title: __("End of the Placement"),
							indicator: names.length ? "orange" : "green",
							message: `<p>${esc(__("{0} pays until {1}.", [row.host, day(pays_to)]))}</p>${
								names.length
									? `<p>${esc(__("These enrolments name this payer and go on. Choose who pays there:"))}</p><ul>${names.join("")}</ul>`
									: ""
							}`,
						});
						draw(frm);
					}),
			__("End of the Placement of {0}", [row.child]),
			__("End It"),
		);
	}

	async function draw(frm) {
		if (!frappe.model.can_read("Placement")) return;
		const family = frm.doc.name;
		const rows = await frappe.xcall(`${API}placements_of`, { family });
		if (frm.doc.name !== family) return;
		for (const row of rows.filter((one) => !one.valid_to || one.current)) {
			const text = row.valid_to
				? __("{0} is placed with {1} from {2} to {3}", [
						row.child,
						row.host,
						day(row.valid_from),
						day(row.valid_to),
					])
				: __("{0} is placed with {1} since {2}", [row.child, row.host, day(row.valid_from)]);
			frm.dashboard.add_comment(
				`<a href="/app/placement/${encodeURIComponent(row.name)}">${esc(text)}</a> · ${esc(__("{0} pays from {1}", [row.host, day(row.pays_from)]))}`,
				"orange",
				true,
			);
			if (!row.valid_to && frappe.model.can_write("Placement")) {
				frm.add_custom_button(
					__("End of the Placement of {0}", [row.child]),
					() => end(frm, row),
					__("Situation"),
				);
			}
		}
	}

	frappe.ui.form.on("Family", {
		refresh(frm) {
			if (frm.is_new()) return;
			if (frappe.model.can_create("Placement") && frm.doc.members.some((row) => row.role === "Child")) {
				frm.add_custom_button(__("Placed Child"), () => begin(frm), __("Situation"));
			}
			draw(frm);
		},
	});
})();
