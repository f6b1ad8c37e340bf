"""Makes what the plan says. Each enrolment stands alone: one that a rule refuses stops no other and says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities import school_years
from concerto_education.activities.errors import NotTheLastYear
from concerto_education.activities.rollover.plan import Item, Years, next_class, plan, years

SAVEPOINT = "rollover_item"


def carry(old: str, enrol: Iterable[str] = (), raise_classes: bool = False) -> list[Item]:
	"""Make the next year, then what goes over to it. The caller checked the rights; may run any number of times."""
	between = years(old)
	if not between.exists:
		made = school_years.create_next()
		if getdate(made.starts_on) != between.new.start:
			frappe.throw(
				_(
					"{0} is not the last school year, but the year after it is missing. Create it by hand"
				).format(old),
				NotTheLastYear,
			)
		between = years(old)
		first = [Item("School Year", made.name, made.name, True, _("created, check its dates"))]
	else:
		first = []
	items = plan(old, enrol)[len(first) :]
	done = [*first, *(_make(item, between) if item.make else item for item in items)]
	if raise_classes:
		_raise_classes([item for item in done if item.kind == "Enrolment" and item.make], between)
	return done


def _make(item: Item, between: Years) -> Item:
	frappe.db.savepoint(SAVEPOINT)
	shown = len(frappe.local.message_log)
	try:
		_MAKERS[item.kind](item, between)
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		del frappe.local.message_log[shown:]
		return replace(item, make=False, text=frappe.utils.strip_html(str(error)))
	return item


def _activity(item: Item, between: Years) -> None:
	doc = frappe.get_doc("Activity", item.name)
	doc.valid_to = item.values["valid_to"]
	doc.save()


def _period(item: Item, between: Years) -> None:
	doc = frappe.get_doc("Activity", item.name)
	doc.append("periods", item.values)
	doc.save()


def _tariff(item: Item, between: Years) -> None:
	doc = frappe.copy_doc(frappe.get_doc("Tariff", item.name))
	doc.update({**item.values, "valid_from": between.new.start, "valid_to": between.new.end})
	doc.insert()


def _enrolment(item: Item, between: Years) -> None:
	old = frappe.get_doc("Enrolment", item.name)
	doc = frappe.new_doc("Enrolment")
	doc.update(
		{
			field: old.get(field)
			for field in ("family", "person", "activity", "site", "category", "custody_calendar")
		}
	)
	doc.update({"valid_from": between.new.start, "valid_to": between.new.end, "status": "Confirmed"})
	for table in ("pattern", "payers"):
		for row in old.get(table):
			doc.append(table, frappe.copy_doc(row).as_dict(no_default_fields=True))
	doc.insert()


_MAKERS = {
	"Activity": _activity,
	"Enrolment Period": _period,
	"Tariff": _tariff,
	"Enrolment": _enrolment,
}


def _raise_classes(items: list[Item], between: Years) -> None:
	"""Move continuing children up a class, once a year: the person remembers for which year the class is."""
	people = {frappe.db.get_value("Enrolment", item.name, "person"): None for item in items}
	for person in people:
		doc = frappe.get_doc("Person", person)
		moved = next_class(doc.school_class)
		if moved and doc.class_year != between.new_name:
			doc.update({"school_class": moved, "class_year": between.new_name})
			doc.save()
