"""Every string of the app has its French (issue 2, "French"; R5: the screens are those of a French town hall)."""

from __future__ import annotations

from collections import Counter

import frappe
import pytest

from tests.french import FRAMEWORK, TEMPLATE_CALL, app_strings, french, placeholders, rows, tags, unquoted

APP = "concerto_education"
# The copy of Frappe that the tests are pinned to; official releases have a few strings more and others less.
PINNED_FRAMEWORK = "15.0.0-dev"

# Screens of the framework that our users stand in front of, as files of the framework.
SCREENS = (
	"public/js/frappe/form/*.js",
	"public/js/frappe/form/controls/*.js",
	"public/js/frappe/form/footer/*.js",
	"public/js/frappe/form/sidebar/*.js",
	"public/js/frappe/form/templates/*.html",
	"public/js/frappe/list/*.js",
	"public/js/frappe/ui/*.js",
	"public/js/frappe/ui/filters/*",
	"public/js/frappe/ui/group_by/*",
	"public/js/frappe/ui/notifications/*.js",
	"public/js/frappe/ui/toolbar/*",
	"public/js/frappe/utils/datatable.js",
	"public/js/frappe/views/communication.js",
	"public/js/frappe/views/reports/*.js",
	"public/js/frappe/views/workspace/*.js",
	"public/js/frappe/request.js",
	"printing/page/print/*.js",
	"templates/emails/*.html",
	"www/login.*",
	"www/update-password.html",
	"www/me.html",
	"www/404.html",
)


def complain(title: str, lines) -> None:
	lines = sorted(lines)
	assert not lines, f"{title} ({len(lines)}):\n" + "\n".join(lines)


def own_rows():
	return [row for row in rows() if row.block == "app"]


def framework_rows():
	return [row for row in rows() if row.block == "framework"]


# ---------------------------------------------------------------- complete


def test_every_string_of_the_app_is_in_french():
	known = {row.source for row in own_rows()}
	complain(
		"Add these to the first block of translations/fr.csv",
		(
			f"{text!r}  from {min(places)}"
			for text, places in app_strings().places.items()
			if text not in known
		),
	)


def test_every_string_that_frappe_extracts_is_in_french(site):
	"""Frappe's extractor reads the database too: roles, reports and pages that exist only there."""
	from frappe.translate import get_messages_for_app

	frappe.flags.scanned_files = set()
	known = french()
	missing = set()
	for message in get_messages_for_app(APP):
		place, text = message[0], (message[1] or "").strip()
		# Labels of the navbar and of the framework's own reports come along, whatever the app.
		if (place and str(place).startswith(("Navbar", "apps/frappe"))) or not placeholders_off(text):
			continue
		if text not in known and frappe._(text, lang="fr") == text:
			missing.add(f"{text!r}  from {place}")
	complain("Frappe finds these strings, fr.csv does not have them", missing)


def test_every_role_of_the_app_is_in_french(site):
	from concerto_education.authority import roles

	complain("Roles without French", {*roles.STAFF, roles.FAMILY} - set(french()))


def test_nothing_is_said_to_a_user_outside_the_translation_functions():
	complain("Wrap these in _() or __(), with {0} for what changes", set(app_strings().unwrapped))


# ---------------------------------------------------------------- right


def test_placeholders_are_those_of_the_source():
	complain(
		"Placeholders differ",
		(
			f"line {row.line}: {row.source!r} → {row.text!r}"
			for row in rows()
			if placeholders(row.source) != placeholders(row.text) and row.source not in LESS_IS_MORE
		),
	)


# The framework puts an English word into these: in French we leave it out.
LESS_IS_MORE = {"{0} View"}


def test_tags_are_those_of_the_source():
	complain(
		"HTML tags differ",
		(
			f"line {row.line}: {row.source!r} → {row.text!r}"
			for row in rows()
			if tags(row.source) != tags(row.text)
		),
	)


def test_no_string_is_translated_twice():
	counted = Counter((row.source, row.context) for row in rows())
	complain("Translated twice", (f"{key!r}" for key, times in counted.items() if times > 1))


def test_no_translation_is_empty():
	complain(
		"Empty translation", (f"line {row.line}: {row.source!r}" for row in rows() if not row.text.strip())
	)


def test_french_typography():
	"""A line must not break before : ; ! ? » % € or after «, so the space there is a non-breaking one."""
	wrong = [f"line {row.line}: {row.text!r}" for row in rows() if any(pair in row.text for pair in BREAKING)]
	complain("Ordinary space where a non-breaking one belongs, or a double space", wrong)


def test_apostrophes_are_typographic():
	"""The framework puts translations between straight quotes in its scripts: a straight one stops the script."""
	complain("Write ’", (f"line {row.line}: {row.text!r}" for row in rows() if "'" in row.text))


BREAKING = (" :", " ;", " !", " ?", " »", "« ", " %", " €", "  ")


# ---------------------------------------------------------------- used


def test_every_row_translates_something():
	used = app_strings().places
	complain(
		"Strings that are no longer in the app: remove them from fr.csv, or move them below the blank line",
		(f"line {row.line}: {row.source!r}" for row in own_rows() if row.source not in used),
	)


def test_contexts_exist():
	"""The third column is a DocType of the app (v15 and later pass it) or a context written in the code."""
	strings = app_strings()
	contexts = strings.contexts | {(text, name) for text in strings.places for name in doctype_names()}
	complain(
		"Unknown context",
		(
			f"line {row.line}: {row.source!r}, {row.context!r}"
			for row in own_rows()
			if row.context and (row.source, row.context) not in contexts
		),
	)


def doctype_names() -> set[str]:
	return {
		place.split("/")[-1].removesuffix(".json").replace("_", " ").title()
		for places in app_strings().places.values()
		for place in places
		if "/doctype/" in place and place.endswith(".json")
	}


def test_rows_below_the_blank_line_are_words_of_the_framework():
	ours = app_strings().places
	complain(
		"These are strings of the app: move them above the blank line",
		(
			f"line {row.line}: {row.source!r}"
			for row in framework_rows()
			if row.source in ours and not row.context
		),
	)


# ---------------------------------------------------------------- the framework's own screens


@pytest.fixture(scope="module")
def screen_strings() -> dict[str, str]:
	found = {}
	for pattern in SCREENS:
		for path in FRAMEWORK.glob(pattern):
			if path.suffix not in {".js", ".html", ".py"}:
				continue
			for match in TEMPLATE_CALL.finditer(path.read_text(encoding="utf-8")):
				text = unquoted(match["text"]).strip()
				found.setdefault(text, str(path.relative_to(FRAMEWORK)))
	assert len(found) > 500, "the framework keeps its screens elsewhere: adapt SCREENS"
	return found


@pytest.mark.skipif(
	not frappe.__version__.startswith(PINNED_FRAMEWORK), reason="the list is that of the pinned framework"
)
def test_screens_of_the_framework_are_in_french(site, screen_strings):
	"""A third of the framework's sentences come without French: the second block of fr.csv fills them in."""
	from frappe.translate import get_translations_from_apps

	known = get_translations_from_apps("fr")
	complain(
		"Add these to the second block of translations/fr.csv",
		(
			f"{text!r}  from {place}"
			for text, place in screen_strings.items()
			if text not in known
			and placeholders_off(text)
			and text not in NOT_FOR_OUR_USERS
			and not text.startswith(NOT_FOR_OUR_USERS_STARTS)
		),
	)


def placeholders_off(text: str) -> str:
	"""What is left of a text without its placeholders and signs."""
	from tests.french import PLACEHOLDER, WORD

	return "".join(WORD.findall(PLACEHOLDER.sub("", text)))


# Said only to developers, or by parts of the framework that we don't show (raw printing, energy points, web pages).
NOT_FOR_OUR_USERS = {
	"QZ Tray Failed:",
	'PDF printing via "Raw Print" is not supported.',
	"Please remove the printer mapping in Printer Settings and try again.",
	"Printer mapping not set.",
	'Invalid "mandatory_depends_on" expression',
	"Length of passed data array is greater than value of maximum allowed label points!",
	"Quoting must be between 0 and 3",
	"Generate Tracking URL",
	"{0} appreciation point for {1}",
	"{0} appreciation points for {1}",
	"{0} criticism point for {1}",
	"{0} criticism points for {1}",
	"{0} gained {1} points",
	"{0} gave {1} points",
	"jane@example.com",
}
NOT_FOR_OUR_USERS_STARTS = (
	"Error connecting to QZ Tray",
	"One of the child page with name",
)
