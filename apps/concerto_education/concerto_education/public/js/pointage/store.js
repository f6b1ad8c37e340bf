// What stays on the device: the lists of the day, the ticks that wait, the refusals. IndexedDB, by hand and small.

const NAME = "pointage";
const VERSION = 1;
let opened;

function open() {
	opened ||= new Promise((resolve, reject) => {
		const request = indexedDB.open(NAME, VERSION);
		request.onupgradeneeded = () => {
			const db = request.result;
			db.createObjectStore("meta");
			db.createObjectStore("lists");
			// Sent in the order of their keys: the order in which they were made.
			db.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
			db.createObjectStore("refusals", { keyPath: "id" });
		};
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
		request.onblocked = () => reject(new Error("blocked"));
	});
	return opened;
}

/** Run `work(stores)` in one transaction; resolves when it is on the disk, with what `work` returned. */
async function transaction(names, mode, work) {
	const db = await open();
	return new Promise((resolve, reject) => {
		const options = mode === "readwrite" ? { durability: "strict" } : {};
		const running = db.transaction(names, mode, options);
		const stores = Object.fromEntries(names.map((name) => [name, running.objectStore(name)]));
		const outcome = work(stores);
		running.oncomplete = () => resolve(outcome instanceof IDBRequest ? outcome.result : outcome);
		running.onerror = running.onabort = () => reject(running.error);
	});
}

const read = (name, work) => transaction([name], "readonly", (stores) => work(stores[name]));
const write = (name, work) => transaction([name], "readwrite", (stores) => work(stores[name]));

export const meta = {
	get: async (key) => (await read("meta", (store) => store.get(key))) ?? null,
	set: (key, value) => write("meta", (store) => store.put(value, key)),
};

/** A name for the device that stays, so that the history tells which tablet it was. */
export async function deviceName() {
	const known = await meta.get("device");
	if (known) return known;
	const name = crypto.randomUUID();
	await meta.set("device", name);
	return name;
}

// ---------------------------------------------------------------- lists

const listKey = (site, day) => `${day}|${site}`;

export const lists = {
	get: async (site, day) => (await read("lists", (store) => store.get(listKey(site, day)))) ?? null,
	put: (list) => write("lists", (store) => store.put(list, listKey(list.site, list.day))),
	clear: () => write("lists", (store) => store.clear()),
	/** Names of children stay no longer on the device than they are needed. */
	forgetBefore: (day) => write("lists", (store) => store.delete(IDBKeyRange.upperBound(day, true))),
};

// ---------------------------------------------------------------- ticks that wait

export const queue = {
	all: () => read("queue", (store) => store.getAll()),
	/** Resolves when the tick is safe. */
	add: (tick) => write("queue", (store) => store.add(tick)),
	takeOver: (ticks, user) =>
		write("queue", (store) => ticks.forEach((tick) => store.put({ ...tick, user }))),
	/** What the server has answered leaves the queue, refusals are kept: both or none of it. */
	settle: (answered, refused) =>
		transaction(["queue", "refusals"], "readwrite", ({ queue: waiting, refusals: kept }) => {
			answered.forEach((tick) => waiting.delete(tick.seq));
			refused.forEach((refusal) => kept.put(refusal));
		}),
};

export const refusals = {
	all: () => read("refusals", (store) => store.getAll()),
	remove: (id) => write("refusals", (store) => store.delete(id)),
};

/** Ask the browser not to clear this away when space runs short. */
export const persist = () => navigator.storage?.persist?.().catch(() => false);
