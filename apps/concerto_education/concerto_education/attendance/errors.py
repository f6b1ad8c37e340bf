"""One exception class for each rule of this room that refuses, so that a test says which rule it was."""

import frappe


class AttendanceError(frappe.ValidationError):
	"""Base of the refusals of this room that concern values."""


class FutureTick(AttendanceError):
	"""Nobody is present or absent tomorrow yet."""


class ReasonNeeded(AttendanceError):
	"""A justified absence names its reason (R30)."""


class ReasonDoesNotJustify(AttendanceError):
	"""The reason given is not one that justifies an absence (R30)."""


class OutsideEnrolment(AttendanceError):
	"""The day is not in the period of the enrolment, or the enrolment is cancelled."""


class UnknownUnit(AttendanceError):
	"""The activity has no such unit."""


class AlreadyRecorded(AttendanceError):
	"""One row for each enrolment, day and unit."""


class AbsenceDecided(AttendanceError):
	"""A and AJ are decisions of the coordinator: a touch on the list can't undo them (R31)."""


class MonthClosed(AttendanceError):
	"""The month is closed at the site (R33)."""


class NotEnrolled(AttendanceError):
	"""No enrolment of this person holds there on that day (R31)."""


class TaskClosed(AttendanceError):
	"""A presence to be regularised is dealt with once (R31)."""


class OtherFamily(AttendanceError):
	"""The child is not a member of the family named."""


class BackwardTimes(AttendanceError):
	"""Nobody leaves before having come (R36)."""


class InvalidTime(AttendanceError):
	"""No time of day."""


class NotTicking(frappe.PermissionError):
	"""The account may not tick at this site (R10)."""


class NotJudging(frappe.PermissionError):
	"""The account may not choose between A and AJ at this site (R10, R31)."""
