// An order is read, never edited: what it says, what has changed, and the way to the page of the day (R41).

frappe.ui.form.on("Meal Order", {
	refresh(frm) {
		frm.disable_save();
		frm.page.set_indicator(
			frm.doc.version ? __("Correction {0}", [frm.doc.version]) : __("Order"),
			frm.doc.version ? "orange" : "green",
		);
		frm.add_custom_button(__("Meals of the Day"), () => {
			frappe.route_options = { day: frm.doc.meal_date };
			frappe.set_route("meals");
		});
		show_changes(frm);
	},
});

async function show_changes(frm) {
	const $view = frm.get_field("summary_view").$wrapper.empty();
	const found = await frappe.xcall("concerto_education.attendance.meals.api.versions", {
		site: frm.doc.site,
		day: frm.doc.meal_date,
	});
	const mine = found.find((version) => version.name === frm.doc.name);
	if (!mine?.changes.length) return;
	const esc = frappe.utils.escape_html;
	const lines = mine.changes.map((one) => {
		const what =
			one.extra === null || one.extra === undefined
				? `${esc(one.before)} → ${esc(one.after)}`
				: `${one.extra > 0 ? "+" : "−"}${Math.abs(one.extra)}`;
		return `<li><b>${esc(one.name)}</b> : ${what} <small class="text-muted">${esc(one.by || "")}</small></li>`;
	});
	$view.html(`<h5>${__("What Changed")}</h5><ul>${lines.join("")}</ul>`);
}
