// The children of a list: built once, then only the card that was touched changes.

import { el } from "./dom.js";
import { presence } from "./state.js";
import { __ } from "./texts.js";

const CLASSES = ["TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "ULIS"];
const HOLD = 500; // milliseconds of a long touch
const TREMBLE = 12; // pixels

// A sign beside each colour: in the sun, colours are the first thing that is lost.
const STATES = {
	Planned: { css: "planned", sign: "" },
	Present: { css: "present", sign: "✓" },
	Absent: { css: "absent", sign: "A" },
	Justified: { css: "absent", sign: "AJ" },
	Cancelled: { css: "planned", sign: "" },
};

const label = (status) =>
	({
		Planned: __("To tick"),
		Present: __("Present"),
		Absent: __("Absent"),
		Justified: __("Justified"),
		Cancelled: __("Not expected"),
	})[status];

/** Classes from the youngest up; a class of several levels with its youngest. */
function classRank(name) {
	const ranks = CLASSES.map((level, rank) => (name.toUpperCase().includes(level) ? rank : Infinity));
	return Math.min(...ranks, CLASSES.length);
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class ListView {
	/** `on.touch(item)` and `on.more(item)`: an item is {child} or {task}. */
	constructor(root, on) {
		this.root = root;
		this.on = on;
		this.cards = new Map();
		this.text = "";
		this.schoolClass = "";
		this.left = false;
		this.listen();
	}

	show(day, activity, unit) {
		Object.assign(this, { day, activity, unit });
		this.cards.clear();
		const items = [
			...day.on(activity.activity, unit.unit).map((child) => this.itemOf({ child })),
			...day.tasksOn(activity.activity, unit.unit).map((task) => this.itemOf({ task })),
		];
		items.sort((a, b) => classRank(a.class) - classRank(b.class) || a.class.localeCompare(b.class));
		const groups = Map.groupBy ? Map.groupBy(items, (item) => item.class) : groupBy(items);
		this.root.replaceChildren(
			...[...groups].map(([name, members]) =>
				el(
					"section.group",
					{ "data-class": name },
					el("h2", {}, name || __("No class")),
					el(
						"ul.children",
						{},
						members.map((item) => this.card(item)),
					),
				),
			),
		);
		this.filter();
		return [...groups.keys()];
	}

	itemOf({ child, task }) {
		if (task) {
			return {
				key: task.client_id,
				task,
				name: task.child_name,
				short: task.child_name,
				class: task.child_class || "",
				marks: [],
			};
		}
		return {
			key: child.enrolment,
			child,
			name: `${child.last_name} ${child.first_name}`,
			class: child.class,
			marks: child.marks,
		};
	}

	card(item) {
		const card = el("li.child", { "data-key": item.key });
		this.cards.set(item.key, { card, item });
		this.draw(item, card);
		return card;
	}

	/** Draw a card anew after a touch or news from the server; false if it is no longer on the list as it was. */
	update(key) {
		const found = this.cards.get(key);
		if (!found) return false;
		const { item, card } = found;
		if (!item.child) {
			item.task = this.day.tasks.get(key);
			if (!item.task) return false;
		} else if (this.stateOf(item).status === "Cancelled") return false;
		this.draw(item, card);
		return true;
	}

	stateOf(item) {
		if (item.task) return { ...item.task, status: "Present", planned: false };
		return this.day.state(item.child.enrolment, this.unit.unit);
	}

	draw(item, card) {
		const state = this.stateOf(item);
		const { css, sign } = STATES[state.status];
		const pending = this.day.pending.has(item.task ? item.key : `${item.key}|${this.unit.unit}`);
		card.className = `child is-${css}${item.task ? " is-task" : ""}${pending ? " is-pending" : ""}`;
		card.dataset.status = state.status;
		const [last, first] = item.child ? [item.child.last_name, item.child.first_name] : [item.name, ""];
		const details = [
			item.task ? __("To be regularised") : label(state.status),
			this.times(state),
			state.note && "✎",
		].filter(Boolean);
		card.replaceChildren(
			el(
				"button.touch",
				{
					type: "button",
					"aria-pressed": String(state.status === "Present"),
					"aria-label": [
						item.name,
						label(state.status),
						...item.marks.map((mark) => mark.text),
					].join(", "),
				},
				el("span.initials", { "aria-hidden": "true" }, sign || initials(last, first)),
				el(
					"span.who",
					{},
					el("b", {}, last),
					first && el("span.first", {}, first),
					item.marks.length > 0 &&
						el(
							"span.marks",
							{},
							item.marks.map((mark) =>
								// Words, because signs are drawn differently, or not at all, by each device.
								el(
									`span.mark.is-${mark.kind}${mark.severe ? ".is-severe" : ""}`,
									{ title: mark.text },
									mark.label || mark.kind,
								),
							),
						),
					el("small", {}, details.join(" · ")),
				),
				pending && el("span.waits", { title: __("Waits to be sent"), "aria-hidden": "true" }),
			),
			el("button.more", { type: "button", "aria-label": __("More about {0}", [item.name]) }, "…"),
		);
	}

	times(state) {
		if (!state.arrival && !state.departure) return "";
		const length = presence(state, this.activity.step);
		const span = `${state.arrival || "?"} – ${state.departure || "…"}`;
		return length
			? `${span} (${Math.floor(length / 60)} h ${String(length % 60).padStart(2, "0")})`
			: span;
	}

	// ---------------------------------------------------------------- what is shown of it

	filter() {
		const words = plain(this.text).split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const { card, item } of this.cards.values()) {
			const name = plain(item.name);
			const fits =
				words.every((word) => name.includes(word)) &&
				(!this.schoolClass || item.class === this.schoolClass) &&
				(!this.left || card.dataset.status === "Planned");
			card.hidden = !fits;
			shown += fits;
		}
		for (const group of this.root.querySelectorAll(".group")) {
			group.hidden = !group.querySelector(".child:not([hidden])");
		}
		return shown;
	}

	counts() {
		const counts = { expected: 0, present: 0, left: 0, marked: this.cards.size };
		for (const { item } of this.cards.values()) {
			const state = this.stateOf(item);
			counts.expected += state.planned ? 1 : 0;
			counts.present += state.status === "Present" ? 1 : 0;
			counts.left += state.status === "Planned" ? 1 : 0;
		}
		return counts;
	}

	// ---------------------------------------------------------------- touches

	listen() {
		let held = null;
		let timer;
		let from;
		const itemAt = (target) => this.cards.get(target.closest("[data-key]")?.dataset.key)?.item;
		const cancel = () => clearTimeout(timer);
		this.root.addEventListener("pointerdown", (event) => {
			held = null;
			const item = event.target.closest(".touch") && itemAt(event.target);
			if (!item || event.button) return;
			from = [event.clientX, event.clientY];
			timer = setTimeout(() => {
				held = item;
				navigator.vibrate?.(15);
				this.on.more(item);
			}, HOLD);
		});
		this.root.addEventListener("pointermove", (event) => {
			if (from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) > TREMBLE) cancel();
		});
		for (const name of ["pointerup", "pointercancel", "pointerleave"])
			this.root.addEventListener(name, cancel);
		this.root.addEventListener("click", (event) => {
			const item = itemAt(event.target);
			// The finger that held is lifted: that was no touch.
			if (!item || held) return void (held = null);
			if (event.target.closest(".more")) this.on.more(item);
			else if (event.target.closest(".touch")) this.on.touch(item);
		});
		this.root.addEventListener("contextmenu", (event) => {
			if (itemAt(event.target)) event.preventDefault();
		});
	}
}

function initials(last, first) {
	const letters = first ? [first, last] : last.split(/\s+/);
	return letters
		.slice(0, 2)
		.map((word) => word.charAt(0).toUpperCase())
		.join("");
}

function groupBy(items) {
	const groups = new Map();
	for (const item of items) groups.set(item.class, [...(groups.get(item.class) || []), item]);
	return groups;
}
