// What a row becomes by a tick: the server's rules (attendance/ticks.py), so that nobody waits for its answer.

import { hour, minutes } from "./clock.js";

const SAME_TOUCH = 5; // minutes

export const NOBODY = Object.freeze({
	status: "Cancelled",
	planned: false,
	arrival: null,
	departure: null,
	minutes: 0,
	note: "",
});

export const keyOf = (enrolment, unit) => `${enrolment}|${unit}`;

/** The state after one more tick. */
export function after(state, tick) {
	switch (tick.action) {
		case "Note":
			return { ...state, note: tick.note };
		case "Undo":
			if (["Absent", "Justified"].includes(state.status)) return state;
			return {
				...state,
				status: state.planned ? "Planned" : "Cancelled",
				arrival: null,
				departure: null,
				minutes: 0,
			};
	}
	let next = state;
	if (state.status !== "Present") next = { ...state, status: "Present", arrival: null, departure: null };
	const time = tick.clock_time || hour(tick.time, tick.offset);
	if (tick.action === "Arrival" || (tick.action === "Clock" && !next.arrival)) {
		next = { ...next, arrival: time };
	} else if (tick.action === "Departure") {
		next = { ...next, departure: time };
	} else if (tick.action === "Clock" && Math.abs(minutes(time) - minutes(next.arrival)) >= SAME_TOUCH) {
		next = { ...next, departure: time };
	}
	return next;
}

/** Whether another touch so soon is the same arrival noted twice. */
export function isSameTouch(state) {
	return Boolean(state.arrival) && Math.abs(minutes(hour()) - minutes(state.arrival)) < SAME_TOUCH;
}

/** Started slices between arrival and departure, in minutes. */
export function presence(state, step) {
	if (!state.arrival || !state.departure) return 0;
	const length = minutes(state.departure) - minutes(state.arrival);
	return length > 0 ? Math.ceil(length / step) * step : 0;
}

/** A list of the server with the ticks that wait laid over it. */
export class DayList {
	constructor(list, waiting) {
		this.list = list;
		this.children = new Map(list.children.map((child) => [child.enrolment, child]));
		this.rows = new Map(list.rows.map((row) => [keyOf(row.enrolment, row.unit), row]));
		this.overlay(waiting);
	}

	/** Lay the waiting ticks over what the server knows. */
	overlay(waiting) {
		this.waiting = waiting.filter((tick) => tick.day === this.list.day && tick.site === this.list.site);
		this.states = new Map(this.rows);
		this.pending = new Set();
		this.tasks = new Map(this.list.tasks.map((task) => [task.client_id, { ...task }]));
		for (const tick of this.waiting) {
			if (tick.action === "Added" || tick.task) this.overlayTask(tick);
			else {
				const key = keyOf(tick.enrolment, tick.unit);
				this.states.set(key, after(this.states.get(key) || NOBODY, tick));
				this.pending.add(key);
			}
		}
	}

	overlayTask(tick) {
		if (tick.action === "Added") {
			this.tasks.set(tick.id, {
				client_id: tick.id,
				child_name: tick.child_name,
				child_class: tick.school_class,
				activity: tick.activity,
				unit: tick.unit,
				arrival: tick.clock_time || null,
				departure: null,
				note: tick.note || "",
			});
			this.pending.add(tick.id);
		} else if (this.tasks.has(tick.task)) {
			const task = this.tasks.get(tick.task);
			if (tick.action === "Withdrawn") this.tasks.delete(tick.task);
			if (tick.action === "Arrival") task.arrival = tick.clock_time;
			if (tick.action === "Departure") task.departure = tick.clock_time;
			if (tick.action === "Note") task.note = tick.note;
			this.pending.add(tick.task);
		}
	}

	state(enrolment, unit) {
		return this.states.get(keyOf(enrolment, unit)) || NOBODY;
	}

	/** Rows that came from the server replace those that were known. */
	merge(rows, tasks, askedAt) {
		for (const row of rows) {
			if (row.day === this.list.day && this.children.has(row.enrolment)) {
				this.rows.set(keyOf(row.enrolment, row.unit), row);
			}
		}
		this.list.rows = [...this.rows.values()];
		if (tasks) this.list.tasks = tasks;
		if (askedAt) this.list.asked_at = askedAt;
	}

	/** Children on the list of an activity and unit: expected, or there all the same. */
	on(activity, unit) {
		return [...this.children.values()].filter(
			(child) =>
				child.activity === activity && this.state(child.enrolment, unit).status !== "Cancelled",
		);
	}

	/** Enrolled in the activity, and not on the list. */
	others(activity, unit) {
		return [...this.children.values()].filter(
			(child) =>
				child.activity === activity && this.state(child.enrolment, unit).status === "Cancelled",
		);
	}

	/** The lists of the day: what is open, and what is closed but has somebody on it. */
	lists() {
		const wanted = ({ activity, open, units }) =>
			open ||
			units.some(({ unit }) => this.on(activity, unit).length + this.tasksOn(activity, unit).length);
		return this.list.activities
			.filter(wanted)
			.flatMap((activity) =>
				activity.units.map((unit) => ({ key: `${activity.activity}|${unit.unit}`, activity, unit })),
			);
	}

	tasksOn(activity, unit) {
		return [...this.tasks.values()].filter((task) => task.activity === activity && task.unit === unit);
	}
}
