// The steps of an entry are buttons here as on the page of places (R40).

frappe.ui.form.on("Waiting List Entry", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.page.set_title(frappe.utils.get_link_title("Person", frm.doc.person) || frm.doc.person);
		frm.add_custom_button(__("Places"), () => {
			frappe.route_options = { activity: frm.doc.activity, site: frm.doc.site };
			frappe.set_route("places");
		});
		if (!frm.perm[0]?.write) return;
		const button = (method, label, primary) => {
			const made = frm.add_custom_button(label, () =>
				frappe
					.call({
						method: `concerto_education.activities.capacity.api.${method}`,
						args: { entry: frm.doc.name },
						freeze: true,
					})
					.then(() => frm.reload_doc()),
			);
			if (primary) made.addClass("btn-primary");
		};
		if (frm.doc.status === "Waiting") {
			button("offer", __("Offer the Place"), true);
			button("refuse", __("No Longer Wanted"));
		} else if (frm.doc.status === "Offered") {
			button("accept", __("Family Accepts"), true);
			button("refuse", __("Family Refuses"));
			button("put_back", __("Take Back"));
		} else if (frm.doc.status === "Expired") {
			button("put_back", __("Put Back"));
		}
	},
});
