// Who and where: children across, activities down; what is not open to a child is grey and says why.

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

/** Whom to enrol: children are chosen at first, adults can be added (R26). */
export function people_html({ data, people }) {
	const chip = ({ person, first_name, last_name, age, child, class: school_class }) =>
		`<label class="ce-chip"><input type="checkbox" data-member="${esc(person)}" ${people.has(person) ? "checked" : ""}>
			<b>${esc(first_name)}</b> ${esc(last_name)}
			<small>${esc([child ? age : __("adult"), school_class].filter(Boolean).join(" · "))}</small></label>`;
	const adults = data.people.filter((person) => !person.child);
	return `<div class="ce-people">${data.people
		.filter((person) => person.child)
		.map(chip)
		.join("")}
		${adults.length ? `<details><summary>${__("Add an adult")}</summary>${adults.map(chip).join("")}</details>` : ""}</div>`;
}

export function matrix_html(dialog) {
	const { data, people } = dialog;
	const shown = data.people.filter(({ person }) => people.has(person));
	if (!data.activities.length)
		return `<p class="text-muted">${__("No activity is on offer. An administrator adds them.")}</p>`;
	const head = shown.map((person) => `<th scope="col">${esc(person.first_name)}</th>`).join("");
	const closed = ({ activity }) =>
		shown.every(({ person }) => {
			const { why, by_age } = data.offers[person][activity];
			return why && !(by_age && data.may_override);
		});
	// What is open to somebody comes first.
	const ordered = [...data.activities].sort((one, other) => closed(one) - closed(other));
	const body = ordered
		.map((offer) => {
			const cells = shown.map((person) => cell_html(dialog, person, offer)).join("");
			const none = closed(offer);
			return `<tr class="${none ? "is-none" : ""}"><th scope="row">${esc(offer.activity)}
				<small>${esc([__(offer.kind), offer.ages].filter(Boolean).join(" · "))}</small></th>${cells}</tr>`;
		})
		.join("");
	return `<table><thead><tr><td></td>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function cell_html(dialog, person, { activity }) {
	const offer = dialog.data.offers[person.person][activity];
	const chosen = dialog.chosen.get(dialog.key(person.person, activity));
	const open = !offer.why || (offer.by_age && dialog.data.may_override);
	if (!open) return `<td class="is-closed"><small>${esc(offer.why)}</small></td>`;
	const name = `${person.first_name} : ${activity}`;
	const parts = [
		`<label class="ce-tick"><input type="checkbox" aria-label="${esc(name)}" ${chosen ? "checked" : ""}>
			<span>${offer.sites.length === 1 || !chosen ? esc(offer.site) : ""}</span></label>`,
	];
	if (offer.note) parts.push(`<small class="text-muted">${esc(offer.note)}</small>`);
	if (offer.why) parts.push(`<small class="ce-warn">${esc(offer.why)}</small>`);
	if (chosen) parts.push(...details(offer, chosen, name));
	return `<td data-person="${esc(person.person)}" data-activity="${esc(activity)}">${parts.join("")}</td>`;
}

function details(offer, chosen, name) {
	const parts = [];
	const options = (values, value) =>
		values
			.map(
				(one) =>
					`<option value="${esc(one)}" ${one === value ? "selected" : ""}>${esc(one)}</option>`,
			)
			.join("");
	if (offer.sites.length > 1)
		parts.push(`<select class="form-control" data-field="site" aria-label="${esc(`${__("Site")} : ${name}`)}">
			<option value="">${__("Choose a site")}</option>${options(offer.sites, chosen.site)}</select>`);
	if (offer.categories.length > 1)
		parts.push(`<select class="form-control" data-field="category" aria-label="${esc(`${__("Category")} : ${name}`)}">
			${options(offer.categories, chosen.category)}</select>`);
	if (offer.by_age)
		parts.push(`<input class="form-control" data-field="reason" value="${esc(chosen.reason)}"
			placeholder="${__("Reason to enrol outside the age range")}"
			aria-label="${esc(`${__("Reason to enrol outside the age range")} : ${name}`)}">`);
	return parts;
}
