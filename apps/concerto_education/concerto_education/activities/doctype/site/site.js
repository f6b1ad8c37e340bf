frappe.ui.form.on("Site", {
	setup(frm) {
		// Accounts of families answer for no site.
		frm.set_query("user", "managers", () => ({
			filters: { enabled: 1, user_type: "System User", name: ["not in", ["Guest"]] },
		}));
	},
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(
				__(
					"Name the place as parents say it, choose its kind, then say who answers for it and when it is closed.",
				),
			);
			return;
		}
		headline(frm);
		frm.add_custom_button(__("Day Sheet"), () => {
			frappe.route_options = { site: frm.doc.name };
			frappe.set_route("day-sheet");
		});
		frm.add_custom_button(__("Enrolments"), () =>
			frappe.set_route("List", "Enrolment", { site: frm.doc.name }),
		);
	},
});

function headline(frm) {
	const { responsible, closure } = frm.doc.__onload?.headline || {};
	const parts = [
		responsible
			? __("Messages go to: {0}", [frappe.utils.escape_html(responsible)])
			: __("Nobody receives the messages of this site yet: name somebody below."),
	];
	if (closure) parts.push(frappe.utils.escape_html(closure));
	frm.set_intro(parts.join(" · "), responsible ? "blue" : "orange");
}
