"""Files of documents and mandates stay private, and are read by who may read what they are attached to (R20, R23)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.families.documents import scope
from concerto_education.families.documents.errors import FileNotReadable

DOCUMENT = "Family Document"
MANDATE = "Mandate"


def check(doc) -> None:
	"""A file is attached by sending it, not by naming the address of one that the user may not read."""
	before = doc.get_doc_before_save()
	if not doc.file or (before and before.file == doc.file):
		return
	rows = frappe.get_all("File", filters={"file_url": doc.file}, pluck="name")  # its right is asked below
	if not any(frappe.get_doc("File", name).has_permission("read") for name in rows):
		frappe.throw(_("File: send the file itself"), FileNotReadable)


def make_private(doc) -> None:
	"""Whoever sent it as public meant to show it to nobody else."""
	if not doc.file or doc.file.startswith("/private/"):
		return
	for name in frappe.get_all(
		"File",
		filters={"file_url": doc.file, "attached_to_doctype": doc.doctype, "attached_to_name": doc.name},
		pluck="name",
	):
		file = frappe.get_doc("File", name)
		file.is_private = 1
		# Part of saving the document, which the user may do.
		file.save(ignore_permissions=True)
		doc.db_set("file", file.file_url, update_modified=False)


def file_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""Besides what the framework asks: the scan of a mandate shows the account, so it needs the same right."""
	user = user or frappe.session.user
	if doc.get("attached_to_doctype") == MANDATE and doc.get("owner") != user:
		return scope.sees_accounts(user)
	if doc.get("attached_to_doctype") == DOCUMENT and doc.get("attached_to_name"):
		stored = frappe.db.get_value(
			DOCUMENT, doc.get("attached_to_name"), ["health", "person"], as_dict=True
		)
		return not stored or scope.may_see(stored, user)
	return True


def file_conditions(user: str | None = None) -> str:
	"""Lists of files leave out those that the user may not read: a name says much already."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	attached = "ifnull(`tabFile`.`attached_to_doctype`, '')"
	conditions = []
	if not scope.sees_accounts(user):
		conditions.append(f"({attached} != '{MANDATE}' or `tabFile`.`owner` = {frappe.db.escape(user)})")
	if not frappe.has_permission(DOCUMENT, "read", user=user):
		conditions.append(f"{attached} != '{DOCUMENT}'")
	elif rule := scope.conditions(user):
		conditions.append(
			f"({attached} != '{DOCUMENT}' or `tabFile`.`attached_to_name` in "
			f"(select `tab{DOCUMENT}`.`name` from `tab{DOCUMENT}` where {rule}))"
		)
	return " and ".join(conditions)
