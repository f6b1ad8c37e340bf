// Ticks go to the server in the order in which they were made, each until it has been answered.

import * as api from "./api.js";
import * as clock from "./clock.js";
import { __ } from "./texts.js";
import { queue, refusals } from "./store.js";

const BATCH = 100;
const EVERY = 15_000;
const SOON = 300; // a short wait gathers a few touches in one request
const MEASURE_EVERY = 5 * 60_000;
const PATIENCE = [2_000, 5_000, 10_000, 30_000];
// Fields of a tick that are the server's business.
const SENT = [
	"id",
	"action",
	"time",
	"offset",
	"enrolment",
	"day",
	"unit",
	"clock_time",
	"note",
	"site",
	"activity",
	"person",
	"child_name",
	"school_class",
	"task",
	"badge",
];

export class Sync {
	/** `on` is told: `sent(answer)` after each batch, `state()` whenever the state has changed. */
	constructor(device, on) {
		this.device = device;
		this.on = on;
		this.waiting = [];
		this.refused = [];
		this.user = null;
		this.problem = null; // why nothing is sent at the moment: a Failure
		this.failures = 0;
		this.measuredAt = 0;
		// Other tabs of the same device share the queue.
		this.channel = new BroadcastChannel("pointage");
		this.channel.onmessage = () => this.reload();
	}

	async reload() {
		this.refused = await refusals.all();
		this.waiting = await this.stored();
		this.on.state();
	}

	/** What the device keeps, with what was added while it was being read: a touch doesn't wait for the disk. */
	async stored() {
		const asked = new Set(this.waiting.filter((tick) => tick.seq).map((tick) => tick.id));
		const kept = await queue.all();
		for (const tick of kept) asked.add(tick.id);
		return [...kept, ...this.waiting.filter((tick) => !asked.has(tick.id))];
	}

	/** Ticks of whoever is logged in. Those of a colleague wait for the colleague. */
	get mine() {
		return this.waiting.filter((tick) => tick.user === this.user);
	}

	/** Only what is safe on the device is sent: the answer takes it off there. */
	get next() {
		return this.mine.filter((tick) => tick.seq).slice(0, BATCH);
	}

	get others() {
		return this.waiting.filter((tick) => tick.user !== this.user);
	}

	/** Keep a tick on the device; resolves when it is safe, and sends it when there is a network. */
	async add(tick) {
		const kept = {
			...tick,
			id: crypto.randomUUID(),
			...clock.moment(),
			user: this.user,
		};
		this.waiting.push(kept);
		try {
			kept.seq = await queue.add(kept);
		} catch (error) {
			this.waiting = this.waiting.filter((other) => other !== kept);
			throw error;
		}
		this.channel.postMessage("queue");
		this.soon(SOON);
		return kept;
	}

	/** Exchange with the server after a while, or earlier if that was agreed already. */
	soon(delay) {
		const due = Date.now() + delay;
		if (this.due && this.due <= due && this.due > Date.now() - EVERY) return;
		clearTimeout(this.timer);
		this.due = due;
		this.timer = setTimeout(() => {
			this.due = null;
			this.run();
		}, delay);
	}

	/** Send what waits and hear what others did, then agree on the next time. */
	run() {
		this.running ||= this.attempt().finally(() => {
			this.running = null;
			const patience = PATIENCE[Math.min(this.failures, PATIENCE.length) - 1];
			this.soon(this.problem ? patience : this.mine.length ? SOON : EVERY);
			this.on.state();
		});
		return this.running;
	}

	/** Send now whatever waits. */
	async flush() {
		await this.running;
		await this.run();
	}

	/** One tab at a time does it. */
	async attempt() {
		try {
			await navigator.locks.request("pointage-sync", () => this.exchange());
			this.problem = null;
			this.failures = 0;
		} catch (error) {
			if (!(error instanceof api.Failure)) throw error;
			this.problem = error;
			this.failures += 1;
			// Not allowed: perhaps somebody else has logged in, in another tab.
			if (error.kind === "forbidden") await this.on.identify();
		}
	}

	async exchange() {
		if (!this.user) throw new api.Failure("login", __("Your session has ended"));
		this.waiting = await this.stored();
		for (let batch = this.next; batch.length; batch = this.next) {
			await this.sendBatch(batch);
		}
		if (Date.now() - this.measuredAt > MEASURE_EVERY || this.problem) {
			await this.on.started(await api.start());
			this.measuredAt = Date.now();
		}
		await this.on.poll();
	}

	async sendBatch(batch) {
		const answer = await api.send(
			this.device,
			this.user,
			batch.map((tick) => Object.fromEntries(SENT.map((name) => [name, tick[name] ?? null]))),
		);
		const results = new Map(answer.results.map((result) => [result.id, result]));
		const refused = batch
			.map((tick) => ({ ...tick, ...(results.get(tick.id) || unanswered()) }))
			.filter((tick) => tick.result === "Refused");
		await queue.settle(batch, refused);
		const settled = new Set(batch.map((tick) => tick.id));
		this.waiting = this.waiting.filter((tick) => !settled.has(tick.id));
		this.refused = await refusals.all();
		this.channel.postMessage("queue");
		await this.on.sent(answer, refused);
	}

	async takeOver() {
		await queue.takeOver(this.others, this.user);
		await this.reload();
		this.soon(0);
	}

	async seen(id) {
		await refusals.remove(id);
		await this.reload();
	}
}

const unanswered = () => ({
	result: "Refused",
	rule: "Malformed",
	reason: __("The server did not understand this tick"),
});
