// Notes of the dossier: a dialog when it opens, until this user has acknowledged them, and a list in the form (R17).
frappe.provide("concerto.notes");

(() => {
	const API = "concerto_education.families.notes.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const lines = (text) => esc(text).replace(/\n/g, "<br>");
	const trace = (note) =>
		__("{0}, on {1}", [note.changed_by, frappe.datetime.str_to_user(note.changed_at.slice(0, 16))]);

	const body = (note) => `
		${note.note ? `<p class="concerto-note-text">${lines(note.note)}</p>` : ""}
		${
			note.social_note
				? `<p class="concerto-note-text is-social"><span class="concerto-tag is-danger">${esc(__("Confidential"))}</span> ${lines(note.social_note)}</p>`
				: ""
		}
		<p class="text-muted small">${esc(trace(note))}</p>`;

	function ask(frm, notes) {
		const dialog = new frappe.ui.Dialog({
			title: __("To know about the dossier {0}", [frm.doc.family_name]),
			fields: [{ fieldtype: "HTML", fieldname: "notes" }],
			primary_action_label: __("I Have Read It"),
			primary_action() {
				dialog.hide();
				Promise.all(
					notes.map(({ name, revision }) =>
						frappe.xcall(`${API}acknowledge`, { note: name, revision }),
					),
				).then(() => concerto.notes.draw(frm));
			},
			secondary_action_label: __("Show It Again Next Time"),
			secondary_action: () => dialog.hide(),
		});
		dialog.fields_dict.notes.$wrapper.html(
			`<div class="concerto-notes" role="alert">${notes.map(body).join("<hr>")}</div>`,
		);
		dialog.show();
		frm.note_dialog = dialog;
	}

	concerto.notes.draw = async (frm) => {
		const field = frm.get_field("notes_view");
		if (!field || !frappe.model.can_read("Opening Note")) return [];
		const family = frm.doc.name;
		const notes = await frappe.xcall(`${API}notes_of`, { family });
		if (frm.doc.name !== family) return [];
		const may_write = frappe.model.can_create("Opening Note");
		const cards = notes.map(
			(note) => `<div class="concerto-card is-warning">${body(note)}
				<a class="small" href="/app/opening-note/${encodeURIComponent(note.name)}">${esc(may_write ? __("Change or End") : __("Open It"))}</a>
				${note.unread ? "" : `<span class="concerto-tag">${esc(__("Read by You"))}</span>`}</div>`,
		);
		field.$wrapper.html(
			`<div class="form-group"><label class="control-label">${esc(__("Notes"))}</label>
			${cards.join("") || `<p class="text-muted">${esc(__("No note."))}</p>`}</div>`,
		);
		if (may_write) {
			$(`<button type="button" class="btn btn-xs btn-default">${esc(__("Add a Note"))}</button>`)
				.on("click", () => add(frm))
				.appendTo(field.$wrapper.find(".form-group"));
		}
		return notes;
	};

	// The confidential field is offered only to those who may write it; the server decides.
	const SOCIAL = [
		"Super Administrator",
		"School Services Administrator",
		"Early Childhood Administrator",
		"School Coordinator",
		"Leisure Centre Director",
		"Nursery Director",
		"Area Manager",
	];

	function add(frm) {
		const social = SOCIAL.some((role) => frappe.user_roles.includes(role));
		const dialog = new frappe.ui.Dialog({
			title: __("Add a Note"),
			fields: [
				{
					fieldtype: "Small Text",
					fieldname: "note",
					label: __("Note"),
					description: __("For everybody who may read the dossier"),
				},
				...(social
					? [
							{
								fieldtype: "Small Text",
								fieldname: "social_note",
								label: __("Confidential Note"),
								description: __(
									"Social matters: only for administrators, coordinators, directors and area managers",
								),
							},
						]
					: []),
				{
					fieldtype: "Date",
					fieldname: "until",
					label: __("Shown Until"),
					description: __("Empty: as long as it is active"),
				},
			],
			primary_action_label: __("Add"),
			primary_action(values) {
				frappe.db
					.insert({ doctype: "Opening Note", family: frm.doc.name, ...values })
					.then(() => {
						dialog.hide();
						frappe.show_alert({ message: __("Note added"), indicator: "green" });
						return concerto.notes.draw(frm);
					})
					.catch(() => {}); // Frappe has said why; what was typed stays
			},
		});
		dialog.show();
	}

	frappe.ui.form.on("Family", {
		setup(frm) {
			// A dossier that is opened again asks again, if there is still something to read.
			frappe.router.on("change", () => {
				const [view, doctype, name] = frappe.get_route();
				if (view === "Form" && doctype === "Family" && name === frm.notes_shown_for) return;
				frm.notes_shown_for = null;
				if (frm.note_dialog) frm.note_dialog.hide();
			});
		},
		async refresh(frm) {
			if (frm.is_new()) return;
			const family = frm.doc.name;
			const notes = await concerto.notes.draw(frm);
			const unread = notes.filter((note) => note.unread);
			if (!unread.length || frm.notes_shown_for === family || frm.doc.name !== family) return;
			frm.notes_shown_for = family;
			ask(frm, unread);
		},
	});
})();
