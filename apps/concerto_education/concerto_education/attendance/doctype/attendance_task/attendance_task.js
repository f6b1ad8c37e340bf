// Guided steps: dossier → enrolment → presence (R31).
const API = "concerto_education.attendance.task_api.";

frappe.ui.form.on("Attendance Task", {
	setup(frm) {
		frm.set_query("family", () => ({ filters: { name: ["in", frm.families || []] } }));
	},
	async refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) return;
		const { message } = await frappe.call({
			method: `${API}steps`,
			args: { task: frm.doc.name },
			type: "GET",
		});
		frm.families = message.families;
		frm.get_field("steps").$wrapper.html(steps_html(frm, message));
		const open = frm.doc.status === "To Regularise" && message.may_judge;
		for (const name of ["person", "family", "note"]) frm.set_df_property(name, "read_only", open ? 0 : 1);
		if (!open) return;
		frm.enable_save();
		add_buttons(frm, message);
	},
	person: (frm) => frm.doc.person && frm.save(),
});

function add_buttons(frm, found) {
	const main = (label, run) => frm.add_custom_button(label, run).addClass("btn-primary");
	const other = (label, run) => frm.add_custom_button(label, run);
	if (found.next === "dossier") {
		if (!frm.doc.person) main(__("Choose the Child"), () => choose_child(frm));
		if (found.families.length > 1) main(__("Choose the Family"), () => frm.scroll_to_field("family"));
		if (!found.families.length) other(__("Open a Dossier"), () => open_dossier(frm));
	} else if (found.next === "enrol") {
		main(__("Enrol the Child"), () => enrol(frm));
	} else if (found.next === "resume") {
		main(__("Take Over the Presence"), () => call(frm, "resume"));
	}
	other(__("Dismiss"), () => dismiss(frm));
}

function choose_child(frm) {
	frappe.prompt(
		{
			fieldname: "person",
			fieldtype: "Link",
			options: "Person",
			label: __("Child"),
			reqd: 1,
			description: __("As given on the tablet: {0}", [
				[frm.doc.child_name, frm.doc.child_class].filter(Boolean).join(", "),
			]),
		},
		({ person }) => frm.set_value("person", person),
		__("Who Was Present?"),
		__("Choose"),
	);
}

function open_dossier(frm) {
	frappe.show_alert(__("Come back here when the dossier is complete."));
	frappe.new_doc("Family");
}

function enrol(frm) {
	frappe.new_doc("Enrolment", {
		family: frm.doc.family,
		person: frm.doc.person,
		activity: frm.doc.activity,
		site: frm.doc.site,
		valid_from: frm.doc.attendance_date,
	});
}

function dismiss(frm) {
	frappe.prompt(
		{
			fieldname: "because",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: __("For instance a visitor, or a mistake of the tablet"),
		},
		({ because }) => call(frm, "dismiss", { because }),
		__("Dismiss this presence?"),
		__("Dismiss"),
	);
}

const call = (frm, method, args = {}) =>
	frappe
		.call({ method: API + method, args: { task: frm.doc.name, ...args }, freeze: true })
		.then(() => frm.reload_doc());

function steps_html(frm, found) {
	const esc = frappe.utils.escape_html;
	const link = (doctype, name, text) =>
		`<a href="/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}">${esc(text || name)}</a>`;
	const steps = [
		{
			key: "dossier",
			label: __("Complete the dossier"),
			done: found.person && found.family,
			detail:
				(found.person && link("Person", found.person, found.person_name)) ||
				esc(__("As given on the tablet: {0}", [frm.doc.child_name])),
		},
		{
			key: "enrol",
			label: __("Enrol in {0}", [frm.doc.activity]),
			done: found.enrolment,
			detail: found.enrolment ? link("Enrolment", found.enrolment) : "",
		},
		{
			key: "resume",
			label: __("Take over the presence of {0}", [
				frappe.datetime.str_to_user(frm.doc.attendance_date),
			]),
			done: found.attendance,
			detail: found.attendance ? link("Attendance", found.attendance, __("Attendance")) : "",
		},
	];
	const items = steps.map((step, place) => {
		const css = step.done ? "text-success" : step.key === found.next ? "font-weight-bold" : "text-muted";
		return `<li class="${css} mb-2">${step.done ? "✓" : `${place + 1}.`} ${esc(step.label)}
			<div class="small text-muted font-weight-normal">${step.detail}</div></li>`;
	});
	return `<ol class="list-unstyled" role="list">${items.join("")}</ol>`;
}
