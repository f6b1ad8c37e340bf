"""What would this cost, and why (R26): the form of a tariff, and the page of the simulator.

A simulation asks the very functions that billing asks. Everything that can be answered from a dossier is (QF of the
day, rank, residence, resources); what is typed instead goes before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities.explanations import lines
from concerto_education.activities.nursery.contracts import moment
from concerto_education.activities.tariffs import records, scripts
from concerto_education.activities.tariffs.profiles import Needs, profiles
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.rules import sentence
from concerto_education.engine.errors import InvalidQuotient, RuleError
from concerto_education.engine.facts import Profile
from concerto_education.engine.hours import Slot, age_on
from concerto_education.engine.pricing import Situation, needs_quotient, price
from concerto_education.engine.psu import Household
from concerto_education.engine.quotient import Quotient
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.tariffs import Method, Tariff, TariffBook
from concerto_education.families.quotients import histories
from concerto_education.families.resources import may_read_amounts
from concerto_education.families.rights import require

# Methods whose price is that of one unit; the others price a day, a week, an hour.
BY_UNIT = (Method.FLAT, Method.QF_BANDS, Method.QF_LINEAR)
NO = ("0", 0, False, "false", "False")


@dataclass(frozen=True)
class Known:
	"""What a dossier answers by itself."""

	quotient: Quotient | None = None
	profile: Profile = field(default_factory=Profile)
	person: str | None = None


def of_form(doc, day: Any, quotient: Any, answers: Any) -> dict:
	"""Amount and reasons under a Tariff, saved or not; or the refusal as ``problem``."""
	answers = _parsed(answers)
	try:
		day = getdate(day)
		tariff = records.of_document(doc)
		if day not in tariff.span:
			return {"problem": _("This tariff does not hold on {0}").format(formatdate(day))}
		known = _known(answers, TariffBook([tariff]), doc.activity, doc.category, doc.site, day)
		return _answer(tariff, _situation(tariff, day, quotient, answers, known))
	except RuleError as error:
		return {"problem": sentence(error)}
	except (ValueError, TypeError):
		return {"problem": _("A number or a time is not valid")}


@frappe.whitelist()
def ask(
	activity: str,
	day: str,
	category: str | None = None,
	site: str | None = None,
	quotient: str | float | int | None = None,
	answers: dict | str | None = None,
) -> dict:
	"""The page of the simulator: the tariff that holds for an activity, category, site and day, and its price."""
	frappe.get_doc("Activity", activity).check_permission("read")
	require("Tariff", "read")
	answers = _parsed(answers)
	try:
		when = getdate(day)
		book = records.tariff_book([activity])
		booked = answers.get("booked") not in NO
		tariff = book.for_presence(activity, category or None, site or None, when, booked)
		known = _known(answers, book, activity, category, site, when)
		return {
			**_answer(tariff, _situation(tariff, when, quotient, answers, known)),
			"tariff": tariff.id,
			"tariff_label": tariff.label,
		}
	except RuleError as error:
		return {"problem": sentence(error)}
	except (ValueError, TypeError):
		return {"problem": _("A number or a time is not valid")}


@frappe.whitelist()
def questions(activity: str, day: str, category: str | None = None, site: str | None = None) -> dict:
	"""What the tariff that holds asks for, so that the page shows these fields and no others."""
	doc = frappe.get_doc("Activity", activity)
	doc.check_permission("read")
	require("Tariff", "read")
	try:
		tariff = records.tariff_book([activity]).find(activity, category or None, site or None, getdate(day))
	except RuleError as error:
		return {"problem": sentence(error)}
	return {"asks": asked(tariff), "tariff_label": tariff.label, "units": _units(doc)}


def questions_of_form(doc) -> dict:
	"""The same for the form of a tariff, saved or not."""
	try:
		tariff = records.of_document(doc)
	except RuleError as error:
		return {"problem": sentence(error)}
	return {"asks": asked(tariff), "units": _units(frappe.get_doc("Activity", doc.activity))}


def _units(activity) -> list[dict[str, str]]:
	return [{"unit": row.unit, "label": row.label} for row in activity.units]


def asked(tariff: Tariff) -> dict:
	"""Which facts a tariff looks at."""
	modifiers = tariff.modifiers
	method = tariff.method
	script = method is Method.SCRIPT
	return {
		"method": next(name for name, value in records.METHODS.items() if value is method),
		"quotient": needs_quotient(tariff) or script,
		"units": method is Method.UNIT_COMBINATION,
		"times": method in (Method.PER_DURATION, Method.EFFORT_RATE),
		"resources": method is Method.EFFORT_RATE,
		"rank": bool(modifiers.siblings) or script,
		"residence": modifiers.non_resident_full_price
		or modifiers.non_resident_factor is not None
		or modifiers.non_resident_surcharge is not None
		or script,
		"booked": modifiers.unbooked_factor is not None or modifiers.unbooked_surcharge is not None or script,
		"script_forbidden": script and not scripts.allowed(),
	}


# ---------------------------------------------------------------- from answers to a situation


def _parsed(answers: Any) -> dict:
	found = frappe.parse_json(answers) if answers else {}
	return found if isinstance(found, dict) else {}


def _known(
	answers: dict, book: TariffBook, activity: str, category: str | None, site: str | None, day: date
) -> Known:
	"""What the dossier of the chosen child says on that day; nothing without a child."""
	person = answers.get("person")
	family = _family_of(person, activity) if person else None
	if not family:
		return Known()
	frappe.get_doc("Family", family).check_permission("read")
	span = DateRange.day(day)
	# The dossier may be read, so its enrolments count; this activity counts as if the child were enrolled in it.
	rows = frappe.get_all(
		"Enrolment",
		filters={"family": family, "status": "Confirmed", "valid_from": ("<=", day), "valid_to": (">=", day)},
		fields=[
			"name",
			"family",
			"person",
			"activity",
			"site",
			"category",
			"valid_from",
			"valid_to",
			"status",
		],
	)
	asked_for = frappe._dict(
		name="", family=family, person=person, activity=activity, site=site, category=category,
		valid_from=day, valid_to=day, status="Confirmed",
	)  # fmt: skip
	found = profiles([*rows, asked_for], span, Needs.of(book)).get("")
	profile = found.get(day) if found is not None else None
	quotient = histories([family])[family].as_map().get(day)
	return Known(quotient, profile or Profile(), person)


def _family_of(person: str, activity: str) -> str | None:
	"""The dossier of a child; of several, the one in which the child is enrolled in the activity."""
	# Whether it may be read is asked by the caller.
	families = frappe.get_all(
		"Family Member",
		filters={"parenttype": "Family", "person": person, "role": "Child"},
		pluck="parent",
		order_by="creation asc",
	)
	enrolled = frappe.get_all(
		"Enrolment",
		filters={"person": person, "activity": activity, "family": ("in", families or [""])},
		pluck="family",
		limit=1,
	)
	return next(iter([*enrolled, *families]), None)


def _situation(tariff: Tariff, day: date, quotient: Any, answers: dict, known: Known) -> Situation:
	profile = known.profile
	minutes = _minutes(answers)
	quantity = decimal_of(answers.get("quantity") or 1)
	if tariff.method is Method.EFFORT_RATE and minutes is None and answers.get("hours"):
		quantity = decimal_of(answers["hours"])
	rank = cint(answers.get("sibling_rank")) or profile.rank(tariff.modifiers.sibling_scope)
	resident = answers.get("resident")
	return Situation(
		day=day,
		quotient=_typed_quotient(quotient, day) or known.quotient,
		quantity=quantity,
		minutes=minutes,
		units=frozenset(answers.get("units") or ()),
		sibling_rank=max(rank, 1),
		resident=profile.resident if resident in (None, "") else resident not in NO,
		booked=answers.get("booked") not in NO,
		household=_household(answers, profile.household),
		age=_age(known.person, day),
		category=tariff.category,
		site=tariff.site,
	)


def _typed_quotient(value: Any, day: date) -> Quotient | None:
	if value in (None, ""):
		return None
	number = decimal_of(str(value).strip().replace(",", "."))
	if number < 0:
		raise InvalidQuotient(value=number)
	return Quotient("", number, DateRange.day(day), day)


def _minutes(answers: dict) -> int | None:
	"""From arrival and departure; None if one of them is missing. Raises BackwardHours."""
	arrival, departure = answers.get("arrival"), answers.get("departure")
	if not arrival or not departure:
		return None
	return Slot(moment(arrival), moment(departure)).minutes


def _household(answers: dict, known: Household | None) -> Household | None:
	"""Typed resources go before those of the dossier."""
	typed = answers.get("resources")
	if typed in (None, "") and not cint(answers.get("placed")):
		return known
	return Household(
		resources=None if typed in (None, "") else decimal_of(str(typed).replace(",", ".")),
		children=max(cint(answers.get("children")), 1),
		disabled_children=max(cint(answers.get("disabled_children")), 0),
		placed=bool(cint(answers.get("placed"))),
	)


def _age(person: str | None, day: date) -> int | None:
	birth = frappe.db.get_value("Person", person, "birth_date") if person else None
	return age_on(birth, day) if birth else None


# ---------------------------------------------------------------- the answer


def _answer(tariff: Tariff, situation: Situation) -> dict:
	result = price(tariff, situation)
	uses_quotient = needs_quotient(tariff)
	return {
		"amount": format_money(result.amount),
		"uses_quotient": uses_quotient,
		"quotient": _number(situation.quotient.value) if uses_quotient and situation.quotient else None,
		"one_unit": result.quantity == 1 and tariff.method in BY_UNIT,
		"lines": lines(result.explanation(), hide_resources=not may_read_amounts()),
		"asks": asked(tariff),
	}


def _number(value: Decimal) -> str:
	return f"{value.normalize():f}".replace(".", ",")
