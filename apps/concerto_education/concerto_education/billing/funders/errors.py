"""What the statements of funders refuse (R21, R29), one class each."""

from frappe.exceptions import ValidationError


class StatementIsClaimed(ValidationError):
	"""A statement is made by the ledger, and stays as it was claimed."""


class StatementIsEmpty(ValidationError):
	"""There is nothing to claim."""


class StatementChanged(ValidationError):
	"""The ledger has moved since the statement was prepared."""


class InvalidBatchDate(ValidationError):
	"""The end of a voucher batch is no date of the year."""
