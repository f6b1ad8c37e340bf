// The form of a custody calendar: a day is chosen in the month, exceptions are rows of the form, saved with it (R19).
(() => {
	const API = "concerto_education.families.custody_month.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));

	const FIELDS = [
		"family",
		"person",
		"first_payer",
		"second_payer",
		"valid_from",
		"valid_to",
		"rule",
		"changes_on",
		"anchor_date",
		"holiday_rule",
		..."monday tuesday wednesday thursday friday saturday sunday".split(" "),
	];

	function draw_form(frm) {
		const wrapper = frm.get_field("calendar_view").$wrapper;
		if (!frm.doc.family) {
			wrapper.html(`<div class="concerto-empty">${esc(__("Choose the family first."))}</div>`);
			return;
		}
		if (frm.custody_of !== frm.docname) {
			frm.custody_of = frm.docname;
			const may_write = frm.is_new() || frm.perm[0].write;
			frm.custody = new concerto.custody.Calendar(wrapper, {
				load: (month) => frappe.xcall(`${API}custody_month`, { values: frm.doc, month }),
				on_day: may_write ? (day, data) => agree(frm, day, data) : null,
			});
		}
		return frm.custody.draw();
	}

	function agree(frm, day, data) {
		const row = (frm.doc.exceptions || []).find((one) => one.date === day.date);
		const [ruled, other] = [data.payers[day.rule], data.payers[1 - day.rule]];
		const redraw = () => {
			frm.refresh_field("exceptions");
			frm.dirty();
			return draw_form(frm).then(() => frm.custody.focus_day(day.date));
		};
		const dialog = new frappe.ui.Dialog({
			title: concerto.custody.full_date(day.date),
			fields: [
				{
					fieldtype: "HTML",
					fieldname: "rule",
					options: `<p>${esc(__("By the rule: {0}", [ruled.title]))}</p>`,
				},
				{
					fieldtype: "Data",
					fieldname: "note",
					label: __("Note"),
					default: (row && row.note) || "",
					description: __("For instance “week exchanged by agreement”"),
				},
			],
			primary_action_label: row ? __("Keep the Exception") : __("This day to {0}", [other.short]),
			primary_action({ note }) {
				const kept = row || frm.add_child("exceptions", { date: day.date });
				Object.assign(kept, { payer: other.name, note });
				dialog.hide();
				redraw();
			},
		});
		if (row) {
			dialog.set_secondary_action_label(__("Remove the Exception"));
			dialog.set_secondary_action(() => {
				frm.get_field("exceptions").grid.grid_rows_by_docname[row.name].remove();
				dialog.hide();
				redraw();
			});
		}
		dialog.show();
	}

	const later = frappe.utils.debounce(draw_form, 300);
	frappe.ui.form.on("Custody Calendar", {
		refresh: draw_form,
		...Object.fromEntries(FIELDS.map((field) => [field, later])),
	});
	frappe.ui.form.on("Custody Exception", {
		date: later,
		payer: later,
		exceptions_remove: later,
	});
})();
