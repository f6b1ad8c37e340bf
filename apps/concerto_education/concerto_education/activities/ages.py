"""Ages that activities and their groups accept (R1): in years for schools, in months for nurseries.

Both bounds are included, as people say them: "from 3 to 5" is until the day before the sixth birthday. What is
compared are full months, computed when the activity is saved (``age_from_months``, ``age_to_months``; 0 is no bound).
"""

from __future__ import annotations

from datetime import date

from frappe import _
from frappe.utils import cint

MONTHS = "Months"
YEAR = 12


def months_on(birth: date, day: date) -> int:
	"""Full months of age on a day; born on the 31st, a month older on the first day after a shorter month."""
	return (day.year - birth.year) * YEAR + day.month - birth.month - (day.day < birth.day)


def set_months(row, unit: str) -> None:
	"""Compute the bounds in months of an Activity, a model or a group from the fields that people fill."""
	low, high = cint(row.age_from), cint(row.age_to)
	if unit == MONTHS:
		row.age_from_months, row.age_to_months = low, high
	else:
		row.age_from_months = low * YEAR
		row.age_to_months = high * YEAR + YEAR - 1 if high else 0


def holds(row, months: int) -> bool:
	"""Whether somebody of that age is within the bounds of an Activity or a group."""
	return cint(row.get("age_from_months")) <= months and (
		not cint(row.get("age_to_months")) or months <= cint(row.get("age_to_months"))
	)


def age_text(row, unit: str | None = None) -> str:
	"""« de 3 à 5 ans », « dès 3 ans », « jusqu'à 36 mois »; empty without bounds."""
	low, high = cint(row.get("age_from")), cint(row.get("age_to"))
	months = (unit or row.get("age_unit")) == MONTHS
	if low and high:
		text = _("from {0} to {1} months") if months else _("from {0} to {1} years old")
		return text.format(low, high)
	if low:
		return (_("from {0} months on") if months else _("from {0} years on")).format(low)
	if high:
		return (_("up to {0} months") if months else _("up to {0} years old")).format(high)
	return ""
