"""Looking at a list of quotients, and adding its good lines (R14, R39).

A QF is only ever added. What holds already is not added again, so importing a file twice changes nothing. Applying goes
in chunks that are committed: a job that is cut is started again and goes on where it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint, getdate, now, now_datetime

from concerto_education.authority.bulk import insert_rows
from concerto_education.families import quotients
from concerto_education.families.errors import (
	ImportIsApplied,
	ImportNotPreviewed,
	QuotientEndsBeforeStart,
	UnreadableImport,
)
from concerto_education.families.quotient_import import matching, plan, reading, texts, values

IMPORT, LINE = "Quotient Import", "Quotient Import Line"
DRAFT, REFUSED, PREVIEWED, RUNNING, APPLIED = "Draft", "Refused", "Previewed", "Running", "Applied"
# More lines than this are added by a job, so that nobody waits before a white screen.
AT_ONCE = 100
CHUNK = 100
_COLUMNS = [field.name for field in fields(plan.Planned) if field.name != "amount"]


def checkpoint() -> None:
	"""What is done until here stays. Tests replace it, to roll back."""
	frappe.db.commit()


# ---------------------------------------------------------------- the form


def check(doc) -> None:
	"""A list that was applied stays as it is; a new file or another meaning of a column is looked at again."""
	doc.file_name = (doc.file or "").rsplit("/", 1)[-1]
	if doc.valid_from and doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From” (R14)"), QuotientEndsBeforeStart)
	before = doc.get_doc_before_save()
	if not before or before.file != doc.file:
		# Before the framework ties it to this import, which would open it to whoever reads the import.
		_file(doc)
	if not before:
		doc.update({"status": DRAFT, "digest": None, "columns": [], "refusal": None})
		return
	if doc.flags.by_service:
		return
	# Results are the server's: a form can't say that something was looked at or applied.
	for name in ("status", "digest", "encoding", "separator", "refusal", "applied_by", "applied_at"):
		doc.set(name, before.get(name))
	if not _changed(doc, before):
		return
	if before.status in (RUNNING, APPLIED):
		frappe.throw(
			_("File: this list was applied and stays as it is. Make a new import (R14)"), ImportIsApplied
		)
	if before.file != doc.file:
		doc.set("columns", [])
	doc.status = DRAFT
	forget_lines(doc)


def _changed(doc, before) -> bool:
	simple = ("file", "source", "valid_from", "valid_to")
	if any(str(doc.get(name) or "") != str(before.get(name) or "") for name in simple):
		return True
	return [row.meaning for row in doc.columns] != [row.meaning for row in before.columns]


def forget_lines(doc) -> None:
	frappe.db.delete(LINE, {"quotient_import": doc.name})


# ---------------------------------------------------------------- the preview


def preview(doc) -> None:
	"""Read the file and write down what each line would do. A file that can't be read says why; no quotient is added."""
	if doc.status in (RUNNING, APPLIED):
		frappe.throw(
			_("File: this list was applied and stays as it is. Make a new import (R14)"), ImportIsApplied
		)
	forget_lines(doc)
	content = _content(doc)
	doc.update({"refusal": None, "digest": hashlib.sha256(content).hexdigest()})
	try:
		sheet = reading.read(content)
	except reading.UnreadableFile as error:
		doc.update({"encoding": None, "separator": None, "columns": []})
		_refuse(doc, texts.of_file(error.reason, **error.params))
		return
	meanings = _take_columns(doc, sheet)
	if lacking := reading.missing(meanings):
		_refuse(
			doc,
			texts.of_file(
				"missing_columns",
				columns=", ".join(map(texts.column, lacking)),
				found=", ".join(sheet.headings),
			),
		)
		return
	planned = plan.make(sheet, meanings, plan.Defaults.of(doc), plan.added_before(doc.digest))
	_write(doc, planned)
	_save(doc, PREVIEWED)


def _file(doc):
	"""The attached file. The address comes from a form: somebody else's private file stays private."""
	name = frappe.db.get_value("File", {"file_url": doc.file}, order_by="creation desc")
	if not name:
		frappe.throw(_("File: attach the list as CSV (R39)"), UnreadableImport)
	file = frappe.get_doc("File", name)
	file.check_permission("read")
	return file


def _content(doc) -> bytes:
	"""The bytes as they are: the framework would guess an encoding, each version another one."""
	file = _file(doc)
	file.validate_file_url()
	return Path(file.get_full_path()).read_bytes()


def _take_columns(doc, sheet: reading.Sheet) -> list[str]:
	"""Meanings of the columns: those of the form if its headings are those of the file, else found out."""
	doc.update({"encoding": sheet.encoding, "separator": {"\t": "TAB"}.get(sheet.separator, sheet.separator)})
	if [row.heading for row in doc.columns] == list(sheet.headings):
		return [row.meaning or "" for row in doc.columns]
	found = reading.meanings(sheet.headings)
	doc.set("columns", [])
	for place, (heading, meaning) in enumerate(zip(sheet.headings, found, strict=True)):
		doc.append("columns", {"heading": heading, "meaning": meaning, "example": sheet.example(place)[:140]})
	return found


def _refuse(doc, text: str) -> None:
	doc.refusal = text
	_save(doc, REFUSED)


def _save(doc, status: str) -> None:
	doc.status = status
	doc.flags.by_service = True
	doc.save()
	doc.flags.by_service = False


def _write(doc, planned: list[plan.Planned]) -> None:
	stamp, user = now(), frappe.session.user
	# In bulk: a list may have thousands of lines, and nothing but this writes them.
	insert_rows(
		LINE,
		("name", "creation", "modified", "owner", "modified_by", "quotient_import", *_COLUMNS),
		(
			(
				frappe.generate_hash(length=12),
				stamp,
				stamp,
				user,
				user,
				doc.name,
				*(getattr(row, name) for name in _COLUMNS),
			)
			for row in planned
		),
	)


def choose_family(line, family: str) -> None:
	"""A person says which dossier a line speaks of that the program couldn't tell."""
	if line.status not in (matching.NOT_FOUND, matching.AMBIGUOUS, matching.NAME_DIFFERS):
		frappe.throw(_("A dossier is chosen only for a line that found none or several"), ImportIsApplied)
	doc = frappe.get_doc(IMPORT, line.quotient_import)
	if doc.status != PREVIEWED:
		frappe.throw(_("Look at the list again before you apply it"), ImportNotPreviewed)
	row = _planned(line)
	label = frappe.db.get_value("Family", family, "family_name")
	plan.take(row, family, label)
	row.message = _("Dossier chosen by {0}").format(frappe.session.user)
	plan.compare(row, quotients.histories([family])[family], plan.added_before(doc.digest))
	frappe.db.set_value(
		LINE,
		line.name,
		{"family": family, "family_label": label, "status": row.status, "message": row.message},
	)


def _planned(line) -> plan.Planned:
	row = plan.Planned(**{name: line.get(name) for name in _COLUMNS})
	row.amount = values.quotient(line.value)
	return row


# ---------------------------------------------------------------- adding


def start(doc) -> bool:
	"""Add the good lines: at once if they are few, else by a job. Returns whether a job does it."""
	if doc.status not in (PREVIEWED, RUNNING):
		frappe.throw(_("Look at the list again before you apply it"), ImportNotPreviewed)
	in_job = frappe.db.count(LINE, {"quotient_import": doc.name, "status": plan.NEW}) > AT_ONCE
	doc.update({"applied_by": frappe.session.user, "applied_at": now_datetime()})
	_save(doc, RUNNING)
	if in_job:
		frappe.enqueue(
			run,
			queue="long",
			job_id=f"quotient_import::{doc.name}",
			deduplicate=True,
			enqueue_after_commit=True,
			name=doc.name,
			in_job=True,
		)
	else:
		run(doc.name)
	return in_job


def run(name: str, in_job: bool = False) -> None:
	"""Add every line that is still new, each under a savepoint: one that is refused says why, the others go on."""
	doc = frappe.get_doc(IMPORT, name)
	# The lines of an import that the user may apply.
	lines = frappe.get_all(
		LINE, filters={"quotient_import": name, "status": plan.NEW}, order_by="line asc", pluck="name"
	)
	done = plan.added_before(doc.digest)
	for place, line in enumerate(lines, 1):
		_add(line, done)
		if in_job and place % CHUNK == 0:
			checkpoint()
			frappe.publish_progress(
				place * 100 / len(lines), title=_("Quotients are being added"), doctype=IMPORT, docname=name
			)
	doc.reload()
	_save(doc, APPLIED)
	if in_job:
		checkpoint()
		frappe.publish_realtime("quotient_import_done", {"name": name}, doctype=IMPORT, docname=name)


def _add(name: str, done: set[tuple]) -> None:
	line = frappe.get_doc(LINE, name, for_update=True)
	if line.status != plan.NEW:
		return  # another job was here first
	row = _planned(line)
	row.valid_from, row.valid_to = getdate(row.valid_from), getdate(row.valid_to)
	# Somebody may have added a quotient since the preview.
	plan.compare(row, quotients.histories([row.family])[row.family], done)
	if row.status != plan.NEW:
		frappe.db.set_value(LINE, name, {"status": row.status, "message": row.message})
		return
	frappe.db.savepoint("quotient_import_line")
	try:
		quotient = frappe.get_doc(
			{
				"doctype": "Quotient",
				"family": row.family,
				"value": str(row.amount),
				"source": row.source,
				"valid_from": row.valid_from,
				"valid_to": row.valid_to,
				"note": _("Import {0}, line {1}").format(line.quotient_import, cint(line.line)),
			}
		).insert()
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point="quotient_import_line")
		frappe.clear_messages()
		frappe.db.set_value(LINE, name, {"status": "Failed", "message": str(error)})
		return
	frappe.db.set_value(LINE, name, {"status": "Added", "quotient": quotient.name})
