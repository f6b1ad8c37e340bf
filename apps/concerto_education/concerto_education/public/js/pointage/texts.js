// Texts in the reader's language: the page brings those of its scripts along, so that they are there without network.

const start = JSON.parse(document.getElementById("start").textContent);

export const settings = start;

/** The text in the reader's language, with {0}, {1} … replaced. */
export function __(text, values = []) {
	return (start.texts[text] || text).replace(/\{(\d)\}/g, (_match, place) => String(values[place] ?? ""));
}
