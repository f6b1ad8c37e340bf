// Dialogs: more about a child, somebody who is not on the list, what was refused, logging out.

import * as api from "./api.js";
import * as clock from "./clock.js";
import { button, dialog, el } from "./dom.js";
import { __ } from "./texts.js";

const field = (text, input) => el("label.field", {}, el("span", {}, text), input);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const startsAWord = ({ last_name, first_name }, start) =>
	plain(`${last_name} ${first_name}`)
		.split(/[\s'-]+/)
		.some((word) => word.startsWith(start));

/** More about a child on the list. Resolves to ticks: [{action, …}]. */
export async function more(item, state, clockMode, locked) {
	const arrival = el("input", { type: "time", value: state.arrival || "", disabled: locked });
	const departure = el("input", { type: "time", value: state.departure || "", disabled: locked });
	const note = el("textarea", { rows: 3, maxlength: 500, disabled: locked });
	note.value = state.note || "";
	const decided = ["Absent", "Justified"].includes(state.status);
	const present = state.status === "Present";
	const body = [
		el("p.lead", {}, item.class || ""),
		item.marks.map((mark) => el(`p.alert.is-${mark.kind}`, {}, mark.text)),
		item.task &&
			el("p.alert", {}, __("Not enrolled: the coordinator will complete the dossier and enrol.")),
		decided && el("p.alert", {}, __("Recorded as absent. Only the coordinator changes that.")),
		el("div.two", {}, field(__("Arrival"), arrival), field(__("Departure"), departure)),
		field(__("Note"), note),
	];
	const buttons = [{ label: __("Save"), value: "save", kind: "main" }];
	if (present) {
		const label = item.task ? __("Take off the list") : __("Undo the presence");
		buttons.unshift({ label, value: "undo", kind: "danger" });
	} else if (!decided) buttons.unshift({ label: __("Mark present"), value: "present" });
	const { done } = dialog(item.name, body, locked ? [] : buttons);
	const choice = await done;
	if (choice === "undo") return [{ action: item.task ? "Withdrawn" : "Undo" }];
	if (!choice) return [];
	const ticks = [];
	if (choice === "present") ticks.push({ action: clockMode ? "Clock" : "Present" });
	const changed = (input, old) => input.value && input.value !== (old || "");
	if (changed(arrival, state.arrival)) ticks.push({ action: "Arrival", clock_time: arrival.value });
	if (changed(departure, state.departure)) ticks.push({ action: "Departure", clock_time: departure.value });
	if (note.value.trim() !== (state.note || "")) ticks.push({ action: "Note", note: note.value.trim() });
	return ticks;
}

// ---------------------------------------------------------------- somebody who is not on the list (R31)

/** Resolves to {child} of the activity, {person, name, class} found by search, {name, class} by hand, or null. */
export function add(others, site, mayAskServer) {
	return new Promise((resolve) => {
		const found = el("ul.found");
		const hint = el("p.hint");
		const search = el("input", {
			type: "search",
			autocomplete: "off",
			enterkeyhint: "search",
			"aria-label": __("Name of the child"),
			placeholder: __("Name of the child"),
		});
		const name = el("input", { type: "text", maxlength: 120, autocomplete: "off" });
		const schoolClass = el("input", { type: "text", maxlength: 60, autocomplete: "off" });
		const byHand = el(
			"details.by-hand",
			{},
			el("summary", {}, __("Not found: write the name")),
			el("p.hint", {}, __("The coordinator will find the dossier or open one.")),
			field(__("First name and name"), name),
			field(__("Class, or what helps to find the child"), schoolClass),
			button(
				__("Add and mark present"),
				() => {
					if (!name.value.trim()) return name.focus();
					choose({ name: name.value.trim(), class: schoolClass.value.trim() });
				},
				"main",
			),
		);
		const { box, done } = dialog(__("Add a child"), [search, found, hint, byHand], []);
		let chosen = null;
		function choose(what) {
			chosen = what;
			box.finish("chosen");
		}
		const row = (label, detail, what) =>
			el(
				"li",
				{},
				el(
					"button.result",
					{ type: "button", onclick: () => choose(what) },
					el("b", {}, label),
					el("small", {}, detail),
				),
			);
		let asked = 0;
		async function look() {
			const words = plain(search.value).split(/\s+/).filter(Boolean);
			const here = others
				.filter((child) => words.every((word) => startsAWord(child, word)))
				.slice(0, 12);
			const rows = here.map((child) =>
				row(
					`${child.last_name} ${child.first_name}`,
					[child.class, __("enrolled, not expected today")].filter(Boolean).join(" · "),
					{ child },
				),
			);
			found.replaceChildren(...rows);
			hint.textContent = "";
			name.value = search.value;
			if (search.value.trim().length < 2) return;
			const mine = ++asked;
			try {
				const known = new Set(here.map((child) => child.person));
				const people = await api.search(site, search.value);
				if (mine !== asked) return;
				found.append(
					...people
						.filter((one) => !known.has(one.person))
						.map((one) =>
							row(
								`${one.last_name} ${one.first_name}`,
								[one.school_class, __("not enrolled here")].filter(Boolean).join(" · "),
								{
									person: one.person,
									name: `${one.last_name} ${one.first_name}`,
									class: one.school_class || "",
								},
							),
						),
				);
				if (!found.children.length) hint.textContent = __("Nobody of that name is known.");
			} catch (failure) {
				if (mine === asked)
					hint.textContent = __("Without network only the children enrolled here are found.");
				mayAskServer(failure);
			}
			byHand.open = !found.children.length;
		}
		let timer;
		search.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(look, 200);
		});
		look();
		search.focus();
		done.then(() => resolve(chosen));
	});
}

// ---------------------------------------------------------------- what was refused, and leaving

const actions = (action) =>
	({
		Present: __("Present"),
		Undo: __("Undone"),
		Clock: __("Arrival or departure"),
		Arrival: __("Arrival"),
		Departure: __("Departure"),
		Note: __("Note"),
		Added: __("Added"),
		Withdrawn: __("Taken off"),
	})[action];

export async function refused(list, seen) {
	const rows = el("ul.refusals");
	const draw = (entries) =>
		rows.replaceChildren(
			...entries.map((tick) =>
				el(
					"li",
					{},
					el("b", {}, tick.label || tick.child_name || ""),
					el(
						"span",
						{},
						`${actions(tick.action)} · ${clock.hour(tick.time, tick.offset)} · ${tick.place || ""}`,
					),
					el("p.alert", {}, tick.reason),
					button(__("The coordinator knows"), async () => {
						await seen(tick.id);
						entries = entries.filter((other) => other !== tick);
						draw(entries);
					}),
				),
			),
		);
	draw(list);
	const lead = el(
		"p",
		{},
		__("These ticks were refused. They are kept here, and the coordinator sees them too."),
	);
	await dialog(__("Refused ticks"), [lead, rows], [{ label: __("Close"), value: "" }]).done;
}

/** Logging out while ticks wait: resolves to "send", "leave" or "". */
export function leave(count) {
	const text =
		count === 1
			? __("1 tick has not been sent yet. It stays on this device and is sent when you log in again.")
			: __(
					"{0} ticks have not been sent yet. They stay on this device and are sent when you log in again.",
					[count],
				);
	return dialog(__("Log out?"), el("p", {}, text), [
		{ label: __("Log out all the same"), value: "leave", kind: "danger" },
		{ label: __("Send first"), value: "send", kind: "main" },
	]).done;
}
