// A rectangle of cells: where it began (anchor) and where the cursor is. Keyboard and mouse both move it.

export class Selection {
	constructor(grid) {
		this.grid = grid;
		this.set(0, 0);
	}

	get last_row() {
		return Math.max(this.grid.rows.length - 1, 0);
	}

	get last_column() {
		return Math.max(this.grid.days.length - 1, 0);
	}

	/** Put the cursor somewhere; with `extend` the anchor stays. */
	set(row, column, extend = false) {
		this.row = clamp(row, 0, this.last_row);
		this.column = clamp(column, 0, this.last_column);
		if (!extend) [this.from_row, this.from_column] = [this.row, this.column];
	}

	/** A rectangle from the anchor to the cursor, given at once. */
	span(from_row, from_column, row, column) {
		[this.from_row, this.from_column] = [from_row, from_column];
		this.set(row, column, true);
	}

	keep_inside() {
		this.from_row = clamp(this.from_row, 0, this.last_row);
		this.from_column = clamp(this.from_column, 0, this.last_column);
		this.set(this.row, this.column, true);
	}

	get single() {
		return this.row === this.from_row && this.column === this.from_column;
	}

	box() {
		return {
			top: Math.min(this.row, this.from_row),
			bottom: Math.max(this.row, this.from_row),
			left: Math.min(this.column, this.from_column),
			right: Math.max(this.column, this.from_column),
		};
	}

	/** The chosen cells: [{row, day, index, column}]. */
	cells() {
		if (!this.grid.rows.length || !this.grid.days.length) return [];
		const { top, bottom, left, right } = this.box();
		const found = [];
		for (let index = top; index <= bottom; index += 1)
			for (let column = left; column <= right; column += 1)
				found.push({ row: this.grid.rows[index], day: this.grid.days[column], index, column });
		return found;
	}
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
