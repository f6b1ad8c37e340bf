"""A month of a custody calendar as the form draws it: who has the child on each day, and why (R19).

Types are enforced by Frappe, so no postponed annotations in this file. Rights are checked by the first statement.
"""

from calendar import monthrange
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, get_first_day, getdate

from concerto_education.authority import inputs
from concerto_education.engine.ranges import DateRange
from concerto_education.families import custody, rights

DOCTYPE = "Custody Calendar"


@frappe.whitelist(methods=["POST"])
def custody_month(values: dict | str, month: str) -> dict:
	"""A month of the calendar as it stands in a form, saved or not. Needs the right to read calendars and the family."""
	rights.require(DOCTYPE, "read")
	values = frappe._dict(inputs.mapping(values, _("Values")))
	rights.require("Family", "read", values.family)
	doc = frappe.get_doc({**values, "doctype": DOCTYPE})
	return draw(doc, inputs.day(month, _("Month")))


@frappe.whitelist()
def family_custody(family: str, month: str | None = None) -> list:
	"""The same for each calendar of a family that holds in the month. Needs the right to read both."""
	rights.require("Family", "read", family)
	rights.require(DOCTYPE, "read")
	first = get_first_day(getdate(month))
	span = DateRange.month(first.year, first.month)
	found = []
	# The family may be read, and so its calendars.
	for name in frappe.get_all(DOCTYPE, filters={"family": family}, order_by="person asc", pluck="name"):
		doc = frappe.get_doc(DOCTYPE, name)
		if custody.span_of(doc).overlaps(span):
			child = frappe.db.get_value("Person", doc.person, "full_name")
			found.append({"calendar": name, "child": child, **draw(doc, first)})
	return found


def draw(doc, month: date) -> dict:
	"""Payers, days and holidays of the month; ``incomplete`` says what the form still lacks."""
	first = date(month.year, month.month, 1)
	span = DateRange(first, date(first.year, first.month, monthrange(first.year, first.month)[1]))
	shown = {"month": f"{first:%Y-%m}", "payers": _payers(doc), "days": []}
	shown["incomplete"] = _missing(doc)
	if shown["incomplete"]:
		return shown
	labels = {doc.first_payer: 0, doc.second_payer: 1}
	exceptions = {getdate(row.date): row for row in doc.exceptions or [] if row.date and row.payer in labels}
	holidays = custody.holidays(span)
	halved = doc.holiday_rule and doc.holiday_rule != custody.SAME_RULE
	common = custody.span_of(doc).intersection(span)
	# Without the single days: the form says what the rule alone would give.
	calendar = custody.to_engine(doc, {}, holidays if halved else type(holidays)())
	ruled = calendar.over(common) if common else None
	public = _public_holidays(span)
	for day in span.days():
		payer = ruled.get(day) if ruled is not None else None
		row = exceptions.get(day) if payer else None
		holiday = holidays.get(day)
		shown["days"].append(
			{
				"date": str(day),
				"rule": labels.get(payer),
				"payer": labels[row.payer] if row else labels.get(payer),
				"exception": bool(row),
				"note": (row.note if row else None) or "",
				"holiday": holiday.label if holiday else None,
				"public_holiday": public.get(day),
				"week": day.isocalendar()[1],
			}
		)
	shown["known_year"] = _school_year_known(span)
	return shown


def _missing(doc) -> str | None:
	if not (doc.first_payer and doc.second_payer and doc.valid_from and doc.rule):
		return _("Choose both payers, the first day and the rule: the calendar is drawn here.")
	if doc.rule == custody.FROM_DATE and not doc.anchor_date:
		return _("Alternates From: enter the first day of a week of the first payer.")
	if doc.rule == custody.BY_WEEKDAY and not any(cint(doc.get(day)) for day in custody.WEEKDAYS):
		return _("Weekdays: tick the days of the first payer.")
	if doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		return _("Valid To: it cannot be before “Valid From” (R19)")
	return None


def _payers(doc) -> list[dict]:
	"""Names of the two, with a letter each, because colour alone says nothing to some. Only payers of this family."""
	rows = {
		row.name: row
		for row in frappe.get_all(  # the family may be read, and so who pays for it
			"Payer",
			filters={"name": ("in", [doc.first_payer or "", doc.second_payer or ""]), "family": doc.family},
			fields=["name", "recipient", "person"],
		)
	}
	found = []
	for place, name in enumerate((doc.first_payer, doc.second_payer)):
		row = rows.get(name)
		if not row:
			found.append({"name": None, "title": "", "short": "", "letter": "AB"[place]})
			continue
		first_name = frappe.db.get_value("Person", row.person, "first_name") if row.person else None
		short = first_name or row.recipient or name
		found.append({"name": name, "title": row.recipient, "short": short, "letter": short[:1].upper()})
	if found[0]["letter"] == found[1]["letter"]:
		found[0]["letter"], found[1]["letter"] = "A", "B"
	return found


def _public_holidays(span: DateRange) -> dict[date, str]:
	# By table: the room of the school years is built on top of this one.
	table = frappe.qb.DocType("Public Holiday")
	rows = (
		frappe.qb.from_(table)
		.select(table.date, table.label)
		.where(table.parenttype == "School Year")
		.where(table.date[span.start : span.last])
	).run()
	return {getdate(day): label for day, label in rows}


def _school_year_known(span: DateRange) -> bool:
	"""Without its school year a month has no holidays yet, and halves of them are not drawn."""
	table = frappe.qb.DocType("School Year")
	return bool(
		(
			frappe.qb.from_(table)
			.select(table.name)
			.where(table.starts_on <= span.start)
			.where(table.ends_on >= span.last)
			.limit(1)
		).run()
	)
