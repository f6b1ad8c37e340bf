"""One exception class for each rule of payments that refuses."""

from frappe.exceptions import ValidationError


class InvalidAmount(ValidationError):
	"""Zero, negative, or with parts of a cent."""


class InvalidPaymentDate(ValidationError):
	"""In the future, or further back than the settings allow."""


class ReferenceMissing(ValidationError):
	"""The means of payment asks for a reference."""


class MethodNotByHand(ValidationError):
	"""Direct debits and online payments come from their own files, never by hand."""


class DuplicatePayment(ValidationError):
	"""Same payer, day, amount, means and reference: probably entered twice."""


class PaymentIsImmutable(ValidationError):
	"""A payment is never edited nor deleted: it is cancelled, with a reason."""


class AllocationIsImmutable(ValidationError):
	"""What settles what is written once, and taken back by a counter row."""


class NotAllocatable(ValidationError):
	"""More than is due, more than is left, or an invoice of another account."""


class AlreadyCancelled(ValidationError):
	"""A payment or refund is cancelled once."""


class ReasonMissing(ValidationError):
	"""Whoever cancels, disputes or pays back says why."""


class RefundTooLarge(ValidationError):
	"""More than the credit on the account."""


class RefundInTheWay(ValidationError):
	"""What was paid back can't be cancelled before the refund is."""


class InvalidPlan(ValidationError):
	"""Instalments that don't make the amount due, or invoices of another payer."""


class InvalidLevels(ValidationError):
	"""Levels of reminders are 1, 2, 3 … without a gap, each with a text."""


class WrongRunState(ValidationError):
	"""A run of reminders is sent or discarded once."""


class NotDisputable(ValidationError):
	"""Only an issued invoice that is still due may be disputed."""


class NothingToCertify(ValidationError):
	"""No amount was paid in the year for what the certificate is about."""
