"""The rules of an enrolment, one function per subject, each refusal by its own name (R4, R19, R22–R27)."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities import errors
from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import opening_of, pattern_of, weekdays_of
from concerto_education.activities.periods import require_order
from concerto_education.activities.school_years import default_span
from concerto_education.authority.money import decimal_of
from concerto_education.authority.rules import refuse
from concerto_education.engine.errors import OutsideCalendar, PatternOnClosedDays
from concerto_education.engine.patterns import require_open_day
from concerto_education.engine.ranges import DateRange

CONFIRMED = "Confirmed"
CANCELLED = "Cancelled"
WHOLE = Decimal(100)


def set_default_period(doc) -> None:
	"""The school year, 1 September to 31 August by default (R8)."""
	if not doc.valid_from:
		doc.valid_from = default_span(getdate()).start
	if not doc.valid_to:
		doc.valid_to = default_span(getdate(doc.valid_from)).end


def validate(doc) -> None:
	"""All rules of an enrolment, in the order in which the form is filled."""
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("To"))
	role = _validate_person(doc)
	activity = frappe.get_cached_doc("Activity", doc.activity)
	_validate_offer(doc, activity)
	_validate_category(doc, activity, role)
	_validate_alone(doc)
	_validate_pattern(doc, activity)
	_validate_payers(doc)
	_validate_shares(doc)


# ---------------------------------------------------------------- who, where, when


def _validate_person(doc) -> str:
	"""The person belongs to the family. Returns their role in it."""
	# The family record is the user's own link; its members are read whatever the permissions.
	roles = frappe.get_all(
		"Family Member",
		filters={"parent": doc.family, "parenttype": "Family", "person": doc.person},
		pluck="role",
	)
	if not roles:
		frappe.throw(
			_("Person: {0} is not a member of the family {1}. Add the person to the family first").format(
				_name_of(doc.person), doc.family
			),
			errors.NotInFamily,
		)
	return roles[0]


def _name_of(person: str) -> str:
	return frappe.db.get_value("Person", person, "full_name") or person


def _validate_offer(doc, activity) -> None:
	if doc.site not in [row.site for row in activity.sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(doc.site, doc.activity), errors.NotOffered)
	units = {row.unit for row in activity.units}
	for row in doc.pattern:
		if row.unit not in units:
			frappe.throw(
				_("Weekly Pattern, row {0}: {1} has no unit {2}").format(row.idx, doc.activity, row.unit),
				errors.NotOffered,
			)


def _validate_category(doc, activity, role: str) -> None:
	allowed = [row.category for row in activity.categories]
	if allowed and doc.category not in allowed:
		frappe.throw(
			_("Category: {0} is not a category of {1} (R26)").format(doc.category, doc.activity),
			errors.NotOffered,
		)
	audience = frappe.get_cached_value("Enrolment Category", doc.category, "audience")
	if (audience == "Adults" and role == "Child") or (audience == "Children" and role != "Child"):
		frappe.throw(
			_("Category: {0} is not meant for {1} (R26)").format(doc.category, _name_of(doc.person)),
			errors.WrongAudience,
		)


def _validate_alone(doc) -> None:
	"""One enrolment of a person in an activity and site at a time; two sites are two enrolments (R25)."""
	if doc.status == CANCELLED:
		return
	# An enrolment made by somebody else counts too.
	other = frappe.get_all(
		"Enrolment",
		filters={
			"name": ("!=", doc.name or ""),
			"person": doc.person,
			"activity": doc.activity,
			"site": doc.site,
			"status": ("!=", CANCELLED),
			"valid_from": ("<=", doc.valid_to),
			"valid_to": (">=", doc.valid_from),
		},
		fields=["name", "valid_from", "valid_to"],
		limit=1,
	)
	if other:
		frappe.throw(
			_("{0} is already enrolled in {1} at {2} from {3} to {4} ({5})").format(
				_name_of(doc.person),
				doc.activity,
				doc.site,
				formatdate(other[0].valid_from),
				formatdate(other[0].valid_to),
				other[0].name,
			),
			errors.EnrolmentsOverlap,
		)


# ---------------------------------------------------------------- weekly pattern


def _validate_pattern(doc, activity) -> None:
	if not doc.pattern:
		if activity.needs_forecast and doc.status != CANCELLED:
			frappe.throw(
				_("Weekly Pattern: {0} needs a forecast, so choose at least one day (R27)").format(
					doc.activity
				),
				errors.PatternMissing,
			)
		return
	seen = set()
	for row in doc.pattern:
		days = weekdays_of(row)
		if not days:
			frappe.throw(
				_("Weekly Pattern, row {0}: choose at least one day").format(row.idx),
				errors.InvalidPatternRow,
			)
		for day in days:
			# "Every week" beside "even weeks" on one day says the same thing twice.
			clashing = (
				{row.weeks, "Every Week"}
				if row.weeks != "Every Week"
				else {"Even Weeks", "Odd Weeks", row.weeks}
			)
			if any((row.unit, day, weeks) in seen for weeks in clashing):
				frappe.throw(
					_("Weekly Pattern, row {0}: a day of {1} is already in a row above").format(
						row.idx, row.unit
					),
					errors.InvalidPatternRow,
				)
		seen |= {(row.unit, day, row.weeks) for day in days}
	if doc.status == CANCELLED:
		return
	span = DateRange(getdate(doc.valid_from), getdate(doc.valid_to))
	try:
		require_open_day(pattern_of(doc.pattern), span, school_calendar(span, doc.site), opening_of(activity))
	except PatternOnClosedDays as error:
		refuse(error, errors.ClosedDaysOnly, _("Weekly Pattern"))
	except OutsideCalendar as error:
		refuse(error, errors.OutsideSchoolYears, _("Period"))


# ---------------------------------------------------------------- payers


def _validate_payers(doc) -> None:
	"""Payers of this family, none of them a forbidden contact (R22)."""
	if not doc.payers:
		frappe.throw(_("Payers: name who pays for this enrolment (R22)"), errors.NoPayerNamed)
	names = [row.payer for row in doc.payers]
	# Which payers exist is decided by the family's dossier, not by what the user may list.
	known = {
		payer.name: payer
		for payer in frappe.get_all(
			"Payer",
			filters={"name": ("in", names)},
			fields=["name", "family", "person", "active", "recipient"],
		)
	}
	forbidden = set(
		frappe.get_all(
			"Family Member",
			filters={"parent": doc.family, "parenttype": "Family", "role": "Contact", "forbidden": 1},
			pluck="person",
		)
	)
	for row in doc.payers:
		payer = known.get(row.payer)
		label = (payer and payer.recipient) or row.payer
		if names.count(row.payer) > 1:
			frappe.throw(
				_("Payers, row {0}: {1} is there twice").format(row.idx, label), errors.DuplicatePayer
			)
		if payer and payer.family != doc.family:
			frappe.throw(
				_("Payers, row {0}: {1} is not a payer of the family {2} (R22)").format(
					row.idx, label, doc.family
				),
				errors.PayerOfOtherFamily,
			)
		if payer and payer.person in forbidden:
			frappe.throw(
				_("Payers, row {0}: {1} is a forbidden contact and can't pay (R22)").format(row.idx, label),
				errors.ForbiddenPayer,
			)
		if payer and not payer.active and _is_new_payer(doc, row.payer):
			frappe.throw(
				_("Payers, row {0}: {1} is no longer active").format(row.idx, label), errors.InactivePayer
			)


def _is_new_payer(doc, payer: str) -> bool:
	"""A payer who became inactive later stays on the enrolments that named them."""
	before = doc.get_doc_before_save()
	return not before or payer not in [row.payer for row in before.payers]


def _validate_shares(doc) -> None:
	"""One payer pays all; several share to the whole, or take turns by a custody calendar (R19)."""
	if len(doc.payers) == 1:
		doc.payers[0].share = 100
		doc.custody_calendar = None
		return
	if doc.custody_calendar:
		_validate_custody(doc)
		for row in doc.payers:
			row.share = 0  # the calendar decides, day by day
		return
	shares = [decimal_of(row.share) for row in doc.payers]
	if len(shares) == 2 and (not any(shares) or all(share == WHOLE for share in shares)):
		frappe.throw(
			_("Custody Calendar: two payers without shares need a custody calendar (R19)"),
			errors.CustodyCalendarNeeded,
		)
	if sum(shares) != WHOLE or min(shares) <= 0:
		frappe.throw(
			_("Payers: the shares must each be above 0 and sum to 100 %, not {0} % (R19)").format(
				f"{sum(shares).normalize():f}".replace(".", ",")
			),
			errors.SharesNotWhole,
		)


def _validate_custody(doc) -> None:
	calendar = frappe.get_doc("Custody Calendar", doc.custody_calendar)
	if calendar.family != doc.family or calendar.person != doc.person:
		frappe.throw(
			_("Custody Calendar: {0} is not of this child and family (R19)").format(calendar.name),
			errors.WrongCustodyCalendar,
		)
	if {row.payer for row in doc.payers} != {calendar.first_payer, calendar.second_payer}:
		frappe.throw(
			_("Custody Calendar: the payers of {0} are not the two payers of this enrolment (R19)").format(
				calendar.name
			),
			errors.WrongCustodyCalendar,
		)
	ends = getdate(calendar.valid_to) if calendar.valid_to else None
	held = DateRange(getdate(calendar.valid_from), ends)
	if DateRange(getdate(doc.valid_from), getdate(doc.valid_to)) not in held:
		frappe.throw(
			_("Custody Calendar: {0} does not cover the whole period of the enrolment (R19)").format(
				calendar.name
			),
			errors.WrongCustodyCalendar,
		)
