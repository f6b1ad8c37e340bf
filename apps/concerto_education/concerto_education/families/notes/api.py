"""What the family's form may call about its notes. Rights are checked by the first statement.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe import _
from frappe.utils import cint

from concerto_education.families import rights
from concerto_education.families.errors import NoteIsGone
from concerto_education.families.notes import service


@frappe.whitelist()
def notes_of(family: str) -> list:
	"""Notes shown today that the user may read, each with ``unread``. Needs the right to read the family and notes."""
	rights.require("Family", "read", family)
	rights.require(service.NOTE, "read")
	return service.shown(family)


@frappe.whitelist(methods=["POST"])
def acknowledge(note: str, revision: int) -> None:
	"""The user has read the note as it was shown. Needs the right to read its family."""
	rights.require(service.NOTE, "read", note)
	doc = frappe.get_doc(service.NOTE, note)
	rights.require("Family", "read", doc.family)
	if not service.is_shown(doc):
		frappe.throw(_("Note: it is no longer shown. Load the dossier again (R17)"), NoteIsGone)
	if not doc.note and not service.may_read_social():
		frappe.throw(_("Only those who may read a note acknowledge it"), frappe.PermissionError)
	service.acknowledge(note, min(cint(revision), cint(doc.revision)))
