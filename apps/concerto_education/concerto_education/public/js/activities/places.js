// On the enrolment's form: the groups one may choose, the waiting list, and who else pays (R29, R40).

frappe.ui.form.on("Enrolment", {
	refresh(frm) {
		group_options(frm);
		if (frm.is_new()) return;
		if (frappe.model.can_read("Waiting List Entry")) {
			frm.add_custom_button(
				__("Places"),
				() => {
					frappe.route_options = { activity: frm.doc.activity, site: frm.doc.site };
					frappe.set_route("places");
				},
				__("View"),
			);
		}
		places(frm);
		fundings(frm);
	},
	activity: (frm) => group_options(frm),
	site: (frm) => group_options(frm),
});

async function group_options(frm) {
	const field = frm.get_field("activity_group");
	if (!field || !frm.doc.activity) return;
	const activity = await frappe.db.get_doc("Activity", frm.doc.activity);
	const names = (activity.groups || [])
		.filter((row) => !row.site || !frm.doc.site || row.site === frm.doc.site)
		.map((row) => row.group_name);
	frm.toggle_display("activity_group", names.length > 0);
	field.$input?.attr("list", "concerto-groups").attr("autocomplete", "off");
	$("#concerto-groups").remove();
	$(`<datalist id="concerto-groups"></datalist>`)
		.append([...new Set(names)].map((name) => $("<option>").attr("value", name)))
		.appendTo(document.body);
}

async function places(frm) {
	const { message } = await frappe.call("concerto_education.activities.capacity.api.enrolment_places", {
		enrolment: frm.doc.name,
	});
	const esc = (text) => frappe.utils.escape_html(String(text ?? ""));
	frm.get_field("places_view").$wrapper.html(
		message.entries
			.map(
				(row) => `<div class="alert alert-warning">
				<a href="/app/waiting-list-entry/${esc(row.name)}"><b>${__("Waiting list: rank {0}", [row.rank])}</b></a>
				– ${__(row.status)}, ${__(row.scope)}${row.deadline ? `, ${__("answer before {0}", [esc(row.deadline)])}` : ""}
				${row.criteria ? `<br>${esc(row.criteria)}` : ""}</div>`,
			)
			.join(""),
	);
}

async function fundings(frm) {
	const field = frm.get_field("funding_view");
	if (!field || !frappe.model.can_read("Funding")) {
		frm.toggle_display("funding_section", false);
		return;
	}
	const { message } = await frappe.call("concerto_education.billing.funders.api.enrolment_fundings", {
		enrolment: frm.doc.name,
	});
	const esc = (text) => frappe.utils.escape_html(String(text ?? ""));
	const rows = message
		.map(
			(
				row,
			) => `<tr><td><a href="/app/funding/${esc(row.name)}">${esc(row.name)}</a></td><td>${esc(row.funder)}</td>
			<td>${esc(row.basis)}</td><td>${esc(row.period)}</td><td>${esc(row.reference)}</td><td>${__(row.status)}</td></tr>`,
		)
		.join("");
	const table = rows
		? `<table class="table table-bordered"><thead><tr><th></th><th>${__("Funder")}</th><th>${__("Basis")}</th>
			<th>${__("Period")}</th><th>${__("Reference")}</th><th>${__("Status")}</th></tr></thead><tbody>${rows}</tbody></table>`
		: `<p class="text-muted">${__("Nobody else pays for this enrolment.")}</p>`;
	field.$wrapper.html(table);
	if (!frappe.model.can_create("Funding")) return;
	$(`<button class="btn btn-default btn-sm">${__("Request a Funding")}</button>`)
		.appendTo(field.$wrapper)
		.on("click", () =>
			frappe.new_doc("Funding", {
				enrolment: frm.doc.name,
				valid_from: frm.doc.valid_from,
				valid_to: frm.doc.valid_to,
			}),
		);
}
