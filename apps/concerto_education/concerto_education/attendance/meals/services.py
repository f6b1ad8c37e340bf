"""The kitchens: whom they serve, when their orders are made, which portions they know (R27, R41)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.utils import validate_email_address

from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import ActivityRules, activity_rules
from concerto_education.attendance import clock
from concerto_education.attendance.errors import InvalidMealService
from concerto_education.engine.calendar import SchoolCalendar
from concerto_education.engine.meals import AgeClass, cut_off
from concerto_education.engine.ranges import DateRange

BY_THE_SYSTEM = "By the System"
SATURDAY = 6
BACK = timedelta(days=70)
# What a new kitchen begins with; an administrator changes it.
USUAL_CLASSES = (
	("Maternelle", "TPS, PS, MS, GS", 2, 5, 0),
	("Élémentaire", "CP, CE1, CE2, CM1, CM2", 6, 17, 0),
	("Adultes", "", 0, 0, 1),
)


@dataclass(frozen=True, slots=True)
class Served:
	"""A site and what is eaten there: one row for each activity with a meal."""

	site: str
	activity: str
	unit: str | None
	adults: int


@dataclass(frozen=True, slots=True)
class Service:
	"""A kitchen as the rest of this package reads it."""

	kitchen: str
	emails: tuple[str, ...]
	days_before: int
	working_days: bool
	cut_off_time: time
	automatic: bool
	corrections_until: time
	served: tuple[Served, ...]
	age_classes: tuple[AgeClass, ...]
	show_names: bool

	@property
	def sites(self) -> tuple[str, ...]:
		return tuple(dict.fromkeys(row.site for row in self.served))

	def at(self, site: str) -> tuple[Served, ...]:
		return tuple(row for row in self.served if row.site == site)


# ---------------------------------------------------------------- the record


def complete(doc) -> None:
	"""A new kitchen begins with the usual portions, and hours are written one way."""
	if not doc.age_classes:
		for label, levels, low, high, adults in USUAL_CLASSES:
			doc.append(
				"age_classes",
				{"label": label, "levels": levels, "age_from": low, "age_to": high, "adults": adults},
			)
	for field in ("cut_off_time", "corrections_until"):
		try:
			doc.set(field, clock.shown(clock.time_of(doc.get(field))))
		except ValueError:
			frappe.throw(
				_("{0}: write hours and minutes, as in 08:30").format(_(doc.meta.get_label(field))),
				InvalidMealService,
			)


def validate(doc) -> None:
	"""Throw the first thing that a kitchen could not work with."""
	if frappe.get_cached_value("Site", doc.kitchen, "kind") != "Kitchen":
		frappe.throw(
			_("Kitchen: {0} is not a site of the kind “Kitchen”").format(doc.kitchen), InvalidMealService
		)
	if doc.corrections == BY_THE_SYSTEM and not doc.corrections_until:
		frappe.throw(_("Automatic Corrections Until: give an hour"), InvalidMealService)
	for address in addresses(doc.email):
		if not validate_email_address(address):
			frappe.throw(_("E-mail of the Orders: “{0}” is no address").format(address), InvalidMealService)
	_validate_sites(doc)
	labels = [row.label.casefold() for row in doc.age_classes]
	if len(set(labels)) < len(labels):
		frappe.throw(_("Age Classes: each label is used once"), InvalidMealService)
	if not any(row.adults for row in doc.age_classes) or all(row.adults for row in doc.age_classes):
		frappe.throw(
			_("Age Classes: there is at least one for children and one for adults"), InvalidMealService
		)


def addresses(text: str | None) -> list[str]:
	"""One a line, or separated by commas or semicolons."""
	return [word for word in re.split(r"[\s,;]+", text or "") if word]


def _validate_sites(doc) -> None:
	seen = set()
	for row in doc.sites:
		activity = frappe.get_cached_doc("Activity", row.activity)
		if row.site not in [at.site for at in activity.sites]:
			frappe.throw(
				_("Sites Served, row {0}: {1} is not offered at {2}").format(row.idx, row.activity, row.site),
				InvalidMealService,
			)
		if row.unit and row.unit not in [unit.unit for unit in activity.units]:
			frappe.throw(
				_("Sites Served, row {0}: {1} has no unit {2}").format(row.idx, row.activity, row.unit),
				InvalidMealService,
			)
		if (row.site, row.activity) in seen:
			frappe.throw(
				_("Sites Served, row {0}: {1} is there twice").format(row.idx, row.site), InvalidMealService
			)
		seen.add((row.site, row.activity))
		# Any kitchen's row, whatever the user may see: a meal is ordered once.
		other = frappe.db.get_value(
			"Meal Service Site",
			{"site": row.site, "activity": row.activity, "parent": ("!=", doc.name or "")},
			"parent",
		)
		if other:
			frappe.throw(
				_("Sites Served, row {0}: {1} is served by {2} already").format(row.idx, row.site, other),
				InvalidMealService,
			)


# ---------------------------------------------------------------- reading


def service(kitchen: str) -> Service:
	doc = frappe.get_cached_doc("Meal Service", kitchen)
	return Service(
		kitchen=doc.kitchen,
		emails=tuple(addresses(doc.email)),
		days_before=doc.days_before or 0,
		working_days=bool(doc.working_days),
		cut_off_time=clock.time_of(doc.cut_off_time),
		automatic=doc.corrections == BY_THE_SYSTEM,
		corrections_until=clock.time_of(doc.corrections_until) or time.min,
		served=tuple(Served(row.site, row.activity, row.unit or None, row.adults or 0) for row in doc.sites),
		age_classes=tuple(
			AgeClass(
				row.label,
				tuple(word.strip() for word in (row.levels or "").split(",") if word.strip()),
				row.age_from or 0,
				row.age_to or 0,
				bool(row.adults),
			)
			for row in doc.age_classes
		),
		show_names=bool(doc.show_names),
	)


def services() -> list[Service]:
	# For the scheduler and for callers who then ask for each site or kitchen.
	names = frappe.get_all("Meal Service", filters={"active": 1}, pluck="name", order_by="name")
	return [service(name) for name in names]


def kitchen_of(site: str) -> Service | None:
	"""The kitchen that cooks for a site (the first, if several do for several activities)."""
	return next((one for one in services() if site in one.sites), None)


# ---------------------------------------------------------------- days


class Days:
	"""Open days of the sites of a kitchen around a span, in a constant number of queries for each site."""

	def __init__(self, one: Service, span: DateRange) -> None:
		self.service = one
		self.span = DateRange(span.start - BACK, span.last + timedelta(days=1))
		self._rules = activity_rules({row.activity for row in one.served})
		self._calendars: dict[str, SchoolCalendar] = {}

	def calendar(self, site: str) -> SchoolCalendar:
		if site not in self._calendars:
			self._calendars[site] = school_calendar(self.span, site)
		return self._calendars[site]

	def is_open(self, site: str, day: date) -> bool:
		"""Whether a meal is eaten at the site that day."""
		calendar = self.calendar(site)
		return day in calendar.years and any(
			calendar.is_open(day, self._rule(row).opening) for row in self.service.at(site)
		)

	def _rule(self, row: Served) -> ActivityRules:
		return self._rules[row.activity]

	def cut_off(self, site: str, day: date) -> datetime:
		one = self.service
		return cut_off(day, one.days_before, one.cut_off_time, self._works if one.working_days else None)

	def _works(self, day: date) -> bool:
		holidays = self.calendar(self.service.kitchen).public_holidays
		return day.isoweekday() < SATURDAY and day not in holidays
