"""Makes what the plan says. Each enrolment stands alone: one that a rule refuses stops no other and says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities import school_years
from concerto_education.activities.errors import NotTheLastYear
from concerto_education.activities.rollover.plan import Item, Years, next_class, plan, years

SAVEPOINT = "rollover_item"


class Carrier:
	"""A roll-over of one year: ``items`` says what there is, ``make`` makes it one by one.

	The next year itself is made here and now: everything else hangs on it. The caller checked the rights; it may run any
	number of times.
	"""

	def __init__(self, old: str, enrol: Iterable[str] = (), raise_classes: bool = False) -> None:
		first = None if years(old).exists else _create_year(old)
		self._between, self._raise = years(old), raise_classes
		items = plan(old, enrol)
		self.items = [first, *items[1:]] if first else items

	def make(self) -> Iterator[Item]:
		"""What is to be made, each as it came out: a rule may have refused it."""
		for item in self.items:
			if item.make:
				yield item if item.kind == "School Year" else self._make(item)

	def _make(self, item: Item) -> Item:
		frappe.db.savepoint(SAVEPOINT)
		shown = len(frappe.local.message_log)
		try:
			_MAKERS[item.kind](item, self._between)
			if self._raise and item.kind == "Enrolment":
				_raise_class(item, self._between)
		except frappe.ValidationError as error:
			frappe.db.rollback(save_point=SAVEPOINT)
			return replace(item, make=False, text=frappe.utils.strip_html(str(error)))
		finally:
			# Thousands of "enrolled" and "on the waiting list" would drown what the page says.
			del frappe.local.message_log[shown:]
		return item


def carry(old: str, enrol: Iterable[str] = (), raise_classes: bool = False) -> list[Item]:
	"""All of it at once, for scripts and tests: what was made, refused and left."""
	carrier = Carrier(old, enrol, raise_classes)
	made = carrier.make()
	return [next(made) if item.make else item for item in carrier.items]


def _create_year(old: str) -> Item:
	made = school_years.create_next()
	if getdate(made.starts_on) != years(old).new.start:
		frappe.throw(
			_("{0} is not the last school year, but the year after it is missing. Create it by hand").format(
				old
			),
			NotTheLastYear,
		)
	return Item("School Year", made.name, made.name, True, _("created, check its dates"))


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


def _raise_class(item: Item, between: Years) -> None:
	"""Move a continuing child up a class, once a year: the person remembers for which year the class is."""
	doc = frappe.get_doc("Person", frappe.db.get_value("Enrolment", item.name, "person"))
	moved = next_class(doc.school_class)
	if moved and doc.class_year != between.new_name:
		doc.update({"school_class": moved, "class_year": between.new_name})
		doc.save()
