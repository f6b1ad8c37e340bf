/** The row that was chosen before, else the one that the server opens with (what takes place next), else the first. */
export function chosen(rows, wanted) {
	return rows.find(wanted) || rows.find((row) => row.default) || rows[0];
}
