"""The quotient familial of families through time (R14): recording, and reading many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from concerto_education.authority.money import decimal_of
from concerto_education.engine import quotient as engine
from concerto_education.engine.ranges import DateRange
from concerto_education.families.errors import InvalidQuotient, ProofNotExpected, QuotientEndsBeforeStart

UNKNOWN_VALUE = engine.UNKNOWN
UNKNOWN_SOURCE = "Unknown"


def school_year_of(day: date) -> DateRange:
	"""1 September to 31 August around a day, the default span of a QF (R7, R14)."""
	first = day.year if day.month >= 9 else day.year - 1
	return DateRange(date(first, 9, 1), date(first + 1, 8, 31))


def complete(doc) -> None:
	"""Fill the defaults of a new Quotient: unknown is 9999, the span is the school year."""
	if doc.source == UNKNOWN_SOURCE and doc.value in (None, ""):
		doc.value = float(UNKNOWN_VALUE)
	if not doc.valid_from:
		doc.valid_from = school_year_of(getdate(today())).start
	if not doc.valid_to:
		doc.valid_to = school_year_of(getdate(doc.valid_from)).end
	# The time of the server, never the client's: the latest recorded QF is the one that holds. Flags only
	# come from code: an import that takes over an older history gives the time of each QF.
	doc.recorded_at = doc.flags.recorded_at or now_datetime()


def check(doc) -> None:
	"""Throw the first rule that a new Quotient breaks; keep value and source in step."""
	if doc.value in (None, ""):
		frappe.throw(_("Quotient: enter the value, or 9999 if it is unknown (R14)"), InvalidQuotient)
	try:
		value = decimal_of(doc.value)
	except ValueError:
		frappe.throw(_("Quotient: “{0}” is not a number (R14)").format(doc.value), InvalidQuotient)
	if value < 0:
		frappe.throw(_("Quotient: the value cannot be negative (R14)"), InvalidQuotient)
	if doc.source == UNKNOWN_SOURCE and value != UNKNOWN_VALUE:
		frappe.throw(
			_("Quotient: with the source “Unknown” the value is 9999 (R14)"),
			InvalidQuotient,
		)
	if value == UNKNOWN_VALUE:
		doc.source = UNKNOWN_SOURCE
	if getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From” (R14)"), QuotientEndsBeforeStart)


def ensure_one(family: str) -> None:
	"""A family always has a quotient: without any, it gets 9999 for the school year, and a message says so."""
	if frappe.db.exists("Quotient", {"family": family}):
		return
	doc = frappe.new_doc("Quotient")
	doc.update({"family": family, "source": UNKNOWN_SOURCE, "value": float(UNKNOWN_VALUE)})
	# By rule, not by the user's hand: who may write a family but adds no QF still leaves it complete.
	doc.insert(ignore_permissions=True)
	frappe.msgprint(
		_(
			"No quotient was known: 9999 has been recorded for the school year. Add the real one as soon as you have it (R14)"
		),
		alert=True,
		indicator="orange",
	)


def record_proof(doc):
	"""The proof of a quotient has come: the same value and dates again, now proven. The latest recorded holds, and
	the next billing corrects what was billed at the highest price. Throws if a newer one holds already."""
	# The latest record of the family decides, whoever wrote it.
	newer = frappe.get_all(
		"Quotient",
		filters={
			"family": doc.family,
			"recorded_at": (">", doc.recorded_at),
			"valid_from": ("<=", doc.valid_to),
			"valid_to": (">=", doc.valid_from),
		},
		limit=1,
	)
	if newer or not doc.proof_missing:
		frappe.throw(
			_("Proof: another quotient holds for these days already. Open the latest one (R14)"),
			ProofNotExpected,
		)
	new = frappe.new_doc("Quotient")
	new.update(
		{field: doc.get(field) for field in ("family", "value", "source", "valid_from", "valid_to", "note")}
	)
	return new.insert()


def rename_family(family: str, name: str) -> None:
	"""The name in the list of quotients follows the family's."""
	# Straight on the table: a copy for display, the only thing of a quotient that ever changes.
	frappe.db.set_value("Quotient", {"family": family}, "family_name", name, update_modified=False)


def histories(families: Iterable[str]) -> dict[str, engine.QuotientHistory]:
	"""The QF of many families in one query, for billing and for lists. Each family asked for has an entry."""
	wanted = list(dict.fromkeys(families))
	found: dict[str, list[engine.Quotient]] = {family: [] for family in wanted}
	if wanted:
		table = frappe.qb.DocType("Quotient")
		rows = (
			frappe.qb.from_(table)
			.select(
				table.name,
				table.family,
				table.value,
				table.source,
				table.valid_from,
				table.valid_to,
				table.recorded_at,
				table.proof_missing,
				table.creation,
			)
			.where(table.family.isin(wanted))
		).run(as_dict=True)
		for row in rows:
			found[row.family].append(_to_engine(row))
	return {family: engine.QuotientHistory(records) for family, records in found.items()}


def _to_engine(row) -> engine.Quotient:
	return engine.Quotient(
		id=row.name,
		value=decimal_of(row.value),
		span=DateRange(row.valid_from, row.valid_to),
		recorded_at=row.recorded_at or row.creation,
		source=row.source,
		proof_missing=bool(row.proof_missing),
	)


def value_on(family: str, day: date) -> Decimal | None:
	"""The QF in force, None if there is none. For one family; many go through `histories`."""
	found = histories([family])[family].as_map().get(day)
	return found.value if found else None
