// sites/assets/assets.json (name of a bundle → address of the built file), and the same for right-to-left styles.
import fs from "node:fs";
import path from "node:path";
import { createClient } from "@redis/client";
import rtlcss from "rtlcss";

const HASH = /\.[A-Z0-9]{8}\.(js|css)$/;

export const manifestPlugin = (bench, app, dist) => ({
	name: "manifest",
	setup(build) {
		build.onEnd(async ({ metafile, errors }) => {
			if (errors.length) return;
			const built = {};
			const rightToLeft = {};
			for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
				const name = path.basename(output).replace(HASH, ".$1");
				if (!entryPoint || !/\.bundle\.(js|css)$/.test(name)) continue;
				const file = path.resolve(output);
				removeOlder(file, name);
				built[name] = `/assets/${app}/dist/${path.relative(dist, file)}`;
				if (name.endsWith(".css")) rightToLeft[`rtl_${name}`] = mirror(file, app, dist);
			}
			write(path.join(bench.sites, "assets", "assets.json"), built);
			write(path.join(bench.sites, "assets", "assets-rtl.json"), rightToLeft);
			console.log(`${app}: ${Object.keys(built).length} bundles`);
			await forgetCached(bench);
		});
	},
});

// A bundle that changed has another hash in its name; the one before is of no use any more
function removeOlder(file, name) {
	const folder = path.dirname(file);
	for (const other of fs.readdirSync(folder)) {
		const same = other.replace(/\.map$/, "").replace(HASH, ".$1") === name;
		if (same && !other.startsWith(path.basename(file))) fs.rmSync(path.join(folder, other));
	}
}

function mirror(file, app, dist) {
	const target = path.join(dist, "css-rtl", path.basename(file));
	fs.mkdirSync(path.dirname(target), { recursive: true });
	fs.writeFileSync(target, rtlcss.process(fs.readFileSync(file, "utf8")));
	return `/assets/${app}/dist/css-rtl/${path.basename(file)}`;
}

// Entries of apps that were not built now stay
function write(file, entries) {
	const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
	const sorted = Object.entries({ ...known, ...entries }).sort();
	fs.writeFileSync(file, JSON.stringify(Object.fromEntries(sorted), null, 4));
}

// Frappe keeps the manifest in its cache. Redis need not run during a build.
async function forgetCached(bench) {
	const config = JSON.parse(fs.readFileSync(path.join(bench.sites, "common_site_config.json"), "utf8"));
	const client = createClient({ url: config.redis_cache, socket: { reconnectStrategy: false } });
	client.on("error", () => {});
	try {
		await client.connect();
		await client.del("assets_json");
		await client.quit();
	} catch {
		// not running: nothing is cached
	}
}
