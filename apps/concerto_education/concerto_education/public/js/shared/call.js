// Calls with a JSON body, lists as lists. Not frappe.call: a refusal belongs to its place, not into a dialog over it.

const NOT_SAVED = () => __("No network: nothing was saved. Your changes are still here.");

/** Call an endpoint; resolves to its message, rejects with an Error that says why, `offline` without a network. */
export async function call(method, args = {}, verb = "POST", offline = NOT_SAVED()) {
	const known = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
	const query = verb === "GET" ? `?${new URLSearchParams(known)}` : "";
	let response;
	try {
		response = await fetch(`/api/method/concerto_education.${method}${query}`, {
			method: verb,
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: verb === "GET" ? undefined : JSON.stringify(Object.fromEntries(known)),
		});
	} catch {
		throw new Error(offline);
	}
	const answer = await response.json().catch(() => ({}));
	if (!response.ok) throw new Error(reason(answer, response.status));
	return answer.message;
}

function reason(answer, status) {
	try {
		const messages = JSON.parse(answer._server_messages).map((text) => JSON.parse(text).message);
		if (messages.length) return strip_html(messages.join(" "));
	} catch {
		// no message for people: say what is known
	}
	if (status === 403) return __("You are not allowed to do this.");
	return __("The server could not do this ({0}).", [status]);
}
