"""What the rules of fundings and vouchers refuse (R21, R29), one class each."""

from concerto_education.activities.errors import ActivitiesError


class FundingInvalid(ActivitiesError):
	"""The engine refuses the funding: no amount, more than 100 %, two of them beyond the price."""


class FundingOutsideEnrolment(ActivitiesError):
	"""The period of the funding leaves the period of its enrolment."""


class EnrolmentNotFundable(ActivitiesError):
	"""The enrolment was cancelled."""


class WrongFundingStep(ActivitiesError):
	"""The funding is not at the status that this step needs, or the status was changed without a step."""


class FundingIncomplete(ActivitiesError):
	"""A step needs something that isn't filled in: the amount, the reference, the date of the notification."""


class NothingToQuote(ActivitiesError):
	"""The enrolment has no planned day, or no price, within the period of the funding."""


class VoucherInvalid(ActivitiesError):
	"""The voucher has no quota, or no kind of activity."""


class VoucherOverQuota(ActivitiesError):
	"""More of the voucher is used than its quota holds (R21)."""


class DuplicateVoucher(ActivitiesError):
	"""The funder has given this number to another voucher."""


class VoucherOfStranger(ActivitiesError):
	"""The child of the voucher is no member of the family."""
