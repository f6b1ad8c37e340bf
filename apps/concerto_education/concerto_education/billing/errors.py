"""One exception class for each billing rule that refuses, so that a test says which one did.

What the pure engine refuses (no QF, no tariff …) is in ``engine/errors.py``; here is what the ledger and the
runs refuse.
"""

from frappe.exceptions import ValidationError


class BillingBusy(ValidationError):
	"""Another run computes or issues at this moment."""


class AnotherRunOpen(ValidationError):
	"""A run of any month is neither issued nor discarded: only one is open at a time."""


class MonthAlreadyFollowed(ValidationError):
	"""A later month has been issued: corrections go to the next invoice (R34)."""


class MonthNotOver(ValidationError):
	"""A month is billed after its last day (R33)."""


class WrongRunStatus(ValidationError):
	"""The run is not at the step that this action needs."""


class RunIsIssued(ValidationError):
	"""An issued run is neither changed nor deleted."""


class WrongDates(ValidationError):
	"""Issue date and due date contradict each other or the month."""


class InvoiceIsImmutable(ValidationError):
	"""An invoice is made by a run and corrected by a credit note, never edited (R34)."""


class ChargeIsImmutable(ValidationError):
	"""A charge is never changed: a correction is a reversal and a new charge (R34)."""


class PreflightBlocks(ValidationError):
	"""Something that the administrators call blocking is open for the month (R33)."""


class InvalidDebitDays(ValidationError):
	"""The days of direct debit are days of a month (R33)."""
