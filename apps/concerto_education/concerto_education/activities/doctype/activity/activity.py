import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_time

from concerto_education.activities.catalogue import opening_of
from concerto_education.activities.errors import (
	DuplicateCategory,
	DuplicateSite,
	DuplicateUnit,
	NegativeCapacity,
	NeverOpen,
	NoUnit,
	UnitEndsBeforeStart,
	UnitInUse,
)
from concerto_education.engine.calendar import WEDNESDAY, PeriodKind


class Activity(Document):
	"""A service of the authority: its units, opening days, sites, categories and what is billed (R1)."""

	def validate(self):
		self._validate_units()
		self._validate_unique("sites", "site", DuplicateSite)
		self._validate_unique("categories", "category", DuplicateCategory)
		for row in self.sites:
			if (row.capacity or 0) < 0:
				frappe.throw(
					_("Sites, row {0}: the capacity can't be negative; 0 means no limit").format(row.idx),
					NegativeCapacity,
				)
		self._validate_opening()

	def _validate_units(self):
		if not self.units:
			frappe.throw(_("Units: an activity has at least one unit"), NoUnit)
		for row in self.units:
			row.unit = (row.unit or "").strip()
			if row.starts_at and row.ends_at and get_time(row.ends_at) <= get_time(row.starts_at):
				frappe.throw(
					_("Units, row {0}: the unit ends before it starts").format(row.idx), UnitEndsBeforeStart
				)
		self._validate_unique("units", "unit", DuplicateUnit)
		self._validate_removed_units()

	def _validate_unique(self, table, field, error):
		seen = set()
		for row in self.get(table):
			key = row.get(field).casefold()
			if key in seen:
				frappe.throw(
					_("{0}, row {1}: {2} is there twice").format(
						_(self.meta.get_label(table)), row.idx, row.get(field)
					),
					error,
				)
			seen.add(key)

	def _validate_removed_units(self):
		before = self.get_doc_before_save()
		if not before:
			return
		for unit in {row.unit for row in before.units} - {row.unit for row in self.units}:
			pattern, enrolment = (frappe.qb.DocType("Enrolment Pattern"), frappe.qb.DocType("Enrolment"))
			used = (
				frappe.qb.from_(pattern)
				.join(enrolment)
				.on(pattern.parent == enrolment.name)
				.select(enrolment.name)
				.where((enrolment.activity == self.name) & (pattern.unit == unit))
				.limit(1)
			).run()
			if used:
				frappe.throw(
					_("Units: {0} can't be removed, the enrolment {1} uses it").format(unit, used[0][0]),
					UnitInUse,
				)

	def _validate_opening(self):
		opening = opening_of(self)
		# Wednesdays of school time are a kind of period of their own.
		possible = {
			PeriodKind.SCHOOL: opening.weekdays - {WEDNESDAY},
			PeriodKind.WEDNESDAY: opening.weekdays & {WEDNESDAY},
		}
		if not any(possible.get(kind, opening.weekdays) for kind in opening.periods):
			frappe.throw(
				_("Opening: choose weekdays and periods that meet, else the activity is never open"),
				NeverOpen,
			)
