"""What the page "Prepare the Next School Year" calls (R7)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.activities.rollover import job
from concerto_education.activities.rollover.plan import Item, plan, years


def require_right() -> None:
	"""Whoever may create school years: administrators, unless they say otherwise."""
	if not frappe.has_permission("School Year", "create"):
		frappe.throw(_("Only administrators prepare the next school year (R7)"), frappe.PermissionError)


@frappe.whitelist(methods=["GET", "POST"])
def start() -> dict:
	"""School years, the latest first, and the activities whose children may be carried over."""
	require_right()
	return {
		"years": frappe.get_list("School Year", pluck="name", order_by="starts_on desc"),
		"activities": frappe.get_list(
			"Activity", filters={"active": 1, "kind": ("!=", "Camp")}, pluck="name", order_by="name"
		),
		"rollover": job.latest(),
	}


@frappe.whitelist(methods=["POST"])
def preview(year: str, activities: str | list | None = None) -> dict:
	"""What would be made and what is left, and why. Saves nothing."""
	require_right()
	return _answer(year, plan(year, _names(activities)))


@frappe.whitelist(methods=["POST"])
def apply(year: str, activities: str | list | None = None, raise_classes: int = 0) -> dict:
	"""Make it, in the background: there may be thousands of enrolments."""
	require_right()
	frappe.get_doc("School Year", year).check_permission("read")
	return job.state(job.begin(year, _names(activities), bool(int(raise_classes))))


@frappe.whitelist(methods=["POST"])
def resume(rollover: str) -> dict:
	"""Go on with one that was interrupted (button "Continuer")."""
	require_right()
	job.resume(_known(rollover))
	return job.state(rollover)


@frappe.whitelist(methods=["GET", "POST"])
def progress(rollover: str) -> dict:
	"""How far it is; at its end, what was made, refused and left."""
	require_right()
	found = job.state(_known(rollover))
	for item in found["items"]:
		kind = item["kind"]
		item["kind_text"] = _(kind)
	return {**found, "year": years(found["school_year"]).new_name}


def _known(rollover: str) -> str:
	doc = frappe.get_doc("School Year Preparation", rollover)
	doc.check_permission("read")
	return doc.name


def _names(activities) -> list[str]:
	return list(frappe.parse_json(activities) or ()) if activities else []


def _answer(year: str, items: list[Item]) -> dict:
	between = years(year)
	return {
		"year": between.new_name,
		"exists": between.exists,
		"items": [{**item.shown(), "kind_text": _(item.kind)} for item in items],
		"made": sum(item.make for item in items),
	}
