// The dossier shows the custody calendars of its children, to look at; they are changed in their own form (R19).
(() => {
	const API = "concerto_education.families.custody_month.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));

	concerto.custody.draw_family = async (frm) => {
		const field = frm.get_field("custody_view");
		if (!field || !frappe.model.can_read("Custody Calendar")) return;
		const family = frm.doc.name;
		const load = (month) => frappe.xcall(`${API}family_custody`, { family, month });
		const found = await load(`${frappe.datetime.get_today().slice(0, 7)}-01`);
		if (frm.doc.name !== family) return;
		field.$wrapper.empty();
		for (const row of found) {
			const part = $(`<section class="concerto-custody-child"><h5>${esc(row.child)}
				<a class="btn btn-xs btn-default" href="/app/custody-calendar/${encodeURIComponent(row.calendar)}">${esc(__("Open the Calendar"))}</a></h5><div></div></section>`);
			field.$wrapper.append(part);
			const calendar = new concerto.custody.Calendar(part.find("> div"), {
				load: async (month) =>
					(await load(month)).find((one) => one.calendar === row.calendar) || {
						incomplete: __("This calendar says nothing of that month."),
					},
			});
			await calendar.draw();
		}
		if (frappe.model.can_create("Custody Calendar") && !found.length) {
			const add = $(
				`<button type="button" class="btn btn-xs btn-default">${esc(__("New Custody Calendar"))}</button>`,
			).on("click", () => frappe.new_doc("Custody Calendar", { family }));
			field.$wrapper.append(
				$(
					`<p class="text-muted">${esc(__("Two payers for one child need a custody calendar."))} </p>`,
				).append(add),
			);
		}
	};
	frappe.ui.form.on("Family", {
		refresh: (frm) => (frm.is_new() ? null : concerto.custody.draw_family(frm)),
	});
})();
