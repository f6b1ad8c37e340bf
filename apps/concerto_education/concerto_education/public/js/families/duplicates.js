// Likely duplicates before a new person or dossier is saved (R12): open one, or say that they are different.
// Every value is escaped here: names come from people.
frappe.provide("concerto.families");

(() => {
	const API = "concerto_education.families.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const route = (doctype, name) => `/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}`;
	// +33612345678 is stored; people read and dictate 06 12 34 56 78.
	const phone = (value) =>
		String(value || "")
			.replace(/^\+33-?/, "0")
			.replace(/^(0\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5");

	function card(doctype, row, use) {
		const dossiers = row.families
			.map((one) => {
				const mark = one.forbidden
					? ` <span class="concerto-tag is-danger">${esc(__("Forbidden: may not collect the child"))}</span>`
					: "";
				return `<a href="${route("Family", one.family)}" target="_blank">${esc(one.title)}</a>${mark}`;
			})
			.join("<br>");
		const facts = [...row.details, phone(row.phone)].filter(Boolean).map(esc).join(" · ");
		const label = use ? __("Use This One") : __("Open It");
		return `<div class="concerto-card concerto-duplicate">
			<div class="concerto-name">${esc(row.title)}
				<span class="concerto-tag">${esc(__("Likeness: {0} %", [row.score]))}</span></div>
			<div class="concerto-detail">${facts}</div>
			<div>${row.reasons.map((reason) => `<span class="concerto-tag">${esc(reason)}</span>`).join("")}</div>
			${doctype === "Person" ? `<div class="concerto-detail">${dossiers || esc(__("In no dossier yet"))}</div>` : ""}
			<button class="btn btn-sm btn-default mt-2" data-open="${esc(row.name)}">${esc(label)}</button>
		</div>`;
	}

	// Resolves to the answer: {different: [names]} to go on, or {open: name}. Closing the dialog answers nothing.
	function ask(doctype, found, use) {
		return new Promise((resolve) => {
			let answer = {};
			const person = doctype === "Person";
			const dialog = new frappe.ui.Dialog({
				title: person
					? __("This person may be there already")
					: __("This family may have a dossier already"),
				size: "large",
				fields: [{ fieldtype: "HTML", fieldname: "found" }],
				primary_action_label: person ? __("Different People") : __("Different Families"),
				primary_action() {
					answer = { different: found.map((row) => row.name) };
					dialog.hide();
				},
				secondary_action_label: __("Back"),
				secondary_action: () => dialog.hide(),
			});
			dialog.fields_dict.found.$wrapper
				.html(
					`<p>${esc(__("Look at what matches. Your answer is remembered with your name and the date."))}</p>
					<div class="concerto-members">${found.map((row) => card(doctype, row, use)).join("")}</div>`,
				)
				.on("click", "[data-open]", (event) => {
					answer = { open: event.currentTarget.dataset.open };
					dialog.hide();
				});
			dialog.onhide = () => resolve(answer);
			dialog.show();
		});
	}

	// Asks the server, then the user if there is something to ask.
	concerto.families.check_duplicates = async (doctype, doc, use = false) => {
		const values = Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith("__")));
		// If this fails, saving goes on: the server asks the same question and refuses in its own words.
		const found = await frappe.xcall(`${API}likely_duplicates`, { doctype, values }).catch(() => []);
		return found.length ? ask(doctype, found, use) : { different: [] };
	};

	concerto.families.declare_different = (doctype, first, second) =>
		frappe
			.xcall(`${API}declare_different`, { doctype, first, second })
			.then(() =>
				frappe.show_alert({ message: __("Remembered: they are different"), indicator: "green" }),
			);

	// ---- forms

	const form = {
		async before_save(frm) {
			if (!frm.is_new()) return;
			// Saved again after the answer: the server has the list, and asks by itself if more turned up.
			if (frm.doc.different_from) return;
			const answer = await concerto.families.check_duplicates(frm.doctype, frm.doc);
			if (answer.different) {
				frm.doc.different_from = answer.different.join(", ");
				return;
			}
			frappe.validated = false;
			if (answer.open) frappe.set_route("Form", frm.doctype, answer.open);
		},
	};
	frappe.ui.form.on("Person", form);
	frappe.ui.form.on("Family", form);

	// ---- the small form that a link to a person opens: the one that is there already is put into the link

	$(document).on("app_ready", () => {
		const Base = frappe.ui.form.QuickEntryForm;
		if (!Base || frappe.ui.form.PersonQuickEntryForm) return;
		frappe.ui.form.PersonQuickEntryForm = class extends Base {
			async insert() {
				const doc = this.update_doc();
				const answer = await concerto.families.check_duplicates(
					"Person",
					doc,
					Boolean(frappe._from_link),
				);
				if (answer.different) {
					doc.different_from = answer.different.join(", ");
					return super.insert();
				}
				this.dialog.working = false;
				if (answer.open) {
					this.dialog.hide();
					await this.use(answer.open);
				}
				return doc;
			}

			async use(name) {
				if (!frappe._from_link) return frappe.set_route("Form", "Person", name);
				frappe.ui.form.update_calling_link(await frappe.db.get_doc("Person", name));
			}
		};
	});
})();
