// The camera that reads badges, one after the other, until it is closed.

import { scanned } from "./badges.js";
import { button, dialog, el } from "./dom.js";
import { __ } from "./texts.js";

const EVERY = 150; // milliseconds between two looks
const AGAIN = 4000; // the same badge is not read twice within that time

/** Open the camera and tick the badges it sees. */
export async function openScanner(page) {
	const reason = await whyNot();
	if (reason) {
		return dialog(__("Scan badges"), el("p", {}, reason), [{ label: __("Close"), value: "" }]).done;
	}
	let stream;
	try {
		stream = await navigator.mediaDevices.getUserMedia({
			video: { facingMode: { ideal: "environment" } },
		});
	} catch {
		const text = __("The camera could not be opened: allow it in the settings of the browser.");
		return dialog(__("Scan badges"), el("p", {}, text), [{ label: __("Close"), value: "" }]).done;
	}
	return read(page, stream);
}

/** Why this device reads no badge; empty if it does. */
async function whyNot() {
	if (!("BarcodeDetector" in globalThis))
		return __(
			"This browser can't read badges. Chrome on Android does; ticking by touch works everywhere.",
		);
	const formats = await globalThis.BarcodeDetector.getSupportedFormats();
	if (!formats.includes("qr_code"))
		return __("This device has no reader of QR codes. Ticking by touch works everywhere.");
	if (!navigator.mediaDevices?.getUserMedia) return __("This device has no camera.");
	return "";
}

function read(page, stream) {
	const video = el("video.scan", { autoplay: true, muted: true, playsinline: true });
	video.muted = true; // the attribute alone doesn't count for an element made by a script
	video.srcObject = stream;
	const answer = el(
		"div.scanned",
		{ "aria-live": "assertive" },
		el("p", {}, __("Hold a badge in front of the camera.")),
	);
	const { box, done } = dialog(
		__("Scan badges"),
		[video, answer],
		[{ label: __("Stop scanning"), value: "" }],
	);
	box.classList.add("is-scanner");
	const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
	const seen = new Map(); // text → when
	let open = true;

	function show({ kind, text, action }) {
		const act = async () => {
			if (action.closes) box.finish();
			await action.run();
			if (!action.closes) answer.replaceChildren(el("p", {}, __("Added.")));
		};
		answer.className = `scanned is-${kind}`;
		answer.replaceChildren(el("p", {}, text), ...(action ? [button(action.label, act, "main")] : []));
		navigator.vibrate?.(kind === "problem" ? [60, 60, 60] : 30);
	}

	async function look() {
		if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
			for (const { rawValue } of await detector.detect(video)) {
				const now = Date.now();
				if (now - (seen.get(rawValue) || 0) < AGAIN) continue;
				seen.set(rawValue, now);
				show(await scanned(page, rawValue));
			}
		}
	}

	async function loop() {
		while (open) {
			try {
				await look();
			} catch (error) {
				open = false;
				show({ kind: "problem", text: `${__("The camera stopped")}: ${error.message}` });
			}
			await new Promise((resolve) => setTimeout(resolve, EVERY));
		}
	}

	loop();
	return done.finally(() => {
		open = false;
		stream.getTracks().forEach((track) => track.stop());
	});
}
