"""One exception class for each rule of this room that refuses, so that a test says which rule it was.

Each is a ``frappe.ValidationError``: forms show its message, the API answers 417.
"""

import frappe


class ActivitiesError(frappe.ValidationError):
	"""Base of all refusals of this room."""


# ---------------------------------------------------------------- school years and sites (R7)


class PeriodEndsBeforeStart(ActivitiesError):
	"""A period ends before it starts."""


class SchoolYearsOverlap(ActivitiesError):
	"""Two school years share days."""


class HolidayOutsideYear(ActivitiesError):
	"""A school or public holiday is not inside its school year."""


class HolidaysOverlap(ActivitiesError):
	"""Two school holidays share days."""


class DuplicateHoliday(ActivitiesError):
	"""Two school holidays bear one name, or a public holiday is there twice."""


class OfficialCalendarUnknown(ActivitiesError):
	"""The packages don't know the holidays of that year yet."""


class NotTheLastYear(ActivitiesError):
	"""A roll-over starts from a year that is not the last one, and the year after it is missing."""


class ClosuresOverlap(ActivitiesError):
	"""Two closures of one site share days."""


class DuplicateManager(ActivitiesError):
	"""Somebody is named twice among those who answer for a site."""


class InvalidPostcode(ActivitiesError):
	"""A French postcode has five digits."""


class NegativeCapacity(ActivitiesError):
	"""A capacity is zero (no limit) or more."""


# ---------------------------------------------------------------- activities (R1)


class NoUnit(ActivitiesError):
	"""An activity has at least one unit."""


class DuplicateUnit(ActivitiesError):
	"""Two units of an activity bear one code."""


class UnitEndsBeforeStart(ActivitiesError):
	"""A unit ends before it starts."""


class InvalidHour(ActivitiesError):
	"""An hour that was typed is none."""


class UnitInUse(ActivitiesError):
	"""A unit that enrolments use can't be removed."""


class DuplicateSite(ActivitiesError):
	"""A site is named twice."""


class DuplicateCategory(ActivitiesError):
	"""A category is named twice."""


class NeverOpen(ActivitiesError):
	"""An activity without weekday or without period is never open."""


class InvalidBookingRule(ActivitiesError):
	"""A booking or cancelling rule says too little: no hour, no weekday."""


class LateCancellingNotBilled(ActivitiesError):
	"""Late cancelling can't stay billed where an absence isn't."""


class InvalidAges(ActivitiesError):
	"""The youngest age is above the oldest, or a group is outside its activity."""


class InvalidGroup(ActivitiesError):
	"""A group is there twice, or names a site or a unit that the activity doesn't have."""


class CampIncomplete(ActivitiesError):
	"""A camp has a number, a place and its dates (R7)."""


class InvalidModel(ActivitiesError):
	"""A model of activities is incomplete."""


class InvalidWizardPrice(ActivitiesError):
	"""A price given to the wizard is no amount."""


class CampNameTaken(ActivitiesError):
	"""Another camp has the same number, place and dates."""


class InvalidActivityPeriod(ActivitiesError):
	"""An enrolment period overlaps another or is outside the dates of its activity."""


class ImputationNeeded(ActivitiesError):
	"""What is billed has an accounting code."""


# ---------------------------------------------------------------- tariffs (R26)


class TariffsOverlap(ActivitiesError):
	"""Two tariffs hold for the same activity, category, site and day."""


class InvalidTariff(ActivitiesError):
	"""The engine refuses the tariff: gap or overlap in bands, missing or negative price."""


class ScriptsNotAllowed(InvalidTariff):
	"""A tariff by script, on a site that does not allow server scripts."""


class NotOffered(ActivitiesError):
	"""The site, category or unit is not one of the activity's."""


# ---------------------------------------------------------------- enrolments (R4, R19, R22, R25–R27)


class NotInFamily(ActivitiesError):
	"""The person is no member of the family."""


class WrongAudience(ActivitiesError):
	"""The category is for children and the person an adult of the family, or the other way round."""


class EnrolmentsOverlap(ActivitiesError):
	"""One person is enrolled twice in one activity and site on the same day."""


class PatternMissing(ActivitiesError):
	"""The activity needs a forecast (R27), so the enrolment needs a weekly pattern."""


class InvalidPatternRow(ActivitiesError):
	"""A row of the weekly pattern names no day, or repeats another."""


class ClosedDaysOnly(ActivitiesError):
	"""The weekly pattern never meets an open day."""


class OutsideSchoolYears(ActivitiesError):
	"""No school year covers a day of the enrolment: its calendar is unknown."""


class NoPayerNamed(ActivitiesError):
	"""An enrolment names who pays (R22)."""


class DuplicatePayer(ActivitiesError):
	"""A payer is named twice."""


class PayerOfOtherFamily(ActivitiesError):
	"""The payer belongs to another family."""


class ForbiddenPayer(ActivitiesError):
	"""The payer is a forbidden contact of the family (R22)."""


class InactivePayer(ActivitiesError):
	"""The payer is no longer active."""


class SharesNotWhole(ActivitiesError):
	"""The shares of the payers don't sum to 100 (R19)."""


class CustodyCalendarNeeded(ActivitiesError):
	"""Two payers without shares need a custody calendar (R19)."""


class WrongCustodyCalendar(ActivitiesError):
	"""The custody calendar is of another family, child or pair of payers (R19)."""


class AgeOutOfRange(ActivitiesError):
	"""The activity is for another age, and nobody who may has decided otherwise."""


class OverrideReasonNeeded(ActivitiesError):
	"""Whoever enrols outside the age range says why."""


class OverrideNotAllowed(ActivitiesError):
	"""The account may not enrol outside the age range."""


class OutsideActivity(ActivitiesError):
	"""The enrolment reaches beyond the dates of the activity."""


class PayerChoiceMissing(ActivitiesError):
	"""A pass over several children needs to know who pays (R22)."""


# ---------------------------------------------------------------- nurseries (R36)


class InvalidScale(ActivitiesError):
	"""A table of effort rates, or bounds of resources, that make no sense."""


class ScalesOverlap(ActivitiesError):
	"""Two tables of effort rates, or two bounds of resources, hold on the same day."""


class InvalidContract(ActivitiesError):
	"""A nursery contract without hours, weeks or months, or with hours that make no sense."""


class ContractOutsideEnrolment(ActivitiesError):
	"""A nursery contract lies inside the period of its enrolment, of an activity billed by hours."""


class ContractsShareMonth(ActivitiesError):
	"""Two contracts of one enrolment bill the same month."""


# ---------------------------------------------------------------- required documents (R7)


class DuplicateRequirement(ActivitiesError):
	"""A document or an authorisation is required once."""


class RequirementsMissing(ActivitiesError):
	"""An enrolment is confirmed only with the documents that block it."""


class InvalidStop(ActivitiesError):
	"""A bus stop is there twice, or its time is none (R28)."""


class UnknownStop(ActivitiesError):
	"""The line does not stop there (R28)."""
