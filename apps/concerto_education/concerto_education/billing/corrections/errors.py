"""One exception class for each rule of corrections that refuses."""

from frappe.exceptions import ValidationError


class NotCorrectable(ValidationError):
	"""This invoice is none that a credit note can correct (a draft, a credit note, a funder's claim)."""


class RunIsOpen(ValidationError):
	"""A run that isn't issued has counted on the ledger as it stands: issue or discard it first."""


class ReasonMissing(ValidationError):
	"""Every correction says why."""


class UnknownChoice(ValidationError):
	"""What was chosen isn't on this invoice, or was taken back already."""


class CreditTooLarge(ValidationError):
	"""More than what is left of the invoice, or nothing (R34)."""


class NotBilledAnew(ValidationError):
	"""The facts of today can't be billed: the engine says why."""


class TooFarBack(ValidationError):
	"""The next run doesn't look back so far."""


class AdjustmentIsClosed(ValidationError):
	"""An adjustment is never changed, and is withdrawn only while no invoice holds it."""


class WrongAdjustment(ValidationError):
	"""An adjustment names the wrong payer, child or amount."""


class CorrectionIsImmutable(ValidationError):
	"""A correction and its waivers are history."""
