// The frame around the list: where we are, what waits, what is wrong.

import * as clock from "./clock.js";
import { button, el } from "./dom.js";
import { __, settings } from "./texts.js";

/** Contrast and colour of the authority; light, dark, or as the device wishes. */
export function paint() {
	const root = document.documentElement;
	root.style.setProperty("--accent", settings.accent);
	root.style.setProperty("--accent-ink", settings.ink);
	root.dataset.theme = localStorage.getItem("theme") || "auto";
}

export function nextTheme() {
	const themes = ["auto", "light", "dark"];
	const next = themes[(themes.indexOf(localStorage.getItem("theme") || "auto") + 1) % themes.length];
	localStorage.setItem("theme", next);
	paint();
	return { auto: __("Colours: as the device"), light: __("Colours: light"), dark: __("Colours: dark") }[
		next
	];
}

export class Frame {
	/** `on` has a function for each thing that can be touched. */
	constructor(root, on) {
		this.on = on;
		this.site = el("select.pick", { "aria-label": __("Site"), onchange: () => on.site(this.site.value) });
		this.unit = el("select.pick", { "aria-label": __("List"), onchange: () => on.unit(this.unit.value) });
		this.state = el("button.state", { type: "button", onclick: () => on.state(), "aria-live": "polite" });
		this.menu = el("details.menu", {}, el("summary.button.icon", { "aria-label": __("Menu") }, "☰"));
		this.menu.append(
			el(
				"div.items",
				{},
				el("p.who"),
				this.menuItem(__("Refresh the list"), () => on.refresh()),
				this.menuItem(__("Refused ticks"), () => on.refusals()),
				this.menuItem(__("Change the colours"), () => on.theme()),
				this.menuItem(__("Log out"), () => on.logout()),
			),
		);
		this.alerts = el("div.alerts");
		this.counts = el("p.counts", { "aria-live": "polite" });
		this.search = el("input.search", {
			type: "search",
			autocomplete: "off",
			placeholder: __("Search a child"),
			"aria-label": __("Search a child"),
			oninput: () => on.search(this.search.value),
		});
		this.classes = el("select.pick.narrow", {
			"aria-label": __("Class"),
			onchange: () => on.schoolClass(this.classes.value),
		});
		this.left = el(
			"button.button.toggle",
			{ type: "button", "aria-pressed": "false", onclick: () => this.toggleLeft() },
			__("Left to tick"),
		);
		this.list = el("main.list", { tabindex: "-1" });
		this.addButton = button(__("Add a child"), () => on.add(), "main");
		this.scanButton = button(__("Scan badges"), () => on.scan());
		this.scanButton.hidden = true;
		root.replaceChildren(
			el("header.top", {}, el("div.bar", {}, this.site, this.unit, this.state, this.menu)),
			el("div.bar.tools", {}, this.search, this.classes, this.left),
			this.alerts,
			this.list,
			el("footer.bottom", {}, this.counts, this.scanButton, this.addButton),
		);
		document.addEventListener("click", (event) => {
			if (!this.menu.contains(event.target)) this.menu.open = false;
		});
	}

	menuItem(label, run) {
		return el("button.item", { type: "button", onclick: () => ((this.menu.open = false), run()) }, label);
	}

	toggleLeft() {
		const pressed = this.left.getAttribute("aria-pressed") !== "true";
		this.left.setAttribute("aria-pressed", String(pressed));
		this.on.left(pressed);
	}

	showWho(name) {
		this.menu.querySelector(".who").textContent = name;
	}

	showSites(sites, chosen) {
		this.site.replaceChildren(
			...sites.map((site) => el("option", { value: site, selected: site === chosen }, site)),
		);
		this.site.classList.toggle("is-alone", sites.length < 2);
	}

	/** `lists`: [{key, activity, unit}] */
	showLists(lists, chosen) {
		this.unit.replaceChildren(
			...lists.map(({ key, activity, unit }) =>
				el("option", { value: key, selected: key === chosen }, listName(activity, unit)),
			),
		);
		this.unit.hidden = !lists.length;
	}

	showClasses(names, chosen) {
		const options = names
			.filter(Boolean)
			.map((name) => el("option", { value: name, selected: name === chosen }, name));
		this.classes.replaceChildren(el("option", { value: "" }, __("All classes")), ...options);
		this.classes.hidden = options.length < 2;
	}

	showCounts(counts) {
		const left = counts.left
			? el("span.left", {}, __("{0} left to tick", [counts.left]))
			: el("span.done", { "aria-hidden": "true" }, "✓");
		this.counts.replaceChildren(
			el("b", {}, String(counts.present)),
			el("span.wide", {}, __("present of {0} expected", [counts.expected])),
			el("span.slim", { "aria-hidden": "true" }, `/ ${counts.expected}`),
			left,
		);
	}

	showState(sync) {
		const count = sync.waiting.length;
		const offline = sync.problem?.kind === "offline";
		let kind = offline ? "offline" : count || sync.problem ? "waits" : "ok";
		let text = __("All sent");
		if (count) text = __("{0} wait", [count]);
		else if (offline) text = __("No network");
		else if (sync.problem) text = __("Not connected");
		if (sync.refused.length) {
			kind = "refused";
			text = __("{0} refused", [sync.refused.length]);
			if (count) text += ` · ${__("{0} wait", [count])}`;
		}
		this.state.className = `state is-${kind}`;
		this.state.textContent = text;
		this.state.title = offline ? __("No network") : text;
	}

	/** What whoever ticks should know, each with what can be done about it. */
	showAlerts(alerts) {
		this.alerts.replaceChildren(
			...alerts.map(({ text, action, kind = "" }) =>
				el(
					`div.alert${kind ? `.is-${kind}` : ""}`,
					{ role: "status" },
					el("span", {}, text),
					action && button(action.label, action.run),
				),
			),
		);
	}

	showEmpty(title, text, action = null) {
		this.list.replaceChildren(
			el(
				"div.empty",
				{},
				el("h2", {}, title),
				el("p", {}, text),
				action && button(action.label, action.run, "main"),
			),
		);
	}
}

export function listName(activity, unit) {
	return activity.units.length > 1 ? `${activity.activity} · ${unit.label}` : activity.activity;
}

/** The list of now: the unit that is going on, else the next one, else the last. */
export function listOfNow(lists) {
	const now = clock.hour();
	const timed = lists.filter(({ unit }) => unit.from && unit.to);
	return (
		timed.find(({ unit }) => unit.from <= now && now < unit.to) ||
		timed
			.filter(({ unit }) => unit.from > now)
			.sort((a, b) => a.unit.from.localeCompare(b.unit.from))[0] ||
		lists[0]
	);
}
