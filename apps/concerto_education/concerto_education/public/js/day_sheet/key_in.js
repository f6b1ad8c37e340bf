// A paper list, keyed in by its numbers: these are absent, everybody else came (R32).

import { call } from "./api";
import { esc } from "./view";

export class KeyIn {
	/** `on.sheet()` gives the list, `on.done(rows)` gets it after writing, `on.stale()` when it has to be loaded again. */
	constructor($form, on) {
		this.$form = $form;
		this.on = on;
		$form.html(`<label class="ds-key-label">${__("Absent numbers of the paper list")}
				<input type="text" inputmode="numeric" autocomplete="off" class="form-control ds-numbers"
					placeholder="3 12 17"></label>
			<button type="submit" class="btn btn-default">${__("Key In the List")}</button>
			<span class="ds-check"></span>`);
		this.$numbers = $form.find(".ds-numbers");
		$form.on("submit", (event) => {
			event.preventDefault();
			this.ask();
		});
	}

	show(sheet) {
		this.$form.toggle(Boolean(sheet.may_tick && sheet.rows.length));
		this.$form
			.find(".ds-check")
			.html(`${__("List mark")} <b>${esc(sheet.check)}</b>`)
			.attr("title", __("The same sign stands on the printed list, as long as its numbers are these"));
	}

	/** Say who is meant before anything is written: a number is quickly mistyped. */
	ask() {
		const sheet = this.on.sheet();
		const numbers = parse(this.$numbers.val());
		const wrong = numbers === null || numbers.find((number) => !sheet.rows[number - 1]);
		if (wrong || numbers === null) {
			this.on.say(
				numbers === null
					? __("Write numbers with spaces between them, as in 3 12 17; 4-7 for all of them.")
					: __("There is no number {0} on this list.", [wrong]),
			);
			return;
		}
		const others = sheet.rows.filter(
			(row, index) => row.status === "Planned" && !numbers.includes(index + 1),
		);
		frappe.confirm(question(sheet, numbers, others.length), () => this.send(sheet, numbers));
	}

	async send(sheet, absent) {
		const { site, activity, unit, day, check } = sheet;
		try {
			const answer = await call("key_in_list", { site, activity, unit, day, absent, check });
			this.$numbers.val("");
			this.on.done(answer.rows);
			const left = answer.left
				? ` ${__("{0} are left for the coordinator, who chooses A or AJ.", [answer.left])}`
				: "";
			this.on.say(__("{0} present, {1} absent.", [answer.present, answer.absent]) + left, "green");
		} catch (error) {
			this.on.say(error.message);
			this.on.stale();
		}
	}
}

/** "3 12 17", "3,12;17" or "4-7": the numbers, sorted, each once; null for anything else. */
export function parse(text) {
	const found = new Set();
	for (const word of text.split(/[\s,;.]+/).filter(Boolean)) {
		const match = /^(\d{1,4})(?:[-–](\d{1,4}))?$/.exec(word);
		if (!match) return null;
		const [first, last] = [Number(match[1]), Number(match[2] || match[1])];
		if (!first || last < first) return null;
		for (let number = first; number <= last; number += 1) found.add(number);
	}
	return [...found].sort((a, b) => a - b);
}

function question(sheet, numbers, others) {
	const names = numbers
		.map((number) => {
			const row = sheet.rows[number - 1];
			return `<li><b>${number}</b> ${esc(row.last_name)} ${esc(row.first_name)} <small>${esc(
				row.class,
			)}</small></li>`;
		})
		.join("");
	const absent = names
		? `<p>${
				sheet.may_judge
					? __("Absent (A):")
					: __("Absent, left to tick for the coordinator who chooses A or AJ:")
			}</p><ul>${names}</ul>`
		: `<p>${__("Nobody is absent.")}</p>`;
	return `${absent}<p>${__("Present: the {0} others who are still to tick.", [others])}</p>
		<p class="text-muted">${__("List mark on the paper: {0}?", [`<b>${esc(sheet.check)}</b>`])}</p>`;
}
