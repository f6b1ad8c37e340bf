// What the grid knows: cells as the server has them, and what the user wants them to be. No DOM here.

const FIELDS = [
	"day",
	"unit",
	"status",
	"planned",
	"hand",
	"reason",
	"arrival",
	"departure",
	"minutes",
	"late",
	"note",
];
const EMPTY = Object.freeze({ status: "", planned: 0, reason: "", arrival: "", departure: "", minutes: 0 });
const COUNTED = ["Planned", "Present", "Absent", "Justified"];

export const key_of = (enrolment, day, unit) => `${enrolment}|${day}|${unit}`;

function parts_of(key) {
	const [enrolment, day, ...unit] = key.split("|");
	return [enrolment, Number(day), unit.join("|")];
}

export class Model {
	constructor(month) {
		Object.assign(this, month);
		this.stored = new Map();
		this.wanted = new Map(); // key → {status, reason, arrival, departure}: differs from what is stored
		this.refused = new Map(); // key → why
		this.past = [];
		this.future = [];
		for (const [enrolment, rows] of Object.entries(month.cells))
			for (const row of rows) this.take(enrolment, row);
	}

	take(enrolment, row) {
		const cell = Object.fromEntries(FIELDS.map((name, index) => [name, row[index]]));
		this.stored.set(key_of(enrolment, cell.day, cell.unit), cell);
	}

	/** The cell as the user sees it: what is wanted over what is stored. */
	cell(key) {
		const stored = this.stored.get(key) || EMPTY;
		const wanted = this.wanted.get(key);
		return wanted ? { ...stored, ...wanted, pending: true } : stored;
	}

	// ------------------------------------------------------------ what may be changed

	/** Why a cell is closed to the user; "" if it is open. */
	closed(person, day) {
		const date = this.date(day);
		if (this.days[day - 1].locked) return __("The month is closed");
		if (date < person.from || date > person.to) return __("Not enrolled on this day");
		return this.days[day - 1].closed || "";
	}

	date(day) {
		return `${this.month.slice(0, 8)}${String(day).padStart(2, "0")}`;
	}

	/** The state that a cell gets by a command, or a sentence that says why not. */
	target(person, day, unit, command, extra = {}) {
		const key = key_of(person.enrolment, day, unit);
		const cell = this.cell(key);
		const why = this.closed(person, day);
		if (this.days[day - 1].locked) return why;
		if (why && !cell.status) return why;
		const future = this.date(day) > this.today;
		const expected = COUNTED.includes(cell.status);
		const original = { status: cell.planned ? "Planned" : cell.status ? "Cancelled" : "" };
		switch (command) {
			case "Planned":
				if (why && !cell.planned) return why;
				return this.judge() || { status: "Planned" };
			case "Cancelled":
				return this.judge() || { status: cell.status ? "Cancelled" : "" };
			case "Pattern":
				return this.judge() || (cell.hand ? { status: "Pattern" } : cell);
			case "Present":
				if (!this.may_tick) return __("You may read this grid, not tick.");
				if (future) return __("This day has not come yet.");
				return { status: "Present", ...extra };
			case "Reset":
				return ["Present", "Absent", "Justified"].includes(cell.status) ? original : cell;
			default: // Absent, Justified
				if (command === "Absent" && future) return __("This day has not come yet.");
				if (!expected) return __("Nobody was expected: plan the day first");
				return this.judge() || { status: command, ...extra };
		}
	}

	judge() {
		return this.may_judge ? "" : __("You may tick, not change forecasts or absences.");
	}

	// ------------------------------------------------------------ changing

	/** Wish cells to be so: a list of [key, state]. One step of undo. */
	change(list) {
		const step = [];
		for (const [key, state] of list) {
			const before = plain(this.cell(key));
			const after = plain({ ...EMPTY, ...state });
			if (same(before, after)) continue;
			step.push([key, before, after]);
			this.wish(key, after);
		}
		if (!step.length) return [];
		this.past.push(step);
		this.future = [];
		return step.map(([key]) => key);
	}

	wish(key, state) {
		this.refused.delete(key);
		if (same(plain(this.stored.get(key) || EMPTY), state)) this.wanted.delete(key);
		else this.wanted.set(key, state);
	}

	undo() {
		return this.step_back(this.past, this.future, 1);
	}

	redo() {
		return this.step_back(this.future, this.past, 2);
	}

	step_back(from, to, side) {
		const step = from.pop();
		if (!step) return [];
		to.push(step);
		for (const entry of step) this.wish(entry[0], entry[side]);
		return step.map(([key]) => key);
	}

	// ------------------------------------------------------------ saving

	/** What is to be sent: [{enrolment, day, unit, wanted, seen, …}]. */
	pending() {
		return [...this.wanted].map(([key, state]) => {
			const [enrolment, day, unit] = parts_of(key);
			const stored = this.stored.get(key) || EMPTY;
			const change = {
				enrolment,
				day: this.date(day),
				unit,
				wanted: command_of(stored, state),
				seen: stored.status,
			};
			if (state.status === "Justified") change.reason = state.reason;
			if (state.status === "Present" && this.hours) {
				change.arrival = state.arrival || null;
				change.departure = state.departure || null;
			}
			return change;
		});
	}

	/** Take what the server says of each change that was sent. Returns the keys that were refused. */
	saved(changes, answer) {
		for (const [enrolment, , row] of answer.cells) this.take(enrolment, row);
		const refused = [];
		changes.forEach((change, index) => {
			const key = key_of(change.enrolment, Number(change.day.slice(8)), change.unit);
			const { state, reason } = answer.results[index];
			this.wanted.delete(key);
			if (state === "refused") {
				this.refused.set(key, reason);
				refused.push(key);
			} else this.refused.delete(key);
		});
		return refused;
	}

	/** What the pending changes cost after the cut-off: sentence → number of days. */
	costs() {
		const found = new Map();
		for (const [key, state] of this.wanted) {
			const day = this.days[parts_of(key)[1] - 1];
			const stored = this.stored.get(key) || EMPTY;
			const booked = state.status === "Planned" && !stored.planned && stored.late !== "Cancelled Late";
			const taken_off = state.status === "Cancelled" && stored.planned && stored.late !== "Booked Late";
			const text = booked ? day.book : taken_off ? day.cancel : null;
			if (text) found.set(text, (found.get(text) || 0) + 1);
		}
		return found;
	}
}

const plain = ({ status, reason, arrival, departure }) => ({
	status: status || "",
	reason: reason || "",
	arrival: arrival || "",
	departure: departure || "",
});

function same(one, other) {
	return ["status", "reason", "arrival", "departure"].every((name) => one[name] === other[name]);
}

/** A tick, A or AJ that is taken back is a reset; who only ticks may do that, but not cancel. */
function command_of(stored, state) {
	const recorded = ["Present", "Absent", "Justified"].includes(stored.status);
	const original = stored.planned ? "Planned" : "Cancelled";
	const status = state.status || "Cancelled";
	return recorded && status === original ? "Reset" : status;
}
