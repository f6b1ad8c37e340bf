// Questions of the page of absences: the reason of an AJ with its document (R30), and who was fetched late (R10).

/** `decide({reason, note, document_type, file})` once the reason is given. */
export function justify(reasons, count, decide) {
	let file = null;
	const dialog = new frappe.ui.Dialog({
		title: __("Justified absence: {0} chosen", [count]),
		fields: [
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Reason"),
				options: ["", ...reasons.map((row) => row.reason)],
				reqd: 1,
				change: () => {
					const chosen = reasons.find((row) => row.reason === dialog.get_value("reason"));
					dialog.set_value("document_type", chosen?.document_type || "");
				},
			},
			{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
			{
				fieldname: "document_type",
				fieldtype: "Link",
				options: "Document Type",
				label: __("Supporting Document"),
				description: __("It is filed in the dossier of each child."),
				get_query: () => ({ filters: { concerns: "Child", active: 1 } }),
			},
			{
				fieldname: "attach",
				fieldtype: "Button",
				label: __("Attach the Document"),
				click: () =>
					new frappe.ui.FileUploader({
						make_attachments_public: false,
						allow_toggle_private: false,
						on_success: (sent) => {
							file = sent.name;
							dialog.get_field("attach").$input.text(sent.file_name);
						},
					}),
			},
		],
		primary_action_label: __("Record the Absence"),
		primary_action: ({ reason, note, document_type }) => {
			if (file && !document_type) {
				dialog.get_field("document_type").set_focus();
				frappe.show_alert({
					message: __("Document Type: choose what this document is"),
					indicator: "orange",
				});
				return;
			}
			dialog.hide();
			decide({ reason, note, document_type: file ? document_type : null, file });
		},
	});
	dialog.show();
}

/** Which child it is, of a site and a day, among those who were there: `chosen({enrolment, day})`. */
export function choose_late({ sites, site, day }, candidates, chosen) {
	const dialog = new frappe.ui.Dialog({
		title: __("Late Pick-up"),
		fields: [
			{
				fieldname: "site",
				fieldtype: "Select",
				label: __("Site"),
				options: sites,
				default: site || sites[0],
				reqd: 1,
				change: () => look(),
			},
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("Date"),
				default: day,
				reqd: 1,
				change: () => look(),
			},
			{ fieldname: "child", fieldtype: "Select", label: __("Child"), reqd: 1 },
		],
		primary_action_label: __("Continue"),
		primary_action: (values) => {
			dialog.hide();
			chosen({ enrolment: values.child, day: values.day });
		},
	});

	async function look() {
		const wanted = dialog.get_values(true);
		if (!wanted.site || !wanted.day) return;
		const found = await candidates(wanted);
		const children = found.map((row) => ({
			value: row.enrolment,
			label: [`${row.last_name} ${row.first_name}`, row.school_class, row.activity]
				.filter(Boolean)
				.join(" · "),
		}));
		dialog.set_df_property("child", "options", [{ value: "", label: "" }, ...children]);
		const nobody = found.length ? "" : __("Nobody is ticked present there on this day.");
		dialog.set_df_property("child", "description", nobody);
	}
	dialog.show();
	look();
}
