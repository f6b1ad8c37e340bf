"""Who read whose health, when and from where. Rows are added, never changed; only age removes them.

A reading is recorded in the same transaction as the answer that shows it. Readings through the web are GET requests
as often as not, and Frappe undoes what those write: hence the flag that makes it keep this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import frappe
from frappe.utils import get_datetime, now_datetime, today

from concerto_education.authority.bulk import insert_rows

LOG = "Health Access Log"
# Whoever works with a list opens it many times a day: one row for each child, user and day says it.
ONCE_A_DAY = frozenset({"List of Children", "Dossier"})
_COLUMNS = (
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"at",
	"user",
	"user_name",
	"person",
	"person_name",
	"source",
	"detail",
)
_BY_COMMAND = {
	"frappe.desk.form.load.getdoc": "Form",
	"frappe.desk.form.load.get_docinfo": "Form",
	"frappe.www.printview.get_html_and_style": "Print",
	"frappe.utils.print_format.download_pdf": "Print",
	"frappe.utils.print_format.download_multi_pdf": "Print",
	"download_file": "File",
	"frappe.core.doctype.file.file.download_file": "File",
}


def reading(record, source: str | None = None) -> None:
	"""One record is handed to somebody by the web server; jobs and commands are nobody who reads."""
	if record.is_new() or not _is_request():
		return
	source = source or source_of_request()
	done = frappe.local.flags.setdefault("concerto_health_read", set())
	# One request asks for the right to read several times.
	if record.name in done and source != "Saved":
		return
	done.add(record.name)
	note([record.person], source)


def note(persons: Iterable[str | None], source: str, detail: str = "") -> None:
	"""Record that the session user has seen the health of these persons. ``None`` stands for a list of unknown ones."""
	user = frappe.session.user
	wanted = list(dict.fromkeys(persons))
	if source in ONCE_A_DAY and wanted:
		seen = _seen_today(user, wanted, source)
		wanted = [person for person in wanted if person not in seen]
	if not wanted:
		return
	moment = now_datetime()
	write((moment, user, person, source, detail) for person in wanted)
	if _is_request():
		frappe.local.flags.commit = True


def write(readings: Iterable[tuple[datetime, str, str | None, str, str]]) -> None:
	"""Rows of (when, user, person, source, detail), with the names as they are now."""
	readings = list(readings)
	persons = _names("Person", {row[2] for row in readings if row[2]})
	users = _names("User", {row[1] for row in readings})
	# Below permissions and hooks: nobody has the right to write here, and rows are whole by construction.
	insert_rows(
		LOG,
		_COLUMNS,
		[
			(
				frappe.generate_hash(length=20),
				at,
				at,
				user,
				user,
				at,
				user,
				users.get(user) or user,
				person,
				persons.get(person),
				source,
				detail[:240],
			)
			for at, user, person, source, detail in readings
		],
	)


def forget_before(day: date) -> int:
	"""Remove rows older than ``day``: the only way out of this log, for the purge of R43. Returns how many."""
	filters = {"at": ("<", get_datetime(day))}
	number = frappe.db.count(LOG, filters)
	frappe.db.delete(LOG, filters)
	return number


def source_of_request() -> str:
	request = getattr(frappe.local, "request", None)
	path = request.path if request else ""
	command = frappe.form_dict.get("cmd") or path.removeprefix("/api/method/")
	if command in _BY_COMMAND:
		return _BY_COMMAND[command]
	if path.startswith(("/private/files", "/files")):
		return "File"
	if path.startswith("/printview"):
		return "Print"
	return "API"


def _is_request() -> bool:
	return bool(getattr(frappe.local, "request", None))


def _seen_today(user: str, persons: list, source: str) -> set[str]:
	return set(
		frappe.get_all(
			LOG,
			filters={
				"user": user,
				"source": source,
				"person": ("in", persons),
				"at": (">=", get_datetime(today())),
			},
			pluck="person",
		)
	)


def _names(doctype: str, names: set[str]) -> dict[str, str]:
	# As they were at that moment, also when the person is gone.
	rows = frappe.get_all(doctype, filters={"name": ("in", list(names))}, fields=["name", "full_name"])
	return {row.name: row.full_name for row in rows}
