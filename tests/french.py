"""Finds every string of the app that a user may read, and its French.

Frappe's own extractor is blind to a good part of what the Desk shows: workspaces, the sentences of
``engine/errors.py``, names of roles, modules and reports, and everything that someone forgot to wrap in ``_()``.
So this module reads the files itself: JSON documents, Python as a syntax tree, JavaScript and templates.
Nothing here needs a site.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
APP = BENCH / "apps" / "concerto_education" / "concerto_education"
FRAMEWORK = BENCH / "apps" / "frappe" / "frappe"
FRENCH = APP / "translations" / "fr.csv"

# Folders of the app whose strings no user reads.
SKIPPED_FOLDERS = {"__pycache__", "node_modules", "dist", "translations", "data"}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
TAG = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")
# Spoken to whoever types a bench command, in English like bench itself.
COMMAND_LINE = ("demo/", "commands.py")
# A print format is a French document whatever the language of who prints it, and administrators edit it in French.
WRITTEN_IN_FRENCH = "/print_format/"
# A word of two letters or more that does not belong to a placeholder.
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass
class Strings:
	"""Strings of the app with the places they come from, and the mistakes met while reading."""

	places: dict[str, set[str]] = field(default_factory=dict)
	contexts: set[tuple[str, str]] = field(default_factory=set)
	unwrapped: list[str] = field(default_factory=list)

	def add(self, text: str | None, place: str, context: str | None = None) -> None:
		text = (text or "").strip()
		if not re.search(r"[^\W\d_]|:", PLACEHOLDER.sub("", text)):  # a colon has a space before it in French
			return
		self.places.setdefault(text, set()).add(place)
		if context:
			self.contexts.add((text, context))


@dataclass(frozen=True)
class Row:
	line: int
	source: str
	text: str
	context: str
	block: str  # "app", or "framework" for the rows below the blank line


# ---------------------------------------------------------------- fr.csv


@lru_cache
def rows() -> tuple[Row, ...]:
	"""Rows of fr.csv. A blank line parts our own strings from those of the framework."""
	found, block = [], "app"
	with FRENCH.open(encoding="utf-8", newline="") as file:
		reader = csv.reader(file)
		for cells in reader:
			if not cells:
				block = "framework"
				continue
			assert len(cells) in (2, 3), (
				f"fr.csv, line {reader.line_num}: {len(cells)} columns instead of 2 or 3"
			)
			context = cells[2] if len(cells) == 3 else ""
			found.append(Row(reader.line_num, cells[0], cells[1], context, block))
	return tuple(found)


@lru_cache
def french() -> dict[str, str]:
	"""Source to French, without context: what a framework that knows no contexts would show."""
	return {row.source: row.text for row in rows() if not row.context}


def placeholders(text: str) -> set[str] | int:
	"""Names or numbers in braces, each once: French may say a thing once more or less. Empty braces are counted."""
	found = [match.group().replace(" ", "") for match in PLACEHOLDER.finditer(text)]
	return set(found) if "{}" not in found else len(found)


def tags(text: str) -> Counter:
	return Counter(match.group(1).lower() for match in TAG.finditer(text))


def unquoted(text: str) -> str:
	"""What stands between quotes in a script or template, without its backslashes."""
	return text.replace("\\'", "'").replace('\\"', '"').replace("\\n", "\n")


# ---------------------------------------------------------------- the whole app


@lru_cache
def app_strings() -> Strings:
	strings = Strings()
	for name in (APP / "modules.txt").read_text(encoding="utf-8").split("\n"):
		strings.add(name, "modules.txt")
	for path in app_files():
		place = str(path.relative_to(APP))
		if path.suffix == ".json":
			_read_document(path, place, strings)
		elif path.suffix == ".py":
			_read_python(path.read_text(encoding="utf-8"), place, strings)
		elif path.suffix == ".js":
			_read_script(path.read_text(encoding="utf-8"), place, strings)
		elif path.suffix == ".html":
			_read_template(path.read_text(encoding="utf-8"), place, strings)
	return strings


def app_files() -> Iterator[Path]:
	for path in sorted(APP.rglob("*")):
		inside = path.relative_to(APP).parts
		if not SKIPPED_FOLDERS.intersection(inside) and not path.name.startswith("test_") and path.is_file():
			yield path


# ---------------------------------------------------------------- JSON documents


def _read_document(path: Path, place: str, strings: Strings) -> None:
	try:
		document = json.loads(path.read_text(encoding="utf-8"))
	except ValueError:
		return
	for one in document if isinstance(document, list) else [document]:
		if isinstance(one, dict) and one.get("doctype"):
			_add_document(one, place, strings)


# What the Desk translates of a document of each DocType; "links.label" is the column of a child table.
TRANSLATED = {
	"DocType": (
		"name",
		"module",
		"description",
		"fields.label",
		"fields.description",
		"fields.placeholder",
		"permissions.role",
		"actions.label",
		"links.group",
		"states.title",
	),
	"Workspace": (
		"title",
		"label",
		"links.label",
		"shortcuts.label",
		"shortcuts.format",
		"number_cards.label",
		"charts.label",
		"quick_lists.label",
		"roles.role",
	),
	"Report": ("name", "columns.label", "filters.label", "roles.role"),
	"Print Format": ("name",),
	"Page": ("title", "roles.role"),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Dashboard": ("dashboard_name",),
	"Notification": (),
	"Web Form": ("title", "introduction_text", "success_title", "success_message", "web_form_fields.label"),
	"Module Onboarding": ("title", "subtitle", "success_message"),
	"Onboarding Step": ("title", "action_label", "description"),
	"Role": ("name", "role_name"),
	"Workflow": ("states.state", "transitions.action"),
}


def _add_document(document: dict, place: str, strings: Strings) -> None:
	for path in TRANSLATED.get(document["doctype"], ()):
		for text in _values(document, path.split(".")):
			strings.add(text, place)
	if document["doctype"] == "DocType":
		_add_options(document, place, strings)
	if document["doctype"] == "Workspace":
		_add_blocks(document, place, strings)


def _values(document: dict, path: list[str]) -> Iterator[str]:
	value = document.get(path[0])
	if len(path) == 1:
		if isinstance(value, str):
			yield value
	elif isinstance(value, list):
		for child in value:
			yield from _values(child, path[1:])


def _add_options(doctype: dict, place: str, strings: Strings) -> None:
	for docfield in doctype.get("fields", []):
		options = docfield.get("options") or ""
		if docfield["fieldtype"] == "Select":
			for option in options.split("\n"):
				strings.add(option, place)
		elif docfield["fieldtype"] == "HTML":
			strings.add(options, place)


def _add_blocks(workspace: dict, place: str, strings: Strings) -> None:
	"""Headers and paragraphs of a workspace: text with tags inside, translated with the tags off."""
	for block in json.loads(workspace.get("content") or "[]"):
		text = block.get("data", {}).get("text")
		if text:
			strings.add(unescape(re.sub(r"<[^>]+>", "", text)), place)


# ---------------------------------------------------------------- Python

# Calls whose first argument, or one of these keywords, is shown to the user as it is.
SPEAKING_CALLS = {"throw", "msgprint", "publish_progress"}
SPEAKING_KEYWORDS = {"title", "label", "msg", "message", "description", "alert", "subject"}


def _read_python(code: str, place: str, strings: Strings) -> None:
	for node in ast.walk(ast.parse(code)):
		if isinstance(node, ast.Call):
			_read_call(node, place, strings)
		elif isinstance(node, ast.ClassDef):
			_read_class(node, place, strings)


def _read_call(node: ast.Call, place: str, strings: Strings) -> None:
	name = _called(node)
	where = f"{place}:{node.lineno}"
	if place.startswith("engine/"):  # errors of the engine carry their reason as an English half-sentence
		for word in node.keywords:
			if word.arg == "reason":
				strings.add(_constant(word.value), where)
				if isinstance(word.value, ast.JoinedStr):
					strings.unwrapped.append(f"{where}: a reason that is put together can't be translated")
	if name in {"_", "_lt"} and node.args:
		text = _constant(node.args[0])
		if text is None:
			if isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)):
				strings.unwrapped.append(
					f"{where}: _() of something that is put together; use {{0}} and .format()"
				)
			return
		context = next((_constant(word.value) for word in node.keywords if word.arg == "context"), None)
		strings.add(text, where, context)
	elif name in SPEAKING_CALLS and not place.startswith(COMMAND_LINE):
		spoken = node.args[:1] + [word.value for word in node.keywords if word.arg in SPEAKING_KEYWORDS]
		for argument in spoken:
			if isinstance(argument, ast.JoinedStr) or (_constant(argument) or "").strip():
				strings.unwrapped.append(f"{where}: {name}() with a text that is not in _()")


def _read_class(node: ast.ClassDef, place: str, strings: Strings) -> None:
	"""Errors of the engine keep their sentence in ``template``: the engine knows no language."""
	for statement in node.body:
		target = getattr(statement, "target", None) or next(iter(getattr(statement, "targets", [])), None)
		if isinstance(target, ast.Name) and target.id == "template":
			strings.add(_constant(statement.value), f"{place}:{statement.lineno}")


def _called(node: ast.Call) -> str:
	function = node.func
	return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constant(node: ast.AST | None) -> str | None:
	if isinstance(node, ast.Constant) and isinstance(node.value, str):
		return node.value
	return None


# ---------------------------------------------------------------- JavaScript and templates

UNWRAPPED_SCRIPT = re.compile(
	r"""(?:frappe\.(?:throw|msgprint|confirm|show_alert)\(|\b(?:label|title|description|primary_action_label|message):)"""
	r"""\s*(["'`])(?P<text>(?:\\.|(?!\1).)*)\1"""
)


# Calls inside the ${…} of a template string, which Frappe's extractor does not see.
SCRIPT_CALL = re.compile(r"""(?<!\w)__\(\s*(["'])(?P<text>(?:\\.|(?!\1).)*)\1\s*[,)]""")


def _read_script(code: str, place: str, strings: Strings) -> None:
	from frappe.translate import extract_messages_from_javascript_code

	for match in SCRIPT_CALL.finditer(code):
		strings.add(unquoted(match["text"]), f"{place}:{code.count(chr(10), 0, match.start()) + 1}")
	for line, text, context in extract_messages_from_javascript_code(code):
		strings.add(text, f"{place}:{line}", context)
	for match in UNWRAPPED_SCRIPT.finditer(_without_comments(code)):
		if WORD.search(re.sub(r"\$\{[^}]*\}", "", match["text"])):
			strings.unwrapped.append(f"{place}: {match.group()[:80]} is not in __()")


def _without_comments(code: str) -> str:
	return re.sub(r"/\*.*?\*/|^\s*//.*?$", "", code, flags=re.DOTALL | re.MULTILINE)


# _("…"), __("…") in both kinds of templates, with an optional context.
TEMPLATE_CALL = re.compile(
	r"""(?<!\w)__?\(\s*(["'])(?P<text>(?:\\.|(?!\1).)*)\1(?:[^)]*?context\s*=\s*(["'])(?P<context>.*?)\3)?""",
	re.DOTALL,
)
# What is no text: comments, code of the template, style, script, tags.
NO_TEXT = re.compile(
	r"<!--.*?-->|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style.*?</style>|<script.*?</script>|<[^>]+>", re.DOTALL
)
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:title|placeholder|alt|aria-label)=(["'])(?P<text>[^"'{]*)\1""")


def _read_template(code: str, place: str, strings: Strings) -> None:
	for match in TEMPLATE_CALL.finditer(code):
		strings.add(unquoted(match["text"]), place, match["context"])
	if WRITTEN_IN_FRENCH in place:
		return
	for text in NO_TEXT.sub("\n", code).split("\n"):
		if WORD.search(unescape(text)):
			strings.unwrapped.append(f"{place}: text that is not in _(): {text.strip()[:80]}")
	for match in SPOKEN_ATTRIBUTE.finditer(code):
		if WORD.search(match["text"]):
			strings.unwrapped.append(f"{place}: attribute that is not in _(): {match['text'][:80]}")
