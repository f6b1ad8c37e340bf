// Badges: what a scanned code means for the list on the screen. Works without network: lists bring fingerprints along.

import { add, addChosen } from "./add.js";
import * as api from "./api.js";
import { listName } from "./frame.js";
import { isSameTouch } from "./state.js";
import { __ } from "./texts.js";

const PREFIX = "CB1:"; // attendance/badges/service.py

/** The code on one of our badges; null for any other QR code. */
export function codeOf(text) {
	const code = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : "";
	return /^[\w-]{16,64}$/.test(code) ? code : null;
}

export async function fingerprint(code) {
	const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
	return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const nameOf = (child) => `${child.last_name} ${child.first_name}`;
const say = (kind, text, action = null) => ({ kind, text, action });

/**
 * Tick the child of a badge, or say why not and what can be done.
 * The tick names the badge by its fingerprint: the server refuses one that was taken back while there was no network.
 * Resolves to {kind: "done" | "known" | "problem", text, action: null | {label, run}}.
 */
export async function scanned(page, text) {
	const code = codeOf(text);
	if (!code) return say("problem", __("This is no badge of ours."));
	const mark = await fingerprint(code);
	const children = [...page.day.children.values()].filter((child) => child.badge === mark);
	if (!children.length) return stranger(page, code, mark);
	const here = children.find((child) => child.activity === page.current.activity.activity);
	return here ? onList(page, here, mark) : elsewhere(page, children, mark);
}

async function onList(page, child, mark) {
	const state = page.day.state(child.enrolment, page.current.unit.unit);
	const name = nameOf(child);
	const item = page.view.itemOf({ child });
	if (["Absent", "Justified"].includes(state.status)) {
		return say("problem", __("{0} is recorded as absent. Only the coordinator changes that.", [name]));
	}
	if (state.status === "Cancelled") {
		return say("problem", __("{0} is enrolled, and not expected today.", [name]), {
			label: __("Present all the same"),
			run: () => addChosen(page, { child, badge: mark }),
		});
	}
	const { clock } = page.current.activity;
	const ticked = state.status === "Present";
	if (ticked && (!clock || state.departure || isSameTouch(state))) {
		return say("known", __("{0} is ticked already.", [name]));
	}
	await page.tick(item, [{ action: clock ? "Clock" : "Present", badge: mark }]);
	return say("done", ticked ? __("{0} has left.", [name]) : __("{0} is present.", [name]));
}

/** Enrolled at this site, in another activity. */
function elsewhere(page, children, mark) {
	const [child] = children;
	const names = page.lists
		.filter(({ activity, unit }) =>
			children.some(
				(one) =>
					one.activity === activity.activity &&
					page.day.state(one.enrolment, unit.unit).status !== "Cancelled",
			),
		)
		.map(({ activity, unit }) => listName(activity, unit));
	const text = names.length
		? __("{0} is not on this list, but on: {1}.", [nameOf(child), names.join(", ")])
		: __("{0} is not enrolled in this activity.", [nameOf(child)]);
	return say("problem", text, addAction(page, child, mark));
}

/** Not on any list of this site: the server knows whose badge it is (R31). */
async function stranger(page, code, mark) {
	try {
		const child = await api.badge(page.place.site, code);
		if (!child.person) return say("problem", child.reason, addByName(page));
		return say(
			"problem",
			__("{0} is not enrolled at this site.", [nameOf(child)]),
			addAction(page, { ...child, class: child.school_class }, mark),
		);
	} catch (failure) {
		if (!(failure instanceof api.Failure)) throw failure;
		const text =
			failure.kind === "offline"
				? __("This badge is not on the lists of this site, and there is no network to ask.")
				: failure.message;
		return say("problem", text, addByName(page));
	}
}

const addByName = (page) => ({ label: __("Add by name"), run: () => add(page), closes: true });

const addAction = (page, child, mark) => ({
	label: __("Add to this list"),
	run: () =>
		addChosen(page, { person: child.person, name: nameOf(child), class: child.class || "", badge: mark }),
});
