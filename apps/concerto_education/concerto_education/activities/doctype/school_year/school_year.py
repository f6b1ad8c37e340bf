import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from concerto_education.activities import school_years
from concerto_education.activities.errors import (
	DuplicateHoliday,
	HolidayOutsideYear,
	HolidaysOverlap,
	PeriodEndsBeforeStart,
	SchoolYearsOverlap,
)
from concerto_education.activities.periods import first_overlap, require_order
from concerto_education.engine.ranges import DateRange


class SchoolYear(Document):
	"""Terms, holidays and public holidays of one school year, for the whole authority (R7)."""

	def onload(self):
		holidays = [DateRange(getdate(row.starts_on), getdate(row.ends_on)) for row in self.holidays]
		found = school_years.terms(getdate(self.starts_on), getdate(self.ends_on), holidays)
		self.set_onload("terms", [[formatdate(span.start), formatdate(span.end)] for span in found])

	def validate(self):
		require_order(self.starts_on, self.ends_on, PeriodEndsBeforeStart)
		self._validate_alone()
		self._validate_holidays()
		self._validate_public_holidays()

	def _validate_alone(self):
		# All years count, also those the user may not read: no overlap is ever allowed.
		other = frappe.get_all(
			"School Year",
			filters={
				"name": ("!=", self.name),
				"starts_on": ("<=", self.ends_on),
				"ends_on": (">=", self.starts_on),
			},
			limit=1,
		)
		if other:
			frappe.throw(
				_("First Day: the school year {0} already covers some of these days (R7)").format(
					other[0].name
				),
				SchoolYearsOverlap,
			)

	def _validate_holidays(self):
		year = DateRange(getdate(self.starts_on), getdate(self.ends_on))
		labels = set()
		for row in self.holidays:
			require_order(row.starts_on, row.ends_on, PeriodEndsBeforeStart, row.label)
			if DateRange(getdate(row.starts_on), getdate(row.ends_on)) not in year:
				frappe.throw(
					_("{0}: this holiday is not inside the school year (R7)").format(row.label),
					HolidayOutsideYear,
				)
			if row.label.strip().casefold() in labels:
				frappe.throw(_("{0}: this holiday is there twice (R7)").format(row.label), DuplicateHoliday)
			labels.add(row.label.strip().casefold())
		overlap = first_overlap(self.holidays)
		if overlap:
			frappe.throw(
				_("{0} and {1}: these holidays overlap (R7)").format(overlap[0].label, overlap[1].label),
				HolidaysOverlap,
			)

	def _validate_public_holidays(self):
		seen = {}
		for row in self.public_holidays:
			day = getdate(row.date)
			if not getdate(self.starts_on) <= day <= getdate(self.ends_on):
				frappe.throw(
					_("{0}: this day is not inside the school year (R7)").format(row.label),
					HolidayOutsideYear,
				)
			if day in seen:
				frappe.throw(
					_("{0}: {1} and {2} are on the same day (R7)").format(
						formatdate(day), seen[day], row.label
					),
					DuplicateHoliday,
				)
			seen[day] = row.label

	@frappe.whitelist(methods=["POST"])
	def fill_from_official_calendar(self):
		"""Button of the form: replace both tables by the official calendar, without saving (R7)."""
		self.check_permission("write")
		school_years.fill(self)


@frappe.whitelist(methods=["POST"])
def create_next_school_year() -> str:
	"""Button of the list: the year after the last one. Returns its name (R7)."""
	if not frappe.has_permission("School Year", "create"):
		frappe.throw(_("Only administrators create school years (R7)"), frappe.PermissionError)
	return school_years.create_next().name
