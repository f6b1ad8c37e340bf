"""Documents of health records are private, and read by those who may read the record: PAI, prescriptions (R23)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.families.health.errors import HealthFileNotPrivate
from concerto_education.families.health.service import RECORD


def check_file(doc, method: str | None = None) -> None:
	"""A document of a health record stays private, and nobody gets at one by naming its address in a new record."""
	if doc.attached_to_doctype == RECORD:
		if doc.file_url and not doc.is_private:
			frappe.throw(
				_(
					"{0}: a document about health is always private. Tick “Private” and attach it again"
				).format(doc.file_name or doc.file_url),
				HealthFileNotPrivate,
			)
		_require(doc.attached_to_name, "write")
	before = doc.get_doc_before_save()
	if before and before.file_url != doc.file_url and not _may_name(doc):
		frappe.throw(_("You may not read this document"), frappe.PermissionError)


def _require(record: str, right: str) -> None:
	if frappe.flags.in_install or not frappe.db.exists(RECORD, record):
		return
	if not frappe.get_doc(RECORD, record).has_permission(right):
		frappe.throw(_("You may not read this document"), frappe.PermissionError)


def _may_name(doc) -> bool:
	"""The address in a record of a file opens the file: not one of health to somebody who may not read it."""
	return all(
		frappe.get_doc(RECORD, record).has_permission("read")
		for record in _records_with(doc.file_url, doc.name)
		if frappe.db.exists(RECORD, record)
	)


def _records_with(url: str, besides: str | None) -> list[str]:
	# Whose it is decides who may; the right is asked of the record right after.
	return frappe.get_all(
		"File",
		filters={"attached_to_doctype": RECORD, "file_url": url, "name": ("!=", besides or "")},
		pluck="attached_to_name",
	)


def file_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""The framework lets whoever has sent a file read it for ever: not these. Asked besides it (families/files.py)."""
	user = user or frappe.session.user
	if ptype == "create" and doc.get("file_url") and not doc.get("content") and not _may_name(doc):
		return False  # nothing was sent but an address
	if doc.get("attached_to_doctype") != RECORD or user == "Administrator":
		return True
	right = "write" if ptype in ("write", "create", "delete") else "read"
	record = doc.get("attached_to_name")
	if not record or not frappe.db.exists(RECORD, record):
		return False
	return bool(frappe.has_permission(RECORD, right, doc=frappe.get_doc(RECORD, record), user=user))


def delete_all(record: str) -> None:
	"""Files of a record that is deleted, from the disk too."""
	for name in frappe.get_all(
		"File", filters={"attached_to_doctype": RECORD, "attached_to_name": record}, pluck="name"
	):
		# Part of forgetting the record: who may do that was checked before.
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)
