"""An activity in words: who, when, where, at what price and by which rule, in one French sentence.

« Enfants de 3 à 11 ans, les lundis, mardis, jeudis et vendredis en période scolaire, dans 3 sites ; de 2,20 € à
2,80 € selon le quotient. Réservation jusqu'au jeudi 12 h pour toute la semaine suivante ; … »
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, formatdate, get_time, getdate

from concerto_education.activities.ages import age_text
from concerto_education.activities.booking.sentences import (
	booking_sentence,
	cancelling_sentence,
	hour_text,
)
from concerto_education.activities.catalogue import WEEKDAYS
from concerto_education.authority.money import decimal_of, format_money


def of(doc) -> dict:
	"""What a form shows: the summary at its top, the rules beside their fields."""
	return {
		"summary": summary(doc),
		"booking": booking_sentence(doc),
		"cancelling": cancelling_sentence(doc),
		"late_pickup": late_pickup_sentence(doc),
	}


def of_form(values: dict) -> dict:
	"""The same for a form that isn't saved yet."""
	doc = frappe.get_doc({**values, "doctype": "Activity"})
	return of(doc)


def summary(doc) -> str:
	"""One sentence for each of: who and when and where; price; rules. Only what is known is said."""
	first = ", ".join(part for part in (_who(doc), when_text(doc), _where(doc)) if part)
	sentences = [f"{first[:1].upper()}{first[1:]}." if first else ""]
	price = price_text(doc)
	if price:
		sentences.append(_("Price: {0}.").format(price))
	sentences += [booking_sentence(doc), cancelling_sentence(doc)]
	return " ".join(sentence for sentence in sentences if sentence)


def joined(parts: list[str]) -> str:
	"""« lundis, mardis et jeudis »."""
	if len(parts) < 2:
		return "".join(parts)
	return _("{0} and {1}").format(", ".join(parts[:-1]), parts[-1])


def _who(doc) -> str:
	ages = age_text(doc)
	return _("children {0}").format(ages) if ages else ""


def when_text(doc) -> str:
	"""« les lundis et mardis en période scolaire, de 7 h 30 à 18 h 30 », or the dates of a camp."""
	if doc.kind == "Camp" and doc.valid_from and doc.valid_to:
		return _("from {0} to {1}").format(formatdate(doc.valid_from), formatdate(doc.valid_to))
	names = {
		"monday": _("Mondays"),
		"tuesday": _("Tuesdays"),
		"wednesday": _("Wednesdays"),
		"thursday": _("Thursdays"),
		"friday": _("Fridays"),
		"saturday": _("Saturdays"),
		"sunday": _("Sundays"),
	}
	ticked = [day for day in WEEKDAYS if cint(doc.get(day))]
	if ticked == list(WEEKDAYS[:5]):
		days = _("from Monday to Friday")
	elif ticked == list(WEEKDAYS):
		days = _("every day")
	else:
		days = _("on {0}").format(joined([names[day] for day in ticked])) if ticked else ""
	periods = [
		text
		for field, text in (
			("in_school_time", _("in school time")),
			("on_wednesdays", "" if cint(doc.get("in_school_time")) else _("in school time")),
			("in_small_holidays", _("in the small holidays")),
			("in_summer", _("in summer")),
		)
		if text and cint(doc.get(field))
	]
	hours = _hours(doc)
	return " ".join(part for part in (days, joined(periods), hours) if part)


def _hours(doc) -> str:
	"""First and last hour, where each unit has its own: « de 7 h 30 à 18 h 30 »."""
	rows = [row for row in doc.get("units") or () if row.starts_at and row.ends_at]
	if not rows or len(rows) < len(doc.units):
		return ""
	try:
		spans = [(get_time(row.starts_at), get_time(row.ends_at), row.label) for row in rows]
	except (ValueError, TypeError):
		return ""  # a form that is being filled: saving says what is wrong
	if len(spans) == 1:
		return _("from {0} o’clock to {1}").format(hour_text(spans[0][0]), hour_text(spans[0][1]))
	return "({})".format(
		", ".join(
			_("{0} from {1} to {2}").format((label or "").lower(), hour_text(start), hour_text(end))
			for start, end, label in spans
		)
	)


def _where(doc) -> str:
	sites = [row.site for row in doc.get("sites") or () if row.site]
	if not sites:
		return ""
	return sites[0] if len(sites) == 1 else _("at {0} sites").format(len(sites))


def price_text(doc) -> str:
	"""What a booked presence costs today, over all categories; empty without a tariff."""
	if doc.billing_rule == "Not Billed":
		return _("not billed")
	if not doc.name or doc.is_new():
		return ""
	today = str(getdate())
	# What a town charges is published: no permission is needed to say it.
	rows = frappe.get_all(
		"Tariff",
		filters={"activity": doc.name, "valid_from": ("<=", today)},
		or_filters=[["valid_to", "is", "not set"], ["valid_to", ">=", today]],
		fields=["*"],
	)
	rows = [row for row in rows if (row.get("use") or "Normal") == "Normal"]
	if not rows:
		return _("no tariff yet")
	if any(row.method not in ("Flat", "QF Bands") for row in rows):
		return _("by the tariff {0}").format(joined([f"«\u00a0{row.label}\u00a0»" for row in rows[:3]]))
	amounts = [decimal_of(row.price) for row in rows if row.method == "Flat"]
	banded = [row.name for row in rows if row.method == "QF Bands"]
	if banded:
		# As above.
		amounts += [
			decimal_of(price)
			for price in frappe.get_all(
				"Tariff Band", filters={"parent": ("in", banded), "parenttype": "Tariff"}, pluck="price"
			)
		]
	low, high = min(amounts), max(amounts)
	if low == high:
		return format_money(low)
	text = _("{0} to {1}").format(format_money(low), format_money(high))
	return _("{0} by the quotient").format(text) if banded else _("{0} by the category").format(text)


def late_pickup_sentence(doc) -> str:
	first = cint(doc.get("late_pickup_from"))
	if not first:
		return _("Late pick-ups are recorded but never billed.")
	within = _("of the month") if doc.late_pickup_per == "Month" else _("of the school year")
	text = (
		_("Each late pick-up is billed")
		if first == 1
		else _("Late pick-ups are billed from number {0} {1} on").format(first, within)
	)
	grace = cint(doc.get("late_pickup_grace"))
	return _("{0}, beyond {1} minutes.").format(text, grace) if grace else f"{text}."
