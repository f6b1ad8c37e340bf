"""A page of the Desk as a user sees it, and a small town to work in.

A test opens its pages with ``desk(...)``: at the end of the test each page must have run without an error in the
console, and none of the screens it has looked at may show English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.town import Town
from tests.french import french

# The test server has no realtime process, and the page the session begins with is no web page.
NOT_OURS = ("socket.io", "favicon.ico")
ISO_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
SHORTEST = 4  # shorter strings ("A", "QF", "To") are in data and in French words

# Texts on the screen, one by one: of elements that have a text of their own, and of hints in fields.
TEXTS = """() => {
	const found = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const at = walker.currentNode.parentElement;
		if (!at || at.closest("script, style, .tooltip-content, .awesomplete ul, pre, code")) continue;
		if (at.checkVisibility && !at.checkVisibility({ visibilityProperty: true })) continue;
		if (at.getClientRects().length) found.push(walker.currentNode.textContent);
	}
	for (const field of document.querySelectorAll("[placeholder]")) {
		if (field.getClientRects().length) found.push(field.getAttribute("placeholder"));
	}
	return found.map((text) => text.trim().replace(/\\s+/g, " ")).filter(Boolean);
}"""


class Desk:
	"""A Playwright page with the manners of the Desk."""

	def __init__(self, page: Any):
		self.page = page
		self.errors: list[str] = []
		self.english: set[str] = set()
		page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
		page.on("console", self._heard)

	def _heard(self, message: Any) -> None:
		where = (message.location or {}).get("url", "")
		if message.type == "error" and not any(word in message.text + where for word in NOT_OURS):
			self.errors.append(f"{self.page.url}: {message.text} {where}")

	def goto(self, path: str) -> Desk:
		self.page.goto(path)
		return self.settle()

	def settle(self) -> Desk:
		"""Wait until the Desk has drawn its page and the server has answered everything."""
		self.page.wait_for_function(
			"() => window.frappe?.boot && frappe.request && !frappe.request.ajax_count"
			" && !document.querySelector('.splash') && document.querySelector('.page-container, .web-page-content')"
		)
		return self

	def form(self, doctype: str, name: str) -> Desk:
		self.goto(f"/app/{doctype.lower().replace(' ', '-')}/{name}")
		self.page.wait_for_function(
			"([doctype, name]) => window.cur_frm?.doctype === doctype && cur_frm.docname === name"
			" && cur_frm.doc && !cur_frm.is_dirty() && document.querySelector('.form-layout .form-section')",
			arg=[doctype, name],
		)
		return self.settle()

	def look(self) -> str:
		"""The text on the screen. Remembers what is not in French."""
		self.settle()
		texts = self.page.evaluate(TEXTS)
		known = french()
		for text in texts:
			if len(text) >= SHORTEST and known.get(text, text) != text and text not in french_words():
				self.english.add(text)
			elif ISO_DATE.fullmatch(text):
				self.english.add(f"date {text}")
		return "\n".join(texts)

	def button(self, label: str) -> Any:
		return self.page.get_by_role("button", name=label, exact=True)


def french_words() -> frozenset[str]:
	"""What is said in French anyhow: "Service" is English too."""
	return frozenset(french().values())


@pytest.fixture
def desk(open_page) -> Iterator[Callable[..., Desk]]:
	"""desk("/app/family", user=…, size=…) gives a Desk; checked for errors and English when the test ends."""
	opened: list[Desk] = []

	def open_desk(path: str, user: str, **options: Any) -> Desk:
		one = Desk(open_page("/api/method/ping", user=user, **options))
		opened.append(one)
		return one.goto(path)

	yield open_desk
	for one in opened:
		assert not one.errors, "errors in the console of the browser:\n" + "\n".join(one.errors)
		assert not one.english, f"English on the screen: {sorted(one.english)}"


@pytest.fixture(scope="session")
def town(connection) -> Town:
	"""A school with a canteen and a garderie, two families and the staff: made once, committed."""
	import frappe

	frappe.set_user("Administrator")
	made = Town()
	frappe.db.set_single_value(
		"Authority Settings", "payment_instructions", "Par chèque à l’ordre du Trésor public."
	)
	frappe.db.commit()
	return made


@pytest.fixture(scope="session", autouse=True)
def nothing_blocks_billing(connection) -> None:
	"""The sites of these tests close no month: the check before a run only warns, but where a test says otherwise."""
	import frappe

	frappe.set_user("Administrator")
	doc = frappe.get_doc("Coherence Settings")
	for row in doc.rules:
		if row.severity == "Blocking for Billing":
			row.severity = "Warning"
	doc.save()
	frappe.db.commit()
