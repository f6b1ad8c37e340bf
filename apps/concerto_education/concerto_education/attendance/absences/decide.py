"""A, AJ with its reason and document, or present after all: for many rows at once, each by itself (R30, R31)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.attendance import errors, rights, service
from concerto_education.attendance.service import ABSENT, JUSTIFIED, PLANNED, PRESENT

MOST = 500
DECISIONS = (ABSENT, JUSTIFIED, PRESENT, PLANNED)


def decide(
	names: list[str],
	status: str,
	reason: str | None = None,
	note: str | None = None,
	document_type: str | None = None,
	file: str | None = None,
) -> list[dict]:
	"""What became of each row: {name, done, text}. A row that is refused leaves the others alone.

	:param file: a private File the user has just sent; each child gets it in the dossier, as a document of that type.
	"""
	sites = _sites_of(names)
	for site in sorted(set(sites.values())):
		rights.require_judge(site)
	if status not in DECISIONS:
		frappe.throw(_("Status: {0} is no decision about an absence").format(status), errors.AttendanceError)
	if len(names) > MOST:
		frappe.throw(_("At most {0} absences at once").format(MOST), errors.TooManyChanges)
	proof = _proof(document_type, file) if file and status == JUSTIFIED else None
	return [_one(name, status, reason, note, proof) for name in dict.fromkeys(names)]


def _sites_of(names: list[str]) -> dict[str, str]:
	# Where the rows are decides who may judge them; the right is asked right after.
	found = frappe.get_all("Attendance", filters={"name": ("in", names or [""])}, fields=["name", "site"])
	return {row.name: row.site for row in found}


def _one(name: str, status: str, reason: str | None, note: str | None, proof: dict | None) -> dict:
	# A number of its own for each: savepoints of one name would replace each other.
	savepoint = f"absence_{frappe.generate_hash(length=8)}"
	frappe.db.savepoint(savepoint)
	try:
		if status == JUSTIFIED:
			row = service.set_justified(name, reason or "", note)
			if proof:
				row.document = _document_of(row, proof).name
				row.save()
		elif status == ABSENT:
			row = service.set_absent(name)
		elif status == PRESENT:
			row = service.tick(name, True)
		else:
			row = service.reset(name)
		return {"name": name, "done": True, "status": row.status, "text": ""}
	except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
		frappe.db.rollback(save_point=savepoint)
		frappe.clear_messages()
		return {"name": name, "done": False, "status": None, "text": str(error)}


def _proof(document_type: str | None, name: str) -> dict:
	"""The file and the type it is filed under. Refuses a file that somebody else has sent or that is in use."""
	if not document_type:
		frappe.throw(_("Document Type: choose what this document is"), errors.DocumentTypeNeeded)
	file = frappe.get_doc("File", name)
	if file.owner != frappe.session.user or file.attached_to_doctype:
		frappe.throw(_("Document: send the file itself"), frappe.PermissionError)
	if not file.is_private:
		file.update({"is_private": 1}).save()
	return {"document_type": document_type, "file": file.file_url}


def _document_of(row, proof: dict):
	"""The document in the dossier of the child: health roles alone read it where its type says so."""
	document = frappe.new_doc("Family Document")
	document.update(
		{
			"family": row.family,
			"person": row.person,
			"status": "Received",
			"received_on": frappe.utils.today(),
			"note": _("Absence of {0}, {1}").format(
				frappe.utils.formatdate(row.attendance_date), row.activity
			),
			**proof,
		}
	)
	return document.insert()
