// The label of the environment (R11) and the colour of the authority, on every screen of the Desk.
(() => {
	function dress() {
		const look = (window.frappe && frappe.boot && frappe.boot.concerto) || {};
		if (look.accent_colour) {
			document.documentElement.style.setProperty("--concerto-accent", look.accent_colour);
		}
		switch_base(look.other_base);
		if (!look.environment_label || document.querySelector(".concerto-environment")) return;
		const bar = document.createElement("div");
		bar.className = "concerto-environment";
		bar.setAttribute("role", "note");
		bar.textContent = look.environment_label;
		document.body.append(bar);
		document.body.classList.add("concerto-has-environment");
	}

	// In the user menu: to the training base, or back to the real one (R11).
	function switch_base(other) {
		const menu = document.querySelector("#toolbar-user, .dropdown-navbar-user .dropdown-menu");
		if (!other || !menu || menu.querySelector(".concerto-other-base")) return;
		const link = document.createElement("a");
		link.className = "dropdown-item concerto-other-base";
		link.href = other.url;
		link.textContent = __("Go to: {0}", [other.label]);
		menu.prepend(link);
	}

	$(document).on("app_ready", dress);
	$(dress);
})();

// Where the title is a person: the name instead of PER-000121, in front of each row of a list and on top of the form.
// (Frappe shows the title of a link everywhere else.)
frappe.provide("concerto");
concerto.name_persons = () => {
	if (cur_list?.view_name !== "List") return;
	for (const row of cur_list.data) row.person = row.person_full_name || row.person;
};

// « septembre 2026 » for a day of that month.
concerto.month_name = (day) =>
	day
		? frappe.datetime
				.str_to_obj(day)
				.toLocaleDateString(frappe.boot.lang || "fr", { month: "long", year: "numeric" })
		: "";

for (const doctype of ["Enrolment", "Attendance", "Custody Calendar"]) {
	frappe.ui.form.on(doctype, "refresh", (frm) => {
		const name = !frm.is_new() && frappe.utils.get_link_title("Person", frm.doc.person);
		if (name) frm.page.set_title(name);
	});
}
