// Asking the CAF or MSA for the quotient of the month, if an administrator has turned it on (R39).
(() => {
	const API = "concerto_education.families.api_particulier.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => frappe.datetime.str_to_user(value);

	function ask(frm) {
		const people = frm.doc.members.filter((row) => row.role.startsWith("Representative"));
		const in_france = "eval:doc.born_in=='France'";
		const dialog = new frappe.ui.Dialog({
			title: __("Ask the CAF or MSA"),
			fields: [
				{
					fieldtype: "Select",
					fieldname: "person",
					label: __("Beneficiary"),
					reqd: 1,
					options: people.map((row) => ({ value: row.person, label: row.full_name })),
					default: people[0].person,
				},
				{
					fieldtype: "Select",
					fieldname: "born_in",
					label: __("Born In"),
					options: [
						{ value: "France", label: __("France") },
						{ value: "Abroad", label: __("Abroad") },
					],
					default: "France",
				},
				{
					fieldtype: "Data",
					fieldname: "town",
					label: __("Town of Birth"),
					depends_on: in_france,
				},
				{
					fieldtype: "Data",
					fieldname: "department",
					label: __("Département of Birth"),
					depends_on: in_france,
					description: __("Its number, for instance 86 or 2A"),
				},
				{
					fieldtype: "Data",
					fieldname: "town_code",
					label: __("INSEE Code of the Town of Birth"),
					depends_on: in_france,
					description: __("If it is known, town and département are not needed"),
				},
				{
					fieldtype: "Data",
					fieldname: "country_code",
					label: __("INSEE Code of the Country of Birth"),
					depends_on: "eval:doc.born_in=='Abroad'",
					description: __("Five digits that begin with 99"),
				},
				{ fieldtype: "HTML", fieldname: "answer" },
			],
			primary_action_label: __("Ask"),
			primary_action(values) {
				const abroad = values.born_in === "Abroad";
				const args = {
					family: frm.doc.name,
					person: values.person,
					town: abroad ? "" : values.town || "",
					department: abroad ? "" : values.department || "",
					town_code: abroad ? "" : values.town_code || "",
					...(abroad ? { country_code: values.country_code || "" } : {}),
				};
				const answer = dialog.fields_dict.answer.$wrapper;
				answer.html(`<p class="text-muted" role="status">${esc(__("Asking…"))}</p>`);
				dialog.disable_primary_action();
				frappe
					.xcall(`${API}look_up`, args)
					.then((found) => show(frm, dialog, found))
					.catch(() => answer.empty()) // Frappe has said why
					.finally(() => dialog.enable_primary_action());
			},
		});
		dialog.show();
		dialog.fields_dict.answer.$wrapper.html(
			`<p class="text-muted">${esc(__("The birth place is sent and not kept. Your name, the date and the person are written in the log."))}</p>`,
		);
	}

	function show(frm, dialog, found) {
		const answer = dialog.fields_dict.answer.$wrapper;
		if (found.outcome !== "Found") {
			answer.html(`<div class="concerto-card is-warning" role="alert">${esc(found.message)}</div>`);
			return;
		}
		const before = found.current
			? __("Until now: {0}", [
					found.current.unknown ? "9999" : concerto.families.number(found.current.value),
				])
			: __("Until now: none");
		answer.html(`<div class="concerto-card" role="status">
			<div class="concerto-label">${esc(__(found.source))}</div>
			<div class="concerto-value">${esc(concerto.families.number(found.value))}</div>
			<div class="concerto-detail">${esc(__("Quotient of {0}", [found.month.slice(5, 7) + "/" + found.month.slice(0, 4)]))} · ${esc(before)}</div>
			<div class="concerto-detail">${esc(__("from {0} to {1}", [day(found.valid_from), day(found.valid_to)]))}</div>
			<button type="button" class="btn btn-primary btn-sm mt-2">${esc(__("Add This Quotient"))}</button></div>`);
		answer.find("button").on("click", (event) => {
			event.currentTarget.disabled = true;
			const { log, valid_from, valid_to } = found;
			frappe
				.xcall(`${API}add`, { log, valid_from, valid_to })
				.then(() => {
					dialog.hide();
					frappe.show_alert({ message: __("Quotient added"), indicator: "green" });
					frm.reload_doc();
				})
				.catch(() => (event.currentTarget.disabled = false)); // Frappe has said why
		});
	}

	frappe.ui.form.on("Family", {
		async refresh(frm) {
			if (frm.is_new() || !frappe.model.can_create("Quotient")) return;
			if (!frm.doc.members.some((row) => row.role.startsWith("Representative"))) return;
			const family = frm.doc.name;
			const enabled = await frappe.xcall(`${API}is_enabled`);
			if (enabled && frm.doc.name === family) {
				frm.add_custom_button(__("Ask the CAF or MSA"), () => ask(frm), __("Situation"));
			}
		},
	});
})();
