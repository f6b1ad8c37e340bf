"""What the screen "Inscrire" may call. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are checked by the first statement of the function each endpoint calls; each enrolment is then asked of the
permissions and rules of the form itself.
"""

from datetime import date

import frappe
from frappe import _

from concerto_education.activities import errors
from concerto_education.activities.enrolling import offers, passes
from concerto_education.authority.transactions import in_fresh_transaction


@frappe.whitelist()
def choices(family: str, start: date | None = None, end: date | None = None) -> dict:
	"""Who may be enrolled where, with the reason where it is not possible."""
	return offers.choices(family, start, end)


@frappe.whitelist(methods=["POST"])
def preview(
	family: str,
	start: date,
	end: date,
	lines: list,
	payers: list,
	custody: bool = False,
	when_full: str = "Refuse",
) -> list:
	"""What would be made, what is refused and why."""
	results = passes.preview(_request(family, start, end, lines, payers, custody, when_full))
	# Nothing of it stays: neither rows nor messages and jobs that wait for a commit.
	frappe.db.rollback()
	return results


@frappe.whitelist(methods=["POST"])
def create(
	family: str,
	start: date,
	end: date,
	lines: list,
	payers: list,
	custody: bool = False,
	when_full: str = "Refuse",
	whole: bool = False,
) -> dict:
	"""Make them: all or none (``whole``), or those that can be."""
	return in_fresh_transaction(
		lambda: passes.create(_request(family, start, end, lines, payers, custody, when_full), whole)
	)


def _request(family, start, end, lines, payers, custody, when_full) -> passes.Request:
	"""What the screen asks for. Throws for what no screen of ours sends."""
	try:
		return passes.Request(
			family,
			start,
			end,
			tuple(_line(raw) for raw in lines),
			tuple({"payer": _text(raw, "payer"), "share": _number(raw)} for raw in payers),
			custody,
			when_full,
		)
	except (TypeError, AttributeError, ValueError):
		frappe.throw(_("The screen asked for something unknown"), errors.ActivitiesError)


def _line(raw: dict) -> passes.Line:
	pattern = raw.get("pattern") or []
	if not all(isinstance(row, dict) for row in pattern):
		raise TypeError("pattern")
	return passes.Line(
		_text(raw, "person"),
		_text(raw, "activity"),
		_text(raw, "site"),
		_text(raw, "category"),
		tuple(pattern),
		_text(raw, "age_override_reason").strip(),
	)


def _text(raw: dict, name: str) -> str:
	value = raw.get(name) or ""
	if not isinstance(value, str):
		raise TypeError(name)
	return value


def _number(raw: dict) -> str:
	"""A share as text: what it is worth is asked of the rules, as a Decimal."""
	value = raw.get("share", 100)
	if isinstance(value, bool) or not isinstance(value, int | float | str):
		raise TypeError("share")
	return str(value)
