"""One exception class for each rule of printing and posting that refuses."""

from frappe.exceptions import ValidationError


class PaymentAccountMissing(ValidationError):
	"""The QR code for a transfer needs the IBAN of the account that receives it."""


class InvalidQrAddress(ValidationError):
	"""The address behind the QR code is no web address."""


class WrongPrintFormat(ValidationError):
	"""The print format belongs to another document, or has no template of its own."""


class TemplateFailed(ValidationError):
	"""The template of an administrator can't be rendered."""
