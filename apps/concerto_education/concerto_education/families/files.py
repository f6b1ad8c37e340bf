"""Who may read a file: what the framework says, and each subject of this room that is stricter.

One function for the hook, because v15 asks the hooks from the last to the first and believes the first answer: a
"not my business" that says True would open every private file.
"""

from __future__ import annotations

from frappe.core.doctype.file.file import has_permission as framework_permission

from concerto_education.families.documents import files as documents
from concerto_education.families.health import files as health

STRICTER = (health.file_permission, documents.file_permission)


def file_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""Allowed only if nobody refuses."""
	if not framework_permission(doc, ptype, user):
		return False
	return all(rule(doc, ptype, user) for rule in STRICTER)
