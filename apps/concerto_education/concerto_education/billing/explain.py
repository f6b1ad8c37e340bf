"""Why this amount? In the words of the reader, for the charge's form, the invoice's lines and the PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

import frappe
from babel.dates import format_date
from frappe import _

from concerto_education.activities.explanations import lines as steps_of
from concerto_education.activities.explanations import measure
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.engine.charges import ChargeLine

# The period in the key of a charge: a month (also of a nursery contract), a week, a stay.
PERIOD = re.compile(r"#(?:(?P<month>\d{4}-\d{2})|(?P<year>\d{4})-W(?P<week>\d{2})|(?P<stay>stay))(?=#|$)")


def number_text(value) -> str:
	"""A quantity as one reads it: 12, or 1,5."""
	normal = decimal_of(value).normalize()
	return f"{normal:f}".replace(".", ",")


def days_text(days: Sequence[date]) -> str:
	"""The days of a line, month by month: « 1, 3, 4 septembre »."""
	return _days_text(tuple(days), frappe.local.lang or "fr")


@lru_cache(maxsize=4096)
def _days_text(days: tuple[date, ...], lang: str) -> str:
	months: dict[tuple[int, int], list[int]] = {}
	for day in days:
		months.setdefault((day.year, day.month), []).append(day.day)
	return " ; ".join(
		f"{', '.join(map(str, numbers))} {format_date(date(year, month, 1), 'MMMM', locale=lang)}"
		for (year, month), numbers in months.items()
	)


def month_text(day: date, lang: str | None = None) -> str:
	"""The month of a day: « septembre 2026 », in the reader's language or in ``lang``."""
	return format_date(day, "MMMM yyyy", locale=lang or frappe.local.lang or "fr")


def reason_text(explanation: dict) -> str:
	"""Why the unit costs this: the steps of the price. The multiplication is shown by the line itself: of it only what
	is counted is told."""
	steps = list(explanation.get("steps", ()))
	# Not what a family earns: the invoice may go to the other parent, or to a foster carer (R36).
	shown = {"steps": [step for step in steps if step[0] != "quantity"]}
	texts = [step["text"] for step in steps_of(shown, hide_resources=True)]
	texts += [measure(params) for kind, params, _amount in steps if kind == "quantity"]
	text = ", ".join(filter(None, texts))
	share = explanation.get("share")
	if share:
		text = _("{0}, part of this payer: {1} %").format(text, number_text(share["percent"]))
	return text


def days_of_line(days: Sequence[date], charges: Iterable[ChargeLine]) -> str:
	"""The days of a line; of what is charged by the month, the week or the stay, that period and not its first day."""
	periods = [_period(str(charge.key[0]), charge.day) for charge in charges]
	return " ; ".join(dict.fromkeys(periods)) if periods and all(periods) else days_text(days)


def _period(key: str, day: date) -> str:
	"""The period that the key of a charge names (``engine/charges.py``), "" for a charge of a day."""
	found = PERIOD.search(key)
	if not found:
		return ""
	if found["year"]:
		monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
		return _("week of {0}").format(days_text([monday]))
	if found["stay"]:
		return _("stay from {0}").format(days_text([day]))
	return month_text(date(int(found["month"][:4]), int(found["month"][5:]), 1))


def line_text(charges: Iterable[ChargeLine]) -> str:
	"""Reasons of an invoice line. Several ones (the QF changed, the price didn't) are told with their days."""
	reasons: dict[str, list[date]] = {}
	known: dict[int, str] = {}  # charges of equal price share their explanation
	for charge in charges:
		identity = id(charge.explanation)
		if identity not in known:
			known[identity] = reason_text(charge.explanation)
		reason = known[identity]
		if charge.reversal_of:
			reason = _("Taken back, as it was invoiced: {0}").format(reason)
		reasons.setdefault(reason, []).append(charge.day)
	if len(reasons) < 2:
		return next(iter(reasons), "")
	return " ; ".join(
		_("{0} ({1})").format(reason, days_text(sorted(set(days)))) for reason, days in reasons.items()
	)


@frappe.whitelist()
def charge_steps(charge: str) -> dict:
	"""The explanation of a recorded charge, for its form."""
	doc = frappe.get_doc("Charge", charge)
	doc.check_permission("read")
	explanation = json.loads(doc.explanation or "{}")
	result = {
		"lines": steps_of(explanation),
		"tariff": explanation.get("label") or doc.tariff,
		"amount": format_money(doc.amount),
	}
	if doc.share and decimal_of(doc.share) != Decimal(100):
		result["share"] = _("Part of this payer: {0} %").format(number_text(doc.share))
	if doc.entry == "Reversal":
		result["note"] = _("This entry takes back a charge that was invoiced before.")
	elif doc.is_adjustment:
		result["note"] = _("Régularisation of {0}").format(month_text(doc.origin_month))
	return result
