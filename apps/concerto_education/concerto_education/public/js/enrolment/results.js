// What a pass would make or has made, line by line, with the reason of each refusal.

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

const STATES = {
	new: { sign: "✓", css: "good", label: () => __("Will be made") },
	made: { sign: "✓", css: "good", label: () => __("Made") },
	waiting: { sign: "…", css: "warn", label: () => __("Goes to the waiting list") },
	already: { sign: "=", css: "quiet", label: () => __("Already enrolled") },
	refused: { sign: "✗", css: "bad", label: () => __("Refused") },
};

export function summary(results) {
	const count = (...states) => results.filter(({ state }) => states.includes(state)).length;
	return { possible: count("new", "waiting"), refused: count("refused") };
}

export function results_html(results) {
	const { possible, refused } = summary(results);
	const open = results.some(({ state }) => state === "new");
	const words =
		refused && possible && open
			? __("Some enrolments are refused. Go back to mend them, or make only those that are possible.")
			: refused && !possible && !results.some(({ state }) => state === "made")
				? __("Nothing can be made: change what is refused.")
				: open
					? __("Nothing is saved before you confirm.")
					: "";
	const lines = results.map(line_html).join("");
	return `${words ? `<p class="ce-words">${words}</p>` : ""}<ul class="ce-results">${lines}</ul>`;
}

function line_html(answer) {
	const { sign, css, label } = STATES[answer.state];
	const date = (day) => frappe.datetime.str_to_user(day);
	const details = [
		answer.site,
		answer.from ? __("From {0} to {1}", [date(answer.from), date(answer.to)]) : "",
		answer.days ? __("{0} days planned", [answer.days]) : "",
	].filter(Boolean);
	const title = `${esc(answer.name)} · ${esc(answer.activity)}`;
	const link = answer.enrolment
		? `<a href="/app/enrolment/${encodeURIComponent(answer.enrolment)}" target="_blank">${title}</a>`
		: title;
	return `<li class="is-${css}"><span class="ce-sign" aria-hidden="true">${sign}</span>
		<div><b>${link}</b> <em>${label()}</em><br><small>${details.map(esc).join(" · ")}</small>
		${answer.reason ? `<div class="ce-reason">${esc(answer.reason)}</div>` : ""}</div></li>`;
}
