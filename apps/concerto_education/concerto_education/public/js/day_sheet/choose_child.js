// Somebody who is enrolled but was not expected that day (R31).

import { esc } from "./view";

/** Ask which of these people came; `chosen` gets the enrolment. */
export function choose_child(people, chosen) {
	const dialog = new frappe.ui.Dialog({
		title: __("Who came without being expected?"),
		fields: [
			{ fieldname: "text", fieldtype: "Data", label: __("Name") },
			{ fieldname: "people", fieldtype: "HTML" },
		],
	});
	const $people = dialog.get_field("people").$wrapper.addClass("ds-people");
	const show = () => {
		const words = (dialog.get_field("text").$input.val() || "").toLowerCase().split(/\s+/);
		const found = people.filter((person) => {
			const name = `${person.last_name} ${person.first_name}`.toLowerCase();
			return words.every((word) => name.includes(word));
		});
		$people.html(
			found
				.slice(0, 50)
				.map(
					(person) =>
						`<button type="button" class="ds-person" data-enrolment="${esc(person.enrolment)}">
							<b>${esc(person.last_name)}</b> ${esc(person.first_name)}
							<small>${esc([person.class, person.category].filter(Boolean).join(" · "))}</small>
						</button>`,
				)
				.join("") ||
				`<p class="text-muted">${__(
					"Nobody of that name is enrolled here. Note the name on paper and tell the coordinator, who enrols the child (R31).",
				)}</p>`,
		);
	};
	dialog.get_field("text").$input.on("input", show);
	$people.on("click", "button", (event) => {
		dialog.hide();
		chosen(event.currentTarget.dataset.enrolment);
	});
	show();
	dialog.show();
}
