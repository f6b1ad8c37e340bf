// The time: that of the server, by the measured difference of the clocks, in the time zone of the site.

import { settings } from "./texts.js";

const NOTICED = 60_000; // a difference that is shown, in milliseconds
const STALE = 10 * 60_000;
const JUMP = 60_000;

let measured = null; // { offset, travel, at }
let latest = 0;
let lastMoment = 0;

const format = new Intl.DateTimeFormat("fr-FR", {
	timeZone: settings.zone,
	year: "numeric",
	month: "2-digit",
	day: "2-digit",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
});

function parts(moment) {
	return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}

/** What an earlier visit measured. */
export function remember(offset) {
	if (measured === null && Number.isFinite(offset)) measured = { offset, travel: Infinity, at: 0 };
}

/** A question left at `sent`, its answer came at `received`, the server wrote `server` in between. */
export function measure(sent, received, server) {
	const travel = received - sent;
	const offset = Math.round(server - (sent + received) / 2);
	const jumped = measured && Math.abs(measured.offset - offset) > travel + measured.travel;
	if (!measured || jumped || travel <= measured.travel || received - measured.at > STALE) {
		measured = { offset, travel, at: received };
	}
	return measured.offset;
}

/** Server minus device in milliseconds; null while it was never measured. */
export const offset = () => measured?.offset ?? null;

/** The device's own time for a tick: no two have the same. */
export function stamp() {
	latest = Math.max(latest + 1, Date.now());
	return latest;
}

/**
 * When a touch was: the device's own time and the difference of clocks, as a tick carries them.
 *
 * A difference that is measured better than the one before must not bring a touch before an earlier one of this device:
 * then "present, and undone" would end as present. A jump is a clock that was set, and no better measurement.
 */
export function moment() {
	const time = stamp();
	let difference = offset();
	if (difference !== null) {
		const behind = lastMoment - (time + difference);
		if (behind >= 0 && behind < JUMP) difference += behind + 1;
		lastMoment = time + difference;
	}
	return { time, offset: difference };
}

const corrected = (moment) => moment + (offset() ?? 0);

/** 2026-11-24 */
export function today() {
	const { year, month, day } = parts(corrected(Date.now()));
	return `${year}-${month}-${day}`;
}

export function tomorrow() {
	const next = new Date(`${today()}T12:00:00Z`);
	next.setUTCDate(next.getUTCDate() + 1);
	return next.toISOString().slice(0, 10);
}

/** 08:05, of a moment of the device that is `difference` milliseconds off. */
export function hour(moment = Date.now(), difference = offset()) {
	const { hour: hours, minute } = parts(moment + (difference ?? 0));
	return `${hours}:${minute}`;
}

export const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** By how many minutes the device is ahead (behind: below 0); 0 if that matters to nobody. */
export function wrongBy() {
	if (measured === null || Math.abs(measured.offset) < NOTICED) return 0;
	return -Math.sign(measured.offset) * Math.max(1, Math.round(Math.abs(measured.offset) / 60_000));
}

export function longDay(day) {
	return new Date(`${day}T12:00:00Z`).toLocaleDateString("fr-FR", {
		weekday: "long",
		day: "numeric",
		month: "long",
		timeZone: "UTC",
	});
}
