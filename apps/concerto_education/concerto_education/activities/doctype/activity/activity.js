frappe.ui.form.on("Activity", {
	refresh(frm) {
		frm.set_query("site", "sites", () => ({ filters: { active: 1 } }));
		frm.set_query("site", "groups", () => ({
			filters: { name: ["in", (frm.doc.sites || []).map((row) => row.site)] },
		}));
		if (frm.is_new()) {
			if (frappe.model.can_create("Activity")) {
				frm.set_intro(__("The wizard makes an activity from a ready model in seven short steps."));
				frm.add_custom_button(__("Use the Wizard"), () => frappe.set_route("activity-wizard"));
			}
			return;
		}
		say(frm, frm.doc.__onload?.words);
		frm.add_custom_button(__("Tariffs"), () =>
			frappe.set_route("List", "Tariff", { activity: frm.doc.name }),
		);
		frm.add_custom_button(__("Enrolments"), () =>
			frappe.set_route("List", "Enrolment", { activity: frm.doc.name }),
		);
		if (frm.doc.kind === "Camp" && frm.perm[0]?.write) offer_name(frm);
	},
});

// While rules are changed, the form says what they mean before they are saved.
const SAID = ["rule", "days", "weekday", "weeks", "time"].flatMap((part) => [
	`booking_${part}`,
	`cancelling_${part}`,
]);
SAID.push("late_booking", "late_cancelling", "late_pickup_from", "late_pickup_per", "late_pickup_grace");
const ask = frappe.utils.debounce((frm) => {
	frappe
		.call({
			method: "concerto_education.activities.doctype.activity.activity.words",
			args: { doc: frm.doc },
			silent: true,
		})
		.then(({ message }) => say(frm, message));
}, 400);
frappe.ui.form.on("Activity", Object.fromEntries(SAID.map((field) => [field, ask])));

function say(frm, words) {
	if (!words) return;
	const esc = frappe.utils.escape_html;
	frm.set_intro("");
	frm.set_intro(esc(words.summary), frm.doc.active ? "blue" : "gray");
	for (const change of ["booking", "cancelling"]) {
		const text = words[change] || __("No rule: it is possible at any time.");
		frm.get_field(`${change}_sentence`).html(`<p class="concerto-rule">${esc(text)}</p>`);
	}
	frm.set_df_property("late_pickup_from", "description", esc(words.late_pickup));
}

// A camp whose number, place or dates have changed is offered its new name (R7).
function offer_name(frm) {
	frm.add_custom_button(__("Name After Number, Place and Dates"), () =>
		frappe
			.call({
				method: "concerto_education.activities.doctype.activity.activity.rename_camp",
				args: { activity: frm.doc.name },
				freeze: true,
			})
			.then(({ message }) => frappe.set_route("Form", "Activity", message)),
	);
}
