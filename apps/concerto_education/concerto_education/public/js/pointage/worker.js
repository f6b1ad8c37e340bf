// The service worker of the tablet page: its files stay on the device, so that it opens without network.
// The server writes VERSION and SHELL (the names of those files) in front of this.
/* global VERSION, SHELL */

const CACHE = `pointage-${VERSION}`;

async function fill() {
	const cache = await caches.open(CACHE);
	await Promise.all(
		SHELL.map(async (path) => {
			const response = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
			// Whoever is logged out gets another page: then the old version stays.
			if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
			await cache.put(path, response);
		}),
	);
	await self.skipWaiting();
}

async function takeOver() {
	for (const name of await caches.keys()) {
		if (name.startsWith("pointage-") && name !== CACHE) await caches.delete(name);
	}
	await self.clients.claim();
}

async function fromDevice(path, request) {
	const cache = await caches.open(CACHE);
	return (await cache.match(path)) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
	const url = new URL(event.request.url);
	// Questions to the server go to the server: what it answers is kept by the page, with the rules of the page.
	if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
	if (SHELL.includes(url.pathname)) event.respondWith(fromDevice(url.pathname, event.request));
});
