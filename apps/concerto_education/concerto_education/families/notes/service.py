"""What a note may say, who has still to read it, and who has read it (R17).

A changed note is a new revision: it is shown again to everybody. The confidential text is permlevel 1, so the
framework keeps it from those who may not read it; here nothing of it leaves for them either.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime, today

from concerto_education.families.errors import EmptyNote

NOTE = "Opening Note"
ACKNOWLEDGEMENT = "Opening Note Acknowledgement"
TEXTS = ("note", "social_note")


def check(doc) -> None:
	"""A note says something; who wrote it last, and which revision it is, follow by themselves."""
	for field in TEXTS:
		doc.set(field, (doc.get(field) or "").strip() or None)
	if not any(doc.get(field) for field in TEXTS):
		frappe.throw(_("Note: write what has to be known when the dossier opens (R17)"), EmptyNote)
	before = doc.get_doc_before_save()
	if not before or any((before.get(field) or None) != doc.get(field) for field in TEXTS):
		doc.revision = cint(before.revision if before else 0) + 1
		doc.changed_at = now_datetime()
		doc.changed_by = frappe.session.user
	else:
		# Of the server, never of the request: else a note could be made to look unread, or read.
		for field in ("revision", "changed_at", "changed_by"):
			doc.set(field, before.get(field))


def forget(doc) -> None:
	"""A deleted note takes its acknowledgements along."""
	frappe.db.delete(ACKNOWLEDGEMENT, {"opening_note": doc.name})


def add(family: str, note: str | None, social_note: str | None = None):
	"""A new note of a family, made by a rule of the house: the caller has checked who may."""
	doc = frappe.get_doc({"doctype": NOTE, "family": family, "note": note, "social_note": social_note})
	# What a rule writes down is not the user's own note: he may lack the right to write confidential ones.
	return doc.insert(ignore_permissions=True)


def may_read_social(user: str | None = None) -> bool:
	"""Whether the user reads confidential notes: permlevel 1 of the DocType."""
	return 1 in frappe.get_meta(NOTE).get_permlevel_access("read", user=user or frappe.session.user)


def shown(family: str) -> list[dict]:
	"""Notes that are shown today, as far as the user may read them, latest first; ``unread`` by the user."""
	social = may_read_social()
	# The caller has checked the family; notes are for everybody who may read it.
	rows = frappe.get_all(
		NOTE,
		filters={"family": family, "active": 1},
		or_filters=[["until", "is", "not set"], ["until", ">=", today()]],
		fields=["name", "note", "social_note", "changed_at", "changed_by", "revision", "until"],
		order_by="changed_at desc",
	)
	read = _revisions_read([row.name for row in rows])
	found = []
	for row in rows:
		social_text = row.social_note if social else None
		if row.note or social_text:
			found.append(
				{
					"name": row.name,
					"note": row.note,
					"social_note": social_text,
					"changed_at": row.changed_at,
					"changed_by": frappe.db.get_value("User", row.changed_by, "full_name")
					or row.changed_by
					or "",
					"until": row.until,
					"revision": row.revision,
					"unread": read.get(row.name, 0) < cint(row.revision),
				}
			)
	return found


def _revisions_read(notes: Iterable[str]) -> dict[str, int]:
	names = list(notes)
	if not names:
		return {}
	read: dict[str, int] = {}
	for row in frappe.get_all(  # the user's own
		ACKNOWLEDGEMENT,
		filters={"opening_note": ("in", names), "user": frappe.session.user},
		fields=["opening_note", "revision"],
	):
		read[row.opening_note] = max(read.get(row.opening_note, 0), cint(row.revision))
	return read


def acknowledge(note: str, revision: int) -> None:
	"""The user has read this revision. Twice is once; a note that was changed meanwhile is shown again."""
	if _revisions_read([note]).get(note, 0) >= revision:
		return
	doc = frappe.get_doc(
		{
			"doctype": ACKNOWLEDGEMENT,
			"opening_note": note,
			"user": frappe.session.user,
			"acknowledged_at": now_datetime(),
			"revision": revision,
		}
	)
	# Nobody writes one by hand: this is the only way.
	doc.insert(ignore_permissions=True)


def is_shown(doc) -> bool:
	return bool(cint(doc.active)) and (not doc.until or getdate(doc.until) >= getdate(today()))
