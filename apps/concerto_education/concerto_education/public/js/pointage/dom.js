// Elements without HTML in strings: names come from people, and nothing of them is ever markup.

import { __ } from "./texts.js";

/** el("button.big", {type: "button"}, "Text", child): undefined, null and false are left out. */
export function el(what, attributes = {}, ...children) {
	const [tag, ...classes] = what.split(".");
	const element = document.createElement(tag);
	if (classes.length) element.className = classes.join(" ");
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else if (value === true) element.setAttribute(name, "");
		else element.setAttribute(name, value);
	}
	element.append(
		...children
			.flat(Infinity)
			.filter((child) => child !== undefined && child !== null && child !== false),
	);
	return element;
}

export const button = (label, onclick, kind = "") =>
	el(`button.button${kind ? `.${kind}` : ""}`, { type: "button", onclick }, label);

let timer;

/** Say something at the bottom of the screen, with one thing that may be done about it. */
export function notice(text, action = null) {
	const place = document.getElementById("notice");
	const undo = action && button(action.label, () => (hide(), action.run()), "quiet");
	place.replaceChildren(el("p", {}, text), undo || "");
	place.classList.add("is-shown");
	clearTimeout(timer);
	timer = setTimeout(hide, action ? 8000 : 5000);
	function hide() {
		place.classList.remove("is-shown");
		place.replaceChildren();
	}
}

/** A dialog; resolves to the value of the button that closed it, "" if it was left. */
export function dialog(title, body, buttons) {
	const box = el("dialog.dialog", { "aria-label": title });
	const close = (value) => () => box.close(value);
	const footer = buttons.map(({ label, value, kind }) => button(label, close(value), kind));
	box.append(
		el("header", {}, el("h2", {}, title), button("✕", close(""), "icon")),
		el("div.body", {}, body),
		el("footer", {}, footer),
	);
	box.querySelector("header .icon").setAttribute("aria-label", __("Close"));
	// A touch beside the box closes it.
	box.addEventListener("click", (event) => event.target === box && box.close(""));
	document.body.append(box);
	box.showModal();
	box.finish = (value = "") => box.close(value);
	const done = new Promise((resolve) =>
		box.addEventListener("close", () => {
			box.remove();
			resolve(box.returnValue);
		}),
	);
	return { box, done };
}
