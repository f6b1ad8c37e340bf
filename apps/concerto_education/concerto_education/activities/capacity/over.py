"""Going over a capacity: only a director, only where the law admits a margin, with a reason, and written down (R40)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import now_datetime

from concerto_education.activities.capacity import gate
from concerto_education.activities.capacity.errors import OverCapacityRefused
from concerto_education.authority import roles
from concerto_education.authority.money import decimal_of
from concerto_education.engine.capacity import Shortfall, margin

DECIDERS = frozenset({*roles.ADMINISTRATORS, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR})


def may_decide(user: str | None = None) -> bool:
	user = user or frappe.session.user
	return user == "Administrator" or bool(set(frappe.get_roles(user)) & DECIDERS)


def check_right(doc) -> None:
	"""The reason is written by those who may decide, and by nobody else."""
	before = doc.get_doc_before_save()
	reason = (doc.over_capacity_reason or "").strip()
	if reason and reason != ((before and before.over_capacity_reason) or "") and not may_decide():
		frappe.throw(
			_("Reason to Go Over the Capacity: only a director may decide that"), frappe.PermissionError
		)


def allow(doc, short: Sequence[Shortfall]) -> bool:
	"""Whether a decision lets this enrolment pass. Throws if it was decided to go further than the margin."""
	reason = (doc.over_capacity_reason or "").strip()
	if not reason or not may_decide():
		return False
	percent = _margin_of(doc.activity)
	beyond = [entry for entry in short if entry.taken + entry.wanted > margin(entry.limit, percent)]
	if beyond:
		frappe.throw(
			_(
				"Reason to Go Over the Capacity: the margin of {0} is {1} %, and {2} would be beyond it"
			).format(
				doc.activity, f"{percent.normalize():f}".replace(".", ","), gate.shortfalls_text(beyond)
			),
			OverCapacityRefused,
		)
	_write_down(doc, reason, short)
	frappe.flags.concerto_over_capacity = {*(frappe.flags.concerto_over_capacity or ()), doc.name}
	return True


def _margin_of(activity: str) -> Decimal:
	kind = frappe.get_cached_value("Activity", activity, "kind")
	rows = [row for row in frappe.get_cached_doc("Waiting List Settings").margins if row.kind == kind]
	return max((decimal_of(row.percent) for row in rows), default=Decimal(0))


def _write_down(doc, reason: str, short: Sequence[Shortfall]) -> None:
	frappe.get_doc(
		{
			"doctype": "Capacity Override",
			"enrolment": doc.name,
			"person": doc.person,
			"activity": doc.activity,
			"site": doc.site,
			"user": frappe.session.user,
			"moment": now_datetime(),
			"reason": reason,
			"days": gate.shortfalls_text(short),
		}
	).insert(ignore_permissions=True)  # nobody may write this trace by hand
