// Somebody who is not on the list: enrolled here, found elsewhere, or known to nobody (R31).

import * as clock from "./clock.js";
import * as dialogs from "./dialogs.js";
import { notice } from "./dom.js";
import { __ } from "./texts.js";

/** Ask who it is, and note the presence. */
export async function add(page) {
	const { activity, unit } = page.current;
	const others = page.day.others(activity.activity, unit.unit);
	const chosen = await dialogs.add(others, page.place.site, (failure) => {
		page.sync.problem = failure;
		page.stateChanged();
	});
	if (chosen) await addChosen(page, chosen);
}

/** Note the presence of {child} of the activity, of {person, name, class} found by search or badge, or of {name, class}; by its `badge`. */
export async function addChosen(page, chosen) {
	const { activity, unit } = page.current;
	const action = activity.clock ? "Clock" : "Present";
	if (chosen.child) {
		await page.tick(page.view.itemOf({ child: chosen.child }), [{ action, badge: chosen.badge || null }]);
	} else {
		await page.keep([
			{
				action: "Added",
				activity: activity.activity,
				unit: unit.unit,
				person: chosen.person,
				child_name: chosen.name,
				school_class: chosen.class,
				badge: chosen.badge || null,
				clock_time: activity.clock ? clock.hour() : null,
			},
		]);
	}
	notice(
		__("{0} is on the list.", [chosen.name || `${chosen.child.last_name} ${chosen.child.first_name}`]),
	);
}
