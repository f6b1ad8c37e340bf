// A weekly pattern as people read it: one block of days × units for each kind of week. No DOM here.

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const EVERY = "Every Week";
export const PARITY = ["Even Weeks", "Odd Weeks"];
export const CYCLE = "Cycle";

const cell = (unit, day) => `${day} ${unit}`;

/** From the rows of an Enrolment: {rhythm, length, start, blocks: [Set of "day unit"]}. */
export function from_rows(rows, start) {
	const cycle = rows.find((row) => row.weeks === CYCLE);
	const rhythm = cycle ? CYCLE : rows.some((row) => PARITY.includes(row.weeks)) ? "parity" : EVERY;
	const length = cycle ? Math.max(Number(cycle.cycle_length) || 2, 2) : 2;
	const blocks = new_blocks(rhythm, length);
	for (const row of rows) {
		const into =
			row.weeks === CYCLE
				? [blocks[(Number(row.cycle_week) || 1) - 1]]
				: PARITY.includes(row.weeks)
					? [blocks[PARITY.indexOf(row.weeks)]]
					: blocks;
		for (const block of into)
			DAYS.forEach((name, index) => Number(row[name]) && block?.add(cell(row.unit, index + 1)));
	}
	return { rhythm, length, start: cycle?.cycle_start || start, blocks };
}

function new_blocks(rhythm, length) {
	const count = rhythm === EVERY ? 1 : rhythm === "parity" ? 2 : length;
	return Array.from({ length: count }, () => new Set());
}

/** The same pattern in another rhythm: what was ticked for all weeks is ticked in each block. */
export function with_rhythm(state, rhythm, length = state.length) {
	const blocks = new_blocks(rhythm, length).map(
		(_block, index) => new Set(state.blocks[rhythm === EVERY ? 0 : index % state.blocks.length]),
	);
	return { ...state, rhythm, length, blocks };
}

export function has(state, block, unit, day) {
	return state.blocks[block].has(cell(unit, day));
}

export function set(state, block, unit, day, on) {
	if (on) state.blocks[block].add(cell(unit, day));
	else state.blocks[block].delete(cell(unit, day));
}

/** Back to rows: a day that is ticked in all blocks is one of every week. */
export function to_rows(state, units) {
	const rows = [];
	for (const { unit } of units) {
		const always = row_of(unit, EVERY, (day) =>
			state.blocks.every((block) => block.has(cell(unit, day))),
		);
		if (always) rows.push(always);
		if (state.rhythm === EVERY) continue;
		state.blocks.forEach((block, index) => {
			const weeks = state.rhythm === CYCLE ? CYCLE : PARITY[index];
			const row = row_of(unit, weeks, (day) => block.has(cell(unit, day)) && !always?.[DAYS[day - 1]]);
			if (!row) return;
			if (weeks === CYCLE)
				Object.assign(row, {
					cycle_length: state.length,
					cycle_week: index + 1,
					cycle_start: state.start || null,
				});
			rows.push(row);
		});
	}
	return rows;
}

function row_of(unit, weeks, on) {
	const row = { unit, weeks };
	DAYS.forEach((name, index) => {
		row[name] = on(index + 1) ? 1 : 0;
	});
	return DAYS.some((name) => row[name]) ? row : null;
}

/** What is usual: an activity of one unit on all its days; of several, the user says which. */
export function usual(units, weekdays) {
	const state = { rhythm: EVERY, length: 2, start: null, blocks: [new Set()] };
	if (units.length === 1) for (const day of weekdays) set(state, 0, units[0].unit, day, true);
	return state;
}
