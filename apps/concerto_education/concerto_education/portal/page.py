"""The tablet page and its service worker, outside the templates of the website (R32).

The shell holds nothing about anybody: it is kept on the device and opens without network. Who is there and which
children are expected comes from ``portal/pointage.py``, after the rights were checked.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import get_system_timezone
from frappe.website.page_renderers.base_renderer import BaseRenderer
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from concerto_education.authority.boot import appearance
from concerto_education.portal.texts import texts_of

PAGE = "pointage"
WORKER = "pointage/worker.js"
PUBLIC = Path(__file__).resolve().parent.parent / "public"
ASSETS = "/assets/concerto_education/"
SCRIPTS = "js/pointage"
LOOK = (
	"css/portal.css",
	"css/pointage.css",
	"css/pointage-list.css",
	"css/pointage-scan.css",
	"images/pointage.svg",
	"images/pointage-192.png",
)

# Nothing of this page comes from elsewhere, and nothing in it runs that isn't a file of ours.
POLICY = "; ".join(
	(
		"default-src 'self'",
		"img-src 'self' data: blob:",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'self'",
	)
)


class TabletPage(BaseRenderer):
	"""``/pointage`` and ``/pointage/worker.js``."""

	def can_render(self) -> bool:
		return self.path in (PAGE, WORKER)

	def render(self) -> Response:
		if self.path == WORKER:
			return self._worker()
		if frappe.session.user == "Guest":
			return redirect(f"/login?redirect-to=/{PAGE}")
		return _answer(_shell(), "text/html", {"Content-Security-Policy": POLICY})

	def _worker(self) -> Response:
		"""The service worker, for whoever asks: it holds names of files only.

		It is a new file as soon as one of those files, a text or the look has changed: that is how a
		device learns that there is a new version.
		"""
		text = (PUBLIC / SCRIPTS / "worker.js").read_text(encoding="utf-8")
		files = [f"/{PAGE}", *(ASSETS + name for name in _files())]
		look = _version(frappe.local.lang, json.dumps(appearance(), sort_keys=True))
		head = f"const VERSION = {json.dumps(look)};\nconst SHELL = {json.dumps(files)};\n"
		return _answer(head + text, "text/javascript", {"Service-Worker-Allowed": f"/{PAGE}"})


def _answer(text: str, mimetype: str, headers: dict[str, str]) -> Response:
	response = Response(text, mimetype=mimetype, headers=headers)
	# Asked anew each time there is a network: the device keeps its own copy for when there is none.
	response.headers["Cache-Control"] = "no-cache"
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Referrer-Policy"] = "same-origin"
	return response


def _shell() -> str:
	look = appearance()
	start = {
		"texts": texts_of(PUBLIC / SCRIPTS),
		"accent": look["accent_colour"],
		"ink": ink_on(look["accent_colour"]),
		"zone": get_system_timezone(),
		"version": _version(frappe.local.lang, json.dumps(look, sort_keys=True)),
	}
	return frappe.render_template(
		"concerto_education/portal/pointage.html",
		{
			"assets": ASSETS,
			"lang": frappe.local.lang,
			"title": _("Ticking"),
			"look": look,
			# In a block of data, which no browser runs; "</script>" can't end it.
			"start": json.dumps(start, ensure_ascii=False).replace("<", "\\u003c"),
		},
	)


def ink_on(colour: str) -> str:
	"""Black or white, whichever is easier to read on the colour (WCAG's relative luminance)."""
	channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
	linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
	luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
	return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


@cache
def _files() -> tuple[str, ...]:
	"""The files that the page is made of, below public/."""
	scripts = sorted(
		f"{SCRIPTS}/{path.name}" for path in (PUBLIC / SCRIPTS).glob("*.js") if path.name != "worker.js"
	)
	return (*LOOK, *scripts)


def _version(language: str, look: str) -> str:
	"""Changes with each file of the page, its texts and its look."""
	digest = hashlib.sha256(f"{language}\n{look}\n{json.dumps(texts_of(PUBLIC / SCRIPTS))}".encode())
	shell = Path(__file__).with_name("pointage.html")
	for path in (shell, PUBLIC / SCRIPTS / "worker.js", *(PUBLIC / name for name in _files())):
		digest.update(path.read_bytes())
	return digest.hexdigest()[:16]
