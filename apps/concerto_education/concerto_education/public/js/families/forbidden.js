// Who may not collect a child is said in red on top of its forms: the person's, and each enrolment's (R22).
(() => {
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const link = (doctype, name, text) =>
		`<a href="/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}">${esc(text)}</a>`;

	function banner(frm, rows) {
		$(frm.wrapper).find(".concerto-forbidden-banner").remove();
		if (!rows.length) return;
		const said = rows.map((row) =>
			row.is_this
				? __("Forbidden contact of the family {0}", [link("Family", row.family, row.family_name)])
				: __("May not collect the child: {0}", [
						`${link("Person", row.person, row.full_name)}${row.relation ? ` (${esc(row.relation)})` : ""}`,
					]),
		);
		$(`<div class="concerto-forbidden-banner" role="alert">${said.join("<br>")}</div>`).prependTo(
			frm.layout.wrapper,
		);
	}

	function show(frm, person) {
		frm.forbidden_of = person;
		if (!person) return banner(frm, []);
		return frappe
			.xcall("concerto_education.families.api.forbidden_contacts", { person })
			.then((rows) => frm.forbidden_of === person && banner(frm, rows));
	}

	frappe.ui.form.on("Person", { refresh: (frm) => void show(frm, frm.is_new() ? null : frm.doc.name) });
	const of_enrolment = (frm) => void show(frm, frm.doc.person);
	frappe.ui.form.on("Enrolment", { refresh: of_enrolment, person: of_enrolment });
})();
