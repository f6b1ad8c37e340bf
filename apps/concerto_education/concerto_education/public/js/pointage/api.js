// The server: one function a question. What fails says how: without network, logged out, forbidden, or the server's own.

import { __ } from "./texts.js";
import * as clock from "./clock.js";

const ROOT = "/api/method/concerto_education.portal.pointage.";
const PATIENCE = 15_000;

let token = "";

export class Failure extends Error {
	/** `kind`: "offline", "login", "forbidden" or "server" */
	constructor(kind, message) {
		super(message);
		this.kind = kind;
	}
}

async function ask(url, options = {}) {
	try {
		return await fetch(url, {
			...options,
			headers: { Accept: "application/json", ...options.headers },
			signal: AbortSignal.timeout(PATIENCE),
			cache: "no-store",
		});
	} catch {
		throw new Failure("offline", __("No network"));
	}
}

async function answerOf(response) {
	const answer = await response.json().catch(() => ({}));
	if (response.ok && "message" in answer) return answer.message;
	if (response.ok) throw new Failure("offline", __("No network")); // a page of somebody else's network
	if (response.status === 401 || response.status === 403) throw await refusal(answer);
	throw new Failure(
		"server",
		reason(answer) || __("The server could not do this ({0})", [response.status]),
	);
}

/** Logged out, or logged in and not allowed? */
async function refusal(answer) {
	const who = await ask("/api/method/frappe.auth.get_logged_user");
	if (!who.ok) return new Failure("login", __("Your session has ended"));
	return new Failure("forbidden", reason(answer) || __("You are not allowed to do this."));
}

function reason(answer) {
	try {
		const messages = JSON.parse(answer._server_messages).map((text) => JSON.parse(text).message);
		const page = new DOMParser().parseFromString(messages.join(" "), "text/html");
		return page.body.textContent;
	} catch {
		return "";
	}
}

async function get(method, args = {}) {
	return answerOf(await ask(`${ROOT}${method}?${new URLSearchParams(args)}`));
}

async function post(url, body, again = true) {
	const response = await ask(url, {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token },
		body: JSON.stringify(body),
	});
	if (response.status === 400 && again) {
		// The token belongs to a session that has ended: a new one, once.
		await start();
		return post(url, body, false);
	}
	return response;
}

/** Who is logged in. Also measures the clock. */
export async function start() {
	const sent = Date.now();
	const found = await get("start");
	clock.measure(sent, Date.now(), found.server_time);
	token = found.csrf_token;
	delete found.csrf_token; // not to be kept on the device
	return found;
}

export const load = (site, day) => get("load", { site, day });
export const changes = (site, day, since) => get("changes", { site, day, since });
export const search = (site, text) => get("search", { site, text });

/** Whose badge this is, when no list on this device knows it. */
export async function badge(site, code) {
	if (!token) await start();
	return answerOf(await post(`${ROOT}badge`, { site, token: code }));
}

/** Send ticks; resolves to what became of them. */
export async function send(device, user, ticks) {
	if (!token) await start();
	const response = await post(`${ROOT}send`, { device, user, sent_at: Date.now(), ticks });
	return answerOf(response);
}

export async function logout() {
	if (!token) await start();
	const response = await post("/api/method/logout", {});
	if (!response.ok)
		throw new Failure("server", __("The server could not do this ({0})", [response.status]));
	token = "";
}
