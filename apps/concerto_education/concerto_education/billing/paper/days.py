"""The days behind an invoice: for each child a calendar of the month, read by a family at one glance.

Made of the charges, so it tells what is billed and nothing else. What isn't a day (a month of a nursery contract, a
stay) and what belongs to another month (régularisations, R34) is told in words under the calendar.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from babel.dates import format_date
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.billing.explain import days_text, month_text, number_text

MARK = "●"


def pages(invoice) -> list[frappe._dict]:
	"""Calendars of an invoice, by person in the order of its lines. For a document whose reader was checked."""
	month = getdate(invoice.month)
	labels = _labels(invoice)
	rows: dict[str, dict[tuple, list]] = {line.person: {} for line in invoice.lines if line.person}
	for charge in _charges(invoice.name):
		place = (charge.activity, charge.category, charge.unit)
		rows.setdefault(charge.person, {}).setdefault(place, []).append(charge)
	columns = _columns(month)
	calendars = []
	for person, places in rows.items():
		lines = [
			_line(labels.get((person, *place)) or place[0], charges, month, len(columns))
			for place, charges in sorted(places.items(), key=lambda item: _order(labels, person, item[0]))
		]
		if lines:
			calendars.append(frappe._dict(person=person, columns=columns, lines=lines))
	return calendars


def _charges(invoice: str) -> list[frappe._dict]:
	"""What others pay and what finance corrects by hand is no presence: both stay out (R29, R34)."""
	Charge = DocType("Charge")
	rows = (
		frappe.qb.from_(Charge)
		.select(
			Charge.person,
			Charge.activity,
			Charge.category,
			Charge.unit,
			Charge.service_date,
			Charge.quantity,
			Charge.entry,
			Charge.attendance,
			Charge.is_adjustment,
			Charge.origin_month,
			Charge.funding,
			Charge.voucher,
		)
		.where(Charge.invoice == invoice)
		.orderby(Charge.service_date, Charge.name)
	).run(as_dict=True)
	return [row for row in rows if not (row.funding or row.voucher or row.entry == "Adjustment")]


def _labels(invoice) -> dict[tuple, str]:
	"""What the invoice calls a service, so that the calendar uses the same words in the same order."""
	found: dict[tuple, str] = {}
	for line in invoice.lines:
		if line.kind == "Charge" and not (line.funding or line.voucher):
			found.setdefault((line.person, line.activity, line.category, line.unit), line.label)
	return found


def _order(labels: dict[tuple, str], person: str, place: tuple) -> tuple:
	order = list(labels)
	key = (person, *place)
	return (order.index(key) if key in labels else len(order), *(part or "" for part in place))


def _columns(month: date) -> list[frappe._dict]:
	"""The days of the month with the letter of their weekday; weekends are shaded."""
	lang = frappe.local.lang or "fr"
	days = [
		date(month.year, month.month, number)
		for number in range(1, monthrange(month.year, month.month)[1] + 1)
	]
	return [
		frappe._dict(
			number=day.day, letter=format_date(day, "EEEEE", locale=lang).upper(), weekend=day.weekday() >= 5
		)
		for day in days
	]


def _line(label: str, charges: list[frappe._dict], month: date, length: int) -> frappe._dict:
	"""One service of one child: a mark for each day, and what isn't one of these days in words."""
	cells: dict[int, Decimal] = {}
	other: list[str] = []
	past: dict[tuple[date, bool], list[date]] = {}
	for charge in charges:
		day, quantity = getdate(charge.service_date), decimal_of(charge.quantity)
		if charge.is_adjustment or charge.entry == "Reversal":
			origin = getdate(charge.origin_month or charge.service_date)
			past.setdefault((origin, charge.entry == "Reversal"), []).append(day)
		elif charge.attendance and (day.year, day.month) == (month.year, month.month):
			cells[day.day] = cells.get(day.day, Decimal(0)) + quantity
		else:
			other.append(_("quantity {0}").format(number_text(quantity)))
	other += [_past(origin, is_reversal, days) for (origin, is_reversal), days in past.items()]
	return frappe._dict(
		label=label,
		cells=[_mark(cells.get(number)) for number in range(1, length + 1)],
		total=number_text(sum(cells.values())) if cells else "",
		other=" ; ".join(other),
	)


def _past(origin: date, is_reversal: bool, days: Iterable[date]) -> str:
	text = _("{0} taken back: {1}") if is_reversal else _("{0} added: {1}")
	return text.format(month_text(origin), days_text(sorted(set(days))))


def _mark(quantity: Decimal | None) -> str:
	if not quantity:
		return ""
	return MARK if quantity == 1 else number_text(quantity)
