// What esbuild does not know by itself: Frappe's HTML templates, Sass with "~package" imports, Vue components.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as sass from "sass";
import { compileScript, compileStyle, compileTemplate, parse } from "vue/compiler-sfc";
import { firstFile } from "./bench.mjs";

// import "./x.html" registers the text as frappe.templates.x
export const htmlPlugin = {
	name: "html",
	setup(build) {
		build.onLoad({ filter: /\.html$/ }, ({ path: file }) => {
			const name = JSON.stringify(path.basename(file, ".html"));
			const text = fs
				.readFileSync(file, "utf8")
				.replace(/\s+/g, " ")
				.replace(/<!--.*?-->/g, "");
			// templates were written for a string in single quotes and escape them
			return {
				contents: `frappe.templates[${name}] = ${JSON.stringify(text.replaceAll("\\'", "'"))};`,
			};
		});
	},
};

function sassOptions(bench, file) {
	const ofApps = bench.installed.map((app) => path.join(bench.apps, app));
	const findFileUrl = (url) =>
		url.startsWith("~") ? pathToFileURL(path.join(bench.nodePaths[0], url.slice(1))) : null;
	return {
		loadPaths: [path.dirname(file), bench.apps, ...ofApps, ...bench.nodePaths],
		importers: [{ findFileUrl }],
		logger: sass.Logger.silent, // Bootstrap 4 warns of what future Sass will refuse
	};
}

export const stylePlugin = (bench) => ({
	name: "styles",
	setup(build) {
		build.onLoad({ filter: /\.s[ac]ss$/ }, ({ path: file }) => {
			const { css, loadedUrls } = sass.compile(file, sassOptions(bench, file));
			const watchFiles = loadedUrls
				.filter((url) => url.protocol === "file:")
				.map((url) => url.pathname);
			return { contents: css, loader: "css", resolveDir: path.dirname(file), watchFiles };
		});
		build.onResolve({ filter: /.*/ }, ({ path: name, kind, resolveDir }) => {
			if (kind === "url-token") return resolveUrl(name, resolveDir);
			if (kind === "import-rule") return resolveImport(bench, name, resolveDir);
		});
	},
});

// url(…) of a file beside the style sheet is copied; any other address stays as it is
function resolveUrl(name, folder) {
	const file = path.resolve(folder, name.split(/[?#]/)[0]);
	const isRelative = !/^([a-z]+:|\/|#)/.test(name);
	return isRelative && fs.existsSync(file) ? { path: file } : { path: name, external: true };
}

function resolveImport(bench, name, folder) {
	if (/^https?:/.test(name)) return { path: name, external: true };
	const plain = name.replace(/^~/, "");
	return {
		path: firstFile([
			path.resolve(folder, name),
			path.join(bench.apps, name),
			...bench.installed.map((app) => path.join(bench.apps, app, name)),
			...bench.nodePaths.flatMap((packages) =>
				[plain, `${plain}.css`].map((file) => path.join(packages, file)),
			),
		]),
	};
}

export const vuePlugin = (bench) => ({
	name: "vue",
	setup(build) {
		build.onLoad({ filter: /\.vue$/ }, ({ path: filename }) => {
			const { descriptor, errors } = parse(fs.readFileSync(filename, "utf8"), { filename });
			if (errors.length) throw errors[0];
			const loader = (descriptor.scriptSetup || descriptor.script)?.lang === "ts" ? "ts" : "js";
			return {
				contents: compileComponent(bench, filename, descriptor),
				loader,
				resolveDir: path.dirname(filename),
			};
		});
	},
});

function compileComponent(bench, filename, descriptor) {
	const id = crypto.createHash("md5").update(path.relative(bench.apps, filename)).digest("hex").slice(0, 8);
	const scoped = descriptor.styles.some((style) => style.scoped);
	const scope = `data-v-${id}`;
	const template = { id, scoped, filename, compilerOptions: { scopeId: scoped ? scope : undefined } };
	const inline = Boolean(descriptor.scriptSetup);
	const code = [];
	if (descriptor.script || descriptor.scriptSetup) {
		const options = { id, inlineTemplate: inline, templateOptions: template, genDefaultAs: "component" };
		code.push(compileScript(descriptor, options).content);
	} else {
		code.push("const component = {};");
	}
	if (descriptor.template && !inline) {
		code.push(compileTemplate({ ...template, source: descriptor.template.content }).code);
		code.push("component.render = render;");
	}
	if (scoped) code.push(`component.__scopeId = ${JSON.stringify(scope)};`);
	const css = descriptor.styles.map((style) => compileCss(bench, filename, style, scope)).join("\n");
	if (css.trim()) {
		code.push(
			`document.head.append(Object.assign(document.createElement("style"), { textContent: ${JSON.stringify(css)} }));`,
		);
	}
	return [...code, "export default component;"].join("\n");
}

function compileCss(bench, filename, style, id) {
	const source =
		style.lang === "scss"
			? sass.compileString(style.content, sassOptions(bench, filename)).css
			: style.content;
	return compileStyle({ source, filename, id, scoped: style.scoped }).code;
}
