// Merging two dossiers or two persons: what would move, what stands in the way, then all or nothing (R12).
frappe.provide("concerto.families");

(() => {
	const API = "concerto_education.families.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const link = (doctype, name, text) =>
		`<a href="/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}" target="_blank">${esc(text)}</a>`;
	const list = (items) => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

	function side(label, doctype, record, kind) {
		return `<div class="concerto-card ${kind}">
			<div class="concerto-label">${esc(label)}</div>
			<div class="concerto-name">${link(doctype, record.name, record.title || record.name)}</div>
			<div class="concerto-detail">${esc(record.name)}</div>
			<div class="concerto-detail">${record.lines.map((line) => esc(strip_html(line))).join("<br>")}</div>
			<div class="concerto-detail">${esc(__("Opened on {0}", [frappe.datetime.str_to_user(record.created.slice(0, 10))]))}</div>
		</div>`;
	}

	const conflict = (row) =>
		`${row.message}${row.name ? ` ${link(row.doctype, row.name, __("Open It"))}` : ""}`;

	function draw(doctype, data) {
		const parts = [
			`<div class="concerto-members">
				${side(__("Kept"), doctype, data.kept, "is-kept")}${side(__("Dropped"), doctype, data.dropped, "")}
			</div>`,
		];
		if (data.conflicts.length) {
			parts.push(
				`<div class="concerto-card is-danger" role="alert"><div class="concerto-name">${esc(
					__("These can’t be merged yet"),
				)}</div>${list(data.conflicts.map(conflict))}</div>`,
			);
		}
		if (data.persons.length) {
			const rows = data.persons.map((row, number) => {
				const stuck = row.conflicts.length;
				const why = stuck ? list(row.conflicts.map(conflict)) : "";
				return `<label class="concerto-choice"><input type="checkbox" data-person="${number}" ${
					stuck ? "disabled" : "checked"
				}> ${esc(row.title)} <span class="text-muted">${esc(row.reasons.join(", "))}</span></label>${why}`;
			});
			parts.push(`<h5>${esc(__("The same people in both dossiers"))}</h5>${rows.join("")}`);
		}
		const moves = data.moves.map((row) => `${esc(row.count)} × ${esc(__(row.doctype))}`);
		parts.push(`<h5>${esc(__("What will move"))}</h5>`);
		parts.push(moves.length ? list(moves) : `<p>${esc(__("Nothing points to the dropped record."))}</p>`);
		const more = [
			...data.filled.map((row) => esc(__("{0}: {1}", [__(row.label), strip_html(row.value)]))),
			...data.notices.map(esc),
		];
		if (more.length) parts.push(`<h5>${esc(__("What will change"))}</h5>${list(more)}`);
		return parts.join("");
	}

	// Opens the dialog; `done` is called after the merge.
	concerto.families.merge = async (doctype, kept, dropped, done) => {
		const dialog = new frappe.ui.Dialog({
			title: doctype === "Family" ? __("Merge Two Dossiers") : __("Merge Two Persons"),
			size: "large",
			fields: [{ fieldtype: "HTML", fieldname: "view" }],
			secondary_action_label: __("Keep the Other One"),
			secondary_action() {
				[kept, dropped] = [dropped, kept];
				load();
			},
		});
		let data;

		async function load() {
			data = await frappe.xcall(`${API}preview_merge`, { doctype, kept, dropped });
			dialog.fields_dict.view.$wrapper.html(draw(doctype, data));
			dialog.set_primary_action(__("Merge"), confirm);
			dialog.get_primary_btn().prop("disabled", Boolean(data.conflicts.length));
		}

		function confirm() {
			frappe.confirm(
				__("Merge {0} into {1}? This cannot be undone; a trace is kept.", [
					esc(data.dropped.title || dropped),
					esc(data.kept.title || kept),
				]),
				run,
			);
		}

		async function run() {
			const chosen = [...dialog.$wrapper.find("[data-person]:checked")].map(
				(box) => data.persons[box.dataset.person],
			);
			await frappe.xcall(`${API}merge_records`, {
				doctype,
				kept,
				dropped,
				persons: chosen.map((row) => [row.kept, row.dropped]),
			});
			dialog.hide();
			frappe.show_alert({ message: __("Merged"), indicator: "green" });
			if (done) done(kept);
		}

		await load();
		dialog.show();
	};

	// ---- from a form: choose the other one

	const ADMINISTRATORS = [
		"Super Administrator",
		"School Services Administrator",
		"Early Childhood Administrator",
	];
	const form = {
		refresh(frm) {
			// The server decides; without the role the menu isn't shown.
			if (frm.is_new() || !ADMINISTRATORS.some((role) => frappe.user_roles.includes(role))) return;
			frm.page.add_menu_item(__("Merge With Another…"), () => {
				frappe.prompt(
					{
						fieldname: "other",
						fieldtype: "Link",
						options: frm.doctype,
						label: __("The one that will be dropped"),
						reqd: 1,
					},
					({ other }) =>
						concerto.families.merge(frm.doctype, frm.doc.name, other, (kept) => {
							if (kept === frm.doc.name) frm.reload_doc();
							else frappe.set_route("Form", frm.doctype, kept);
						}),
					__("Merge With Another…"),
					__("Compare"),
				);
			});
		},
	};
	frappe.ui.form.on("Family", form);
	frappe.ui.form.on("Person", form);

	// ---- the number of a merged record leads to the kept one

	frappe.router.on("change", async () => {
		const [view, doctype, name] = frappe.get_route();
		if (view !== "Form" || !["Family", "Person"].includes(doctype) || !name || name.startsWith("new-"))
			return;
		if (!/^(DOS|PER)-\d+$/.test(name)) return;
		// A number that is there is the rule: one small question, and only for those that the screen doesn't have.
		if (frappe.get_doc(doctype, name)) return;
		const kept = await frappe.xcall(`${API}merged_into`, { doctype, name }).catch(() => null);
		if (!kept || frappe.get_route()[2] !== name) return;
		frappe.route_flags.replace_route = true;
		await frappe.set_route("Form", doctype, kept);
		frappe.show_alert({ message: __("{0} was merged into this record", [name]), indicator: "blue" });
	});
})();
