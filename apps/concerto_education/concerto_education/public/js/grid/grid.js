// The table itself: what is chosen, what a command does to it, what is drawn. It knows no server.

import { choose_reason } from "./dialogs";
import { on_key } from "./keys";
import { key_of, Model } from "./model";
import { Selection } from "./selection";
import { parse_hours } from "./times";
import { cell_css, cell_html, fill_totals, table_html } from "./view";

export class Grid {
	/** `changed()` after each change, `moved()` after each move of the cursor, `save()` for Ctrl+S, `say(text)`. */
	constructor($parent, { changed, moved, save, say }) {
		Object.assign(this, { changed, moved, save, say });
		this.rows = [];
		this.days = [];
		this.units = [];
		this.filter = () => true;
		this.selection = new Selection(this);
		this.$scroll = $(`<div class="ag-scroll" tabindex="0" role="application"
			aria-label="${__("Month grid: arrows to move, letters to enter")}"></div>`).appendTo($parent);
		this.listen();
	}

	// ------------------------------------------------------------ what is shown

	show(month, { mode, unit, keyin = null }) {
		this.model = new Model(month);
		this.arrange({ mode, unit, keyin });
	}

	/** Choose rows and columns of the same month anew. */
	arrange({ mode, unit, keyin = null }) {
		this.mode = mode;
		this.keyin = keyin;
		const one = this.model.units.filter((entry) => entry.unit === unit);
		this.units = one.length ? one : this.model.units;
		this.days = keyin ? [keyin.day] : this.model.days.map((_entry, index) => index + 1);
		this.draw();
	}

	draw() {
		const shown = this.model.people.filter((person) => this.filter(person));
		this.rows = shown.flatMap((person) => this.units.map((entry) => ({ person, unit: entry })));
		if (this.keyin) this.rows = numbered(this.rows, this.keyin);
		this.people = shown.length;
		this.selection.keep_inside();
		this.$scroll.html(table_html(this));
		this.$table = this.$scroll.find("table");
		this.totals();
		this.mark();
	}

	count_text() {
		if (this.keyin) return __("{0} on the list", [this.rows.length]);
		return this.people === this.model.people.length
			? __("{0} people", [this.people])
			: __("{0} of {1} people", [this.people, this.model.people.length]);
	}

	totals() {
		fill_totals(this.$table, this);
	}

	/** Draw the cells with these keys again, in place. */
	redraw(keys) {
		const wanted = new Set(keys);
		this.rows.forEach((row, index) =>
			this.days.forEach((day, column) => {
				const key = key_of(row.person.enrolment, day, row.unit.unit);
				if (!wanted.has(key)) return;
				const element = this.element(index, column);
				const cell = this.model.cell(key);
				element.className = cell_css(
					cell,
					this.model.closed(row.person, day),
					this.model.refused.has(key),
				);
				element.innerHTML = cell_html(cell, this.model);
			}),
		);
		this.totals();
		this.mark(false);
	}

	element(index, column) {
		return document.getElementById(`ag-${index}-${column}`);
	}

	// ------------------------------------------------------------ choosing

	select(row, column, extend = false) {
		this.selection.set(row, column, extend);
		this.mark();
		return true;
	}

	span(...corners) {
		this.selection.span(...corners);
		this.mark(false);
	}

	select_all() {
		this.span(0, 0, this.selection.last_row, this.selection.last_column);
	}

	mark(scroll = true) {
		for (const old of this.$scroll[0].querySelectorAll(".is-chosen, .is-cursor"))
			old.classList.remove("is-chosen", "is-cursor");
		if (!this.selection.single)
			for (const { index, column } of this.selection.cells())
				this.element(index, column)?.classList.add("is-chosen");
		const cursor = this.element(this.selection.row, this.selection.column);
		if (cursor) {
			cursor.classList.add("is-cursor");
			this.$scroll.attr("aria-activedescendant", cursor.id);
			if (scroll) this.into_view(cursor);
		}
		this.moved();
	}

	/** Scroll so far that neither the names nor the days cover the cursor. */
	into_view(cursor) {
		const box = this.$scroll[0];
		const outer = box.getBoundingClientRect();
		const inner = cursor.getBoundingClientRect();
		const left = outer.left + (this.$table.find("tbody .ag-name")[0]?.offsetWidth || 0);
		const top = outer.top + (this.$table.find("thead")[0]?.offsetHeight || 0);
		const bottom = outer.bottom - (this.$table.find("tfoot")[0]?.offsetHeight || 0) - 14;
		if (inner.left < left) box.scrollLeft -= left - inner.left;
		else if (inner.right > outer.right - 14) box.scrollLeft += inner.right - outer.right + 14;
		if (inner.top < top) box.scrollTop -= top - inner.top;
		else if (inner.bottom > bottom) box.scrollTop += inner.bottom - bottom;
	}

	focus() {
		this.$scroll[0].focus({ preventScroll: true });
	}

	// ------------------------------------------------------------ changing

	/** Do something to all chosen cells: "toggle", "Planned", "Present", "Justified", … */
	command(name) {
		const chosen = this.selection.cells();
		if (!chosen.length) return;
		if (name === "toggle") name = this.toggled(chosen);
		if (name === "Justified") {
			choose_reason(this.model.reasons, (reason) => {
				this.apply(chosen, "Justified", { reason });
				this.advance();
				this.focus();
			});
			return;
		}
		this.apply(chosen, name);
		this.advance();
	}

	toggled(chosen) {
		const wanted = this.mode === "forecast" ? "Planned" : "Present";
		const off = this.mode === "forecast" ? "Cancelled" : "Reset";
		const open = chosen.filter(({ row, day }) => !this.model.closed(row.person, day));
		const all_on = open.every(({ row, day }) => {
			const cell = this.model.cell(key_of(row.person.enrolment, day, row.unit.unit));
			return cell.status === wanted;
		});
		return open.length && all_on ? off : wanted;
	}

	apply(chosen, command, extra) {
		const list = [];
		let why = "";
		for (const { row, day } of chosen) {
			const target = this.model.target(row.person, day, row.unit.unit, command, extra);
			if (typeof target === "string") why = target;
			else list.push([key_of(row.person.enrolment, day, row.unit.unit), target]);
		}
		const keys = this.model.change(list);
		// Of a whole week or month, closed days are simply left out.
		if (!list.length && why) this.say(why);
		this.redraw(keys);
		this.changed();
	}

	/** Typing through a paper list: one line down after each letter. */
	advance() {
		if (!this.keyin || !this.selection.single) return;
		if (this.selection.row < this.selection.last_row)
			this.select(this.selection.row + 1, this.selection.column);
		else this.say(__("End of the list. Save to record it."), "green");
	}

	undo() {
		this.redraw(this.model.undo());
		this.changed();
	}

	redo() {
		this.redraw(this.model.redo());
		this.changed();
	}

	// ------------------------------------------------------------ hours

	edit_hours(first) {
		const { row, column } = this.selection;
		const chosen = this.selection
			.cells()
			.filter((entry) => entry.index === row && entry.column === column);
		const cell_element = this.element(row, column);
		if (!chosen.length || !cell_element) return;
		const key = key_of(chosen[0].row.person.enrolment, chosen[0].day, chosen[0].row.unit.unit);
		const cell = this.model.cell(key);
		const known = [cell.arrival, cell.departure].filter(Boolean).join(" - ");
		const $input = $(`<input class="ag-edit" aria-label="${__("Arrival and departure")}"
			placeholder="8h10-11h45">`)
			.val(first ?? known)
			.appendTo($(cell_element).empty());
		let done = false;
		const end = (keep) => {
			if (done) return;
			done = true;
			const hours = keep ? parse_hours($input.val()) : undefined;
			$input.remove();
			if (hours === null) this.say(__("Write hours and minutes, as in 8h10-11h45"));
			if (hours) this.apply(chosen, hours.arrival ? "Present" : "Reset", hours);
			this.redraw([key]);
			this.focus();
		};
		$input
			.on("keydown", (event) => {
				event.stopPropagation();
				if (event.key === "Enter" || event.key === "Tab") {
					event.preventDefault();
					end(true);
					const [down, right] = event.key === "Tab" ? [0, 1] : [1, 0];
					this.select(row + down, column + right);
				} else if (event.key === "Escape") end(false);
			})
			.on("blur", () => end(true));
		$input[0].focus();
		if (first === null) $input[0].select();
	}

	// ------------------------------------------------------------ listening

	listen() {
		const place = (element) => [Number(element.dataset.row), Number(element.dataset.column)];
		let dragging = false;
		this.$scroll.on("keydown", (event) => {
			if (event.target.closest("input, button:not(.ag-who, .ag-day, .ag-week, .ag-all)")) return;
			if (event.target.closest("button") && [" ", "Enter"].includes(event.key)) return;
			if (!this.model || !on_key(this, event)) return;
			event.preventDefault();
			event.stopPropagation(); // the Desk has shortcuts of its own on letters
		});
		this.$scroll.on("mousedown", "td[role=gridcell]", (event) => {
			if (event.target.closest("input") || event.button) return;
			event.preventDefault();
			this.focus();
			dragging = true;
			this.selection.set(...place(event.currentTarget), event.shiftKey);
			this.mark(false);
		});
		this.$scroll.on("mouseover", "td[role=gridcell]", (event) => {
			if (!dragging) return;
			this.selection.set(...place(event.currentTarget), true);
			this.mark(false);
		});
		$(document).on("mouseup", () => {
			dragging = false;
		});
		this.$scroll.on("dblclick", "td[role=gridcell]", () => {
			if (this.mode === "ticks" && this.model.hours) this.edit_hours(null);
			else this.command("toggle");
		});
		this.$scroll.on("click", ".ag-who", ({ currentTarget }) => {
			const row = Number(currentTarget.dataset.row);
			this.span(row, 0, row + this.units.length - 1, this.selection.last_column);
			this.focus();
		});
		this.$scroll.on("click", ".ag-day, .ag-week", ({ currentTarget }) => {
			const column = Number(currentTarget.dataset.column);
			const width = Number(currentTarget.dataset.span || 1);
			this.span(0, column, this.selection.last_row, column + width - 1);
			this.focus();
		});
		this.$scroll.on("click", ".ag-all", () => {
			this.select_all();
			this.focus();
		});
	}
}

/** The rows of a paper list: who was on it, with the same numbers. */
function numbered(rows, keyin) {
	const listed = rows.filter(({ person, unit }) =>
		keyin.listed.has(key_of(person.enrolment, keyin.day, unit.unit)),
	);
	return listed.map((row, index) => ({ ...row, number: index + 1 }));
}
