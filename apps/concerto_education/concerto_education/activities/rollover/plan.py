"""What a roll-over would make and what it leaves, each with its reason. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.ages import holds, months_on
from concerto_education.activities.camps import CAMP
from concerto_education.activities.errors import OfficialCalendarUnknown
from concerto_education.activities.school_years import official_holidays
from concerto_education.engine.ranges import DateRange

ONE_DAY = timedelta(days=1)
CLASSES = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
LAST_CLASS = CLASSES[-1]
# Schools end with the last class; leisure centres, camps and youth centres don't ask for a class.
BY_CLASS = frozenset({"Canteen", "Périscolaire Care", "TAP"})


@dataclass(frozen=True)
class Item:
	"""One record that goes over (``make``) or stays (``reason``)."""

	kind: str  # School Year, Activity, Enrolment Period, Tariff, Enrolment
	name: str  # the record of the old year
	label: str
	make: bool
	text: str  # what is made, or why it is left
	values: dict = field(default_factory=dict, compare=False)

	def shown(self) -> dict:
		return {key: value for key, value in asdict(self).items() if key != "values"}


@dataclass(frozen=True)
class Years:
	"""The year that ends and the one that begins."""

	old_name: str
	new_name: str
	old: DateRange
	new: DateRange
	exists: bool


def years(old: str) -> Years:
	doc = frappe.get_doc("School Year", old)
	span = DateRange(getdate(doc.starts_on), getdate(doc.ends_on))
	start = span.end + ONE_DAY
	# Whether the next year is there already, whoever may read it.
	found = frappe.get_all(
		"School Year", filters={"starts_on": start}, fields=["name", "starts_on", "ends_on"], limit=1
	)
	if found:
		new = DateRange(getdate(found[0].starts_on), getdate(found[0].ends_on))
		return Years(old, found[0].name, span, new, True)
	end = date(start.year + 1, 8, 31) if start.month >= 9 else date(start.year, 8, 31)
	return Years(old, f"{start.year}-{end.year}", span, DateRange(start, end), False)


def plan(old: str, enrol: Iterable[str] = ()) -> list[Item]:
	"""All items of a roll-over out of ``old``; enrolments only for the activities in ``enrol``."""
	between = years(old)
	items = [_year(between)]
	# An administrator sees and carries all of it, whatever the sites.
	activities = [
		frappe.get_doc("Activity", name) for name in frappe.get_all("Activity", pluck="name", order_by="name")
	]
	for activity in activities:
		items.append(_activity(activity, between))
		items.extend(_periods(activity, between))
	items.extend(_tariffs(between))
	chosen = set(enrol)
	for activity in activities:
		if activity.name in chosen:
			items.extend(_enrolments(activity, between))
	return items


def _year(between: Years) -> Item:
	if between.exists:
		return Item("School Year", between.new_name, between.new_name, False, _("is there already"))
	return Item(
		"School Year",
		between.new_name,
		between.new_name,
		True,
		_("with its holidays and public holidays, {0} to {1}").format(
			formatdate(between.new.start), formatdate(between.new.end)
		),
	)


# ---------------------------------------------------------------- activities and their periods


def _activity(doc, between: Years) -> Item:
	def left(text: str) -> Item:
		return Item("Activity", doc.name, doc.name, False, text)

	if not doc.active:
		return left(_("is no longer active"))
	if doc.kind == CAMP:
		return left(_("a camp has dates of its own: create the next one with the wizard"))
	if not doc.valid_to:
		return left(_("has no end and goes on by itself"))
	end = getdate(doc.valid_to)
	if end >= between.new.start:
		return left(_("is already open until {0}").format(formatdate(end)))
	if end < between.old.start:
		return left(_("ended on {0}, before this school year").format(formatdate(end)))
	return Item(
		"Activity",
		doc.name,
		doc.name,
		True,
		_("prolonged until {0}").format(formatdate(between.new.end)),
		{"valid_to": between.new.end},
	)


def _periods(doc, between: Years) -> list[Item]:
	"""Enrolment periods of the old year, moved: the whole year, a holiday of the same name, else 52 weeks later."""
	if not doc.active or doc.kind == CAMP:
		return []
	rows = [row for row in doc.periods if getdate(row.starts_on) in between.old]
	taken = [
		DateRange(getdate(row.starts_on), getdate(row.ends_on))
		for row in doc.periods
		if getdate(row.ends_on) >= between.new.start
	]
	items = []
	for row in rows:
		label = f"{doc.name} – {row.label}"
		moved = _moved(DateRange(getdate(row.starts_on), getdate(row.ends_on)), between)
		if any(moved.intersection(span) for span in taken):
			items.append(Item("Enrolment Period", doc.name, label, False, _("is there already")))
			continue
		taken.append(moved)
		items.append(
			Item(
				"Enrolment Period",
				doc.name,
				label,
				True,
				_("{0} to {1}").format(formatdate(moved.start), formatdate(moved.end)),
				{
					"label": row.label.replace(between.old_name, between.new_name),
					"starts_on": moved.start,
					"ends_on": moved.end,
				},
			)
		)
	return items


def _moved(span: DateRange, between: Years) -> DateRange:
	if span == between.old:
		return between.new
	old = dict(_holidays(between.old_name))
	new = dict(_new_holidays(between))
	for name, when in old.items():
		if span == when and name in new:
			return new[name]
	year = timedelta(weeks=52)
	start = max(span.start + year, between.new.start)
	return DateRange(start, min(max(span.end + year, start), between.new.end))


def _holidays(year: str):
	# Holidays of a year are no secret.
	for row in frappe.get_all(
		"School Holiday",
		filters={"parent": year, "parenttype": "School Year"},
		fields=["label", "starts_on", "ends_on"],
	):
		yield _without_year(row.label), DateRange(getdate(row.starts_on), getdate(row.ends_on))


def _new_holidays(between: Years):
	"""Of the recorded year; in a preview of one that isn't there yet, what it will be filled with."""
	if between.exists:
		yield from _holidays(between.new_name)
		return
	zone = frappe.db.get_value("School Year", between.old_name, "zone")
	try:
		holidays, _bridges = official_holidays(zone, between.new)
	except OfficialCalendarUnknown:
		frappe.clear_last_message()
		return
	for holiday in holidays:
		yield _without_year(holiday.label), holiday.span


def _without_year(label: str) -> str:
	return " ".join(word for word in label.split() if not any(letter.isdigit() for letter in word))


# ---------------------------------------------------------------- tariffs


def _tariffs(between: Years) -> list[Item]:
	# As above: all tariffs.
	rows = frappe.get_all(
		"Tariff",
		fields=["name", "label", "activity", "category", "site", "use", "valid_from", "valid_to"],
		order_by="activity, label, valid_from",
	)
	active = set(frappe.get_all("Activity", filters={"active": 1, "kind": ("!=", CAMP)}, pluck="name"))
	items = []
	for row in rows:
		if getdate(row.valid_from) > between.old.end or (
			row.valid_to and getdate(row.valid_to) < between.old.end
		):
			continue  # of another year
		label = f"{row.activity} – {row.label}"
		if not row.valid_to or getdate(row.valid_to) > between.old.end:
			items.append(
				Item("Tariff", row.name, label, False, _("goes on: its end is not the end of this year"))
			)
		elif row.activity not in active:
			items.append(
				Item("Tariff", row.name, label, False, _("its activity is a camp or is no longer active"))
			)
		elif follower := _follower(row, rows, between):
			items.append(
				Item("Tariff", row.name, label, False, _("is followed by {0}").format(follower.label))
			)
		else:
			items.append(
				Item(
					"Tariff",
					row.name,
					label,
					True,
					_("same prices, {0} to {1}").format(
						formatdate(between.new.start), formatdate(between.new.end)
					),
					{"label": row.label.replace(between.old_name, between.new_name)},
				)
			)
	return items


def _follower(row, rows, between: Years):
	key = ("activity", "category", "site", "use")
	for other in rows:
		if all((other.get(name) or None) == (row.get(name) or None) for name in key):
			span = DateRange(getdate(other.valid_from), getdate(other.valid_to) if other.valid_to else None)
			if span.intersection(between.new):
				return other
	return None


# ---------------------------------------------------------------- enrolments


def next_class(school_class: str | None) -> str | None:
	"""The class after this one; None after the last and for a class that isn't on the list."""
	current = (school_class or "").strip().upper()
	if current not in CLASSES or current == LAST_CLASS:
		return None
	return CLASSES[CLASSES.index(current) + 1]


def _enrolments(activity, between: Years) -> list[Item]:
	"""Whoever is enrolled on the last day of the old year continues, unless age, class or dates say otherwise."""
	Enrolment, Person = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Person")
	rows = (
		frappe.qb.from_(Enrolment)
		.join(Person)
		.on(Person.name == Enrolment.person)
		.select(
			Enrolment.name,
			Enrolment.person,
			Enrolment.site,
			Person.full_name,
			Person.birth_date,
			Person.school_class,
			Person.class_year,
		)
		.where(
			(Enrolment.activity == activity.name)
			& (Enrolment.status == "Confirmed")
			& (Enrolment.valid_from <= between.old.end)
			& (Enrolment.valid_to >= between.old.end)
		)
		.orderby(Person.full_name, Enrolment.name)
	).run(as_dict=True)
	# Also those that somebody else has made count.
	already = {
		(row.person, row.site)
		for row in frappe.get_all(
			"Enrolment",
			filters={
				"activity": activity.name,
				"status": ("!=", "Cancelled"),
				"valid_from": ("<=", between.new.end),
				"valid_to": (">=", between.new.start),
			},
			fields=["person", "site"],
		)
	}
	items = []
	for row in rows:
		reason = _why_not(activity, row, already, between)
		moved = row.school_class if _moved_up(row, between) else next_class(row.school_class)
		text = reason or (_("enrolled, in {0}").format(moved) if moved else _("enrolled"))
		items.append(
			Item("Enrolment", row.name, f"{row.full_name} – {activity.name}, {row.site}", not reason, text)
		)
	return items


def _moved_up(row, between: Years) -> bool:
	"""Whether the class is that of the new year already: another enrolment was carried over before this one."""
	return bool(row.class_year) and row.class_year == between.new_name


def _why_not(activity, row, already, between: Years) -> str:
	if (row.person, row.site) in already:
		return _("is enrolled for the new year already")
	if activity.valid_to and activity.kind == CAMP:
		return _("a camp has dates of its own: create the next one with the wizard")
	current = (row.school_class or "").strip().upper()
	if activity.kind in BY_CLASS and current == LAST_CLASS and not _moved_up(row, between):
		return _("leaves school after {0}").format(LAST_CLASS)
	if row.birth_date and not holds(activity, months_on(getdate(row.birth_date), between.new.start)):
		return _("will no longer have the age of the activity")
	return ""
