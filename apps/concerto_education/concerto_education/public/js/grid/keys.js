// The keyboard of the grid. Returns whether a key was for the grid, so that the rest of the Desk keeps its own.

const MOVES = {
	ArrowDown: [1, 0],
	ArrowUp: [-1, 0],
	ArrowRight: [0, 1],
	ArrowLeft: [0, -1],
	PageDown: [15, 0],
	PageUp: [-15, 0],
};

const FORECAST = {
	" ": "toggle",
	p: "Planned",
	x: "Planned",
	n: "Cancelled",
	delete: "Cancelled",
	backspace: "Cancelled",
	t: "Pattern",
};

const TICKS = {
	" ": "toggle",
	p: "Present",
	a: "Absent",
	j: "Justified",
	n: "Cancelled",
	delete: "Reset",
	backspace: "Reset",
};

export function on_key(grid, event) {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	if (event.ctrlKey || event.metaKey) return with_control(grid, key, event);
	if (event.altKey) return false;
	if (MOVES[event.key]) {
		const [down, right] = MOVES[event.key];
		const { selection } = grid;
		grid.select(selection.row + down, selection.column + right, event.shiftKey);
		return true;
	}
	if (event.key === "Home") return grid.select(grid.selection.row, 0, event.shiftKey);
	if (event.key === "End") return grid.select(grid.selection.row, Infinity, event.shiftKey);
	if (event.key === "Escape") {
		grid.select(grid.selection.row, grid.selection.column);
		return true;
	}
	if (event.key === "Enter") return enter(grid, event);
	if (grid.mode === "ticks" && grid.model.hours && (/^\d$/.test(key) || event.key === "F2")) {
		grid.edit_hours(event.key === "F2" ? null : event.key);
		return true;
	}
	const command = (grid.mode === "forecast" ? FORECAST : TICKS)[key.toLowerCase()];
	if (!command) return false;
	grid.command(command);
	return true;
}

function enter(grid, event) {
	if (grid.keyin && !event.shiftKey) {
		grid.command("Present");
		return true;
	}
	if (grid.mode === "ticks" && grid.model.hours && !event.shiftKey) {
		grid.edit_hours(null);
		return true;
	}
	grid.select(grid.selection.row + (event.shiftKey ? -1 : 1), grid.selection.column);
	return true;
}

function with_control(grid, key, event) {
	const act = {
		z: () => (event.shiftKey ? grid.redo() : grid.undo()),
		y: () => grid.redo(),
		s: () => grid.save(),
		a: () => grid.select_all(),
		Home: () => grid.select(0, 0, event.shiftKey),
		End: () => grid.select(Infinity, Infinity, event.shiftKey),
		ArrowRight: () => grid.select(grid.selection.row, Infinity, event.shiftKey),
		ArrowLeft: () => grid.select(grid.selection.row, 0, event.shiftKey),
		ArrowDown: () => grid.select(Infinity, grid.selection.column, event.shiftKey),
		ArrowUp: () => grid.select(0, grid.selection.column, event.shiftKey),
	}[key];
	if (!act) return false;
	act();
	return true;
}
