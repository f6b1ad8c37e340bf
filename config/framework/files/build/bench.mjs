// Where the apps, sites and Node packages of this bench are.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export function findBench() {
	const apps = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
	const sites = path.resolve(apps, "../sites");
	const installed = fs.readFileSync(path.join(sites, "apps.txt"), "utf8").split(/\s+/).filter(Boolean);
	const nodePaths = installed.map((app) => path.join(apps, app, "node_modules")).filter(fs.existsSync);
	return { apps, sites, installed, nodePaths };
}

export function walk(folder) {
	return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const file = path.join(folder, entry.name);
		if (!entry.isDirectory()) return [file];
		return ["node_modules", "dist"].includes(entry.name) ? [] : walk(file);
	});
}

export const firstFile = (candidates) =>
	candidates.find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
