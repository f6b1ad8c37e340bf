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


class OrderIsFixed(AttendanceError):
	"""What a kitchen was told stays as it was told; a correction follows it (R41)."""


class RecordIsFixed(AttendanceError):
	"""A trace of what happened stays as it was written (R43)."""


class ListTooLong(AttendanceError):
	"""More than a list can hold."""


class OrderTooLate(AttendanceError):
	"""The day of the meal is over: nothing is cooked any more (R27)."""


class NothingToOrder(AttendanceError):
	"""The site is closed that day, or nothing has changed since the last version (R41)."""


class NoKitchen(AttendanceError):
	"""No kitchen serves this site (R41)."""


class InvalidMealService(AttendanceError):
	"""The settings of a kitchen contradict each other (R41)."""


class NegativeNumber(AttendanceError):
	"""Nobody eats less than no meal."""


class ListChanged(AttendanceError):
	"""The list is no longer the one that was printed: its numbers mean other children (R32)."""


class BadgeNotActive(AttendanceError):
	"""A badge that was taken back opens nothing."""


class BadgesSwitchedOff(AttendanceError):
	"""The authority does not use badges."""


class NotTicking(frappe.PermissionError):
	"""The account may not tick at this site (R10)."""


class NotJudging(frappe.PermissionError):
	"""The account may not choose between A and AJ at this site (R10, R31)."""


class NotPlanning(frappe.PermissionError):
	"""The account may not change forecasts at this site (R10, R27)."""


class NotRecordingLate(frappe.PermissionError):
	"""The account may not record late pick-ups at this site (R10)."""


class TooManyChanges(AttendanceError):
	"""More cells at once than a screen can hold."""


class MonthNotOver(AttendanceError):
	"""A month is closed when it is over (R33)."""


class MonthNotReady(AttendanceError):
	"""Something is left unticked, unenrolled or incoherent (R31, R33)."""


class MonthOpen(AttendanceError):
	"""Only a closed month can be opened again (R33)."""


class NotByHand(AttendanceError):
	"""The record is written by the system, from its page."""


class InvalidReminderDays(AttendanceError):
	"""Days of a month that every month has (R33)."""


class BackwardPeriod(AttendanceError):
	"""A period ends after it begins."""


class PeriodTooLong(AttendanceError):
	"""More days than a screen can show."""


class DocumentTypeNeeded(AttendanceError):
	"""A document is filed under a type (R24)."""


class NoMinutes(AttendanceError):
	"""A late pick-up has at least one minute (R10)."""
