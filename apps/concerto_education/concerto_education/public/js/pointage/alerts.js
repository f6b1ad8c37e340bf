// What whoever ticks should know, each with what can be done about it.

import * as clock from "./clock.js";
import { __ } from "./texts.js";

/** Alerts of the page, the most pressing one first. */
export function alertsOf(page) {
	const { problem, others } = page.sync;
	const found = [];
	if (problem?.kind === "login") {
		found.push({
			text: __("Your session has ended. Nothing is lost: log in again, and the rest is sent."),
			action: { label: __("Log in again"), run: () => page.login() },
			kind: "warning",
		});
	} else if (problem && problem.kind !== "offline") {
		found.push({ text: problem.message, kind: "warning" });
	}
	if (page.day?.list.closed)
		found.push({
			text: __("The month is closed at this site: nothing can be ticked."),
			kind: "warning",
		});
	else if (page.day && page.date !== clock.today()) {
		found.push({
			text: __("This is the list of {0}.", [clock.longDay(page.date)]),
			action: { label: __("Show today"), run: () => page.showDay() },
			kind: "warning",
		});
	}
	const wrong = clock.wrongBy();
	if (wrong > 0)
		found.push({
			text: __("The clock of this device is {0} min fast. Ticks are corrected.", [wrong]),
		});
	if (wrong < 0)
		found.push({
			text: __("The clock of this device is {0} min slow. Ticks are corrected.", [-wrong]),
		});
	if (page.sync.user && others.length) {
		found.push({
			text: __("{0} ticks of a colleague wait until they log in again.", [others.length]),
			action: { label: __("Send them in my name"), run: () => page.sync.takeOver() },
		});
	}
	if (page.noWorker)
		found.push({ text: __("This browser can't keep the page: it won't open without network.") });
	return found;
}
