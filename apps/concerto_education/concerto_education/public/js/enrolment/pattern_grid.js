// The weekly pattern as checkboxes, days × units: in the form of an Enrolment and in the pass of a family (R4).

import { date_field } from "./dates";
import { CYCLE, EVERY, from_rows, has, set, to_rows, usual, with_rhythm } from "./pattern_model";

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

export class PatternGrid {
	/** `changed(rows)` after each change. */
	constructor($parent, { changed = () => {}, read_only = false } = {}) {
		Object.assign(this, { changed, read_only });
		this.$root = $(`<div class="concerto-pattern"></div>`).appendTo($parent);
		this.$root.on("change", "input[type=checkbox]", (event) => this.ticked(event.currentTarget));
		this.$root.on("click", "button[data-day], button[data-unit]", (event) =>
			this.all(event.currentTarget),
		);
		this.$root.on("change", ".cp-rhythm", (event) => this.rhythm(event.currentTarget.value));
		this.$root.on("change", ".cp-length", (event) => this.cycle_length(event.currentTarget.value));
	}

	/** `offer`: {units: [{unit, label}], weekdays: [1…7]}; without rows, what is usual is proposed if `propose`. */
	show(offer, rows, { start = null, propose = false, read_only = this.read_only } = {}) {
		this.read_only = read_only;
		this.offer = offer;
		if (!offer) {
			this.$root.html(
				`<p class="text-muted">${__("Choose the activity first: its days and units appear here.")}</p>`,
			);
			return;
		}
		const proposed = !rows.length && propose;
		this.state = proposed ? usual(offer.units, offer.weekdays) : from_rows(rows, start);
		this.state.start = this.state.start || start;
		this.draw();
		if (proposed) this.tell();
	}

	rows() {
		return this.state ? to_rows(this.state, this.offer.units) : [];
	}

	tell() {
		this.changed(this.rows());
	}

	// ------------------------------------------------------------ drawing

	draw() {
		const { rhythm, length, start, blocks } = this.state;
		const disabled = this.read_only ? "disabled" : "";
		const choice = (value, label) =>
			`<option value="${value}" ${value === rhythm ? "selected" : ""}>${label}</option>`;
		const cycle =
			rhythm === CYCLE
				? `<label>${__("Weeks")} <input type="number" class="cp-length form-control" min="2" max="12"
						value="${length}" ${disabled}></label>
					<label>${__("starting on")} <span class="cp-start"></span></label>`
				: "";
		this.$root.html(`<div class="cp-head">
				<label>${__("Rhythm")} <select class="cp-rhythm form-control" ${disabled}>
					${choice(EVERY, __("Every week"))}${choice("parity", __("Even and odd weeks"))}
					${choice(CYCLE, __("Cycle of several weeks"))}
				</select></label>${cycle}
			</div>
			<div class="cp-blocks">${blocks.map((_block, index) => this.block_html(index, disabled)).join("")}</div>`);
		if (rhythm !== CYCLE) return;
		date_field(this.$root.find(".cp-start"), {
			label: __("starting on"),
			value: start,
			disabled: this.read_only,
			changed: (day) => {
				this.state.start = day || null;
				this.tell();
			},
		});
	}

	block_html(block, disabled) {
		const { units, weekdays } = this.offer;
		const days = [1, 2, 3, 4, 5, 6, 7].filter(
			(day) => day < 6 || weekdays.includes(day) || this.used(day),
		);
		const title = this.block_title(block);
		const head = days
			.map(
				(day) =>
					`<th class="${weekdays.includes(day) ? "" : "is-closed"}"><button type="button" data-day="${day}"
						data-block="${block}" ${disabled} title="${esc(__("All units on {0}", [weekday(day, "long")]))}"
						>${weekday(day, "short")}</button></th>`,
			)
			.join("");
		const body = units
			.map(({ unit, label }) => {
				const cells = days
					.map((day) => {
						const on = has(this.state, block, unit, day);
						const closed = !weekdays.includes(day);
						const name = __("{0} on {1}, {2}", [
							label,
							weekday(day, "long"),
							title || __("Every week"),
						]);
						return `<td class="${closed ? "is-closed" : ""}" ${closed ? `title="${__("Closed on this day")}"` : ""}>
							<label><input type="checkbox" data-block="${block}" data-unit="${esc(unit)}" data-day="${day}"
								aria-label="${esc(name)}" ${on ? "checked" : ""} ${closed && !on ? "disabled" : disabled}></label></td>`;
					})
					.join("");
				return `<tr><th scope="row"><button type="button" data-unit="${esc(unit)}" data-block="${block}" ${disabled}
					title="${esc(__("All days of {0}", [label]))}">${esc(label)}</button></th>${cells}</tr>`;
			})
			.join("");
		return `<table>${title ? `<caption>${title}</caption>` : ""}
			<thead><tr><td></td>${head}</tr></thead><tbody>${body}</tbody></table>`;
	}

	used(day) {
		return this.offer.units.some(({ unit }) =>
			this.state.blocks.some((_block, index) => has(this.state, index, unit, day)),
		);
	}

	block_title(block) {
		if (this.state.rhythm === EVERY) return "";
		if (this.state.rhythm === CYCLE) return __("Week {0} of the cycle", [block + 1]);
		return block ? __("Odd weeks") : __("Even weeks");
	}

	// ------------------------------------------------------------ changing

	ticked(input) {
		set(
			this.state,
			Number(input.dataset.block),
			input.dataset.unit,
			Number(input.dataset.day),
			input.checked,
		);
		this.tell();
	}

	/** A whole day or a whole unit: all on, or all off if they are on. */
	all(button) {
		const block = Number(button.dataset.block);
		const days = button.dataset.day ? [Number(button.dataset.day)] : this.offer.weekdays;
		const units = button.dataset.unit ? [button.dataset.unit] : this.offer.units.map(({ unit }) => unit);
		const open = days.filter((day) => this.offer.weekdays.includes(day));
		const on = open.every((day) => units.every((unit) => has(this.state, block, unit, day)));
		for (const day of open) for (const unit of units) set(this.state, block, unit, day, !on);
		this.draw();
		this.tell();
	}

	rhythm(value) {
		this.state = with_rhythm(this.state, value);
		this.draw();
		this.$root.find(".cp-rhythm").trigger("focus");
		this.tell();
	}

	cycle_length(value) {
		const length = Math.min(Math.max(Number(value) || 2, 2), 12);
		this.state = with_rhythm(this.state, CYCLE, length);
		this.draw();
		this.tell();
	}
}

/** "lun." or "lundi", in the language of the reader. 5 January 2026 is a Monday. */
function weekday(day, length) {
	return new Date(2026, 0, 4 + day).toLocaleDateString(frappe.boot.lang || "fr", { weekday: length });
}
