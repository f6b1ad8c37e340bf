"""One exception class for each rule of mandates and creditor data that refuses (R20)."""

from concerto_education.families.errors import FamiliesError


class MandateError(FamiliesError):
	"""Base of what a mandate refuses."""


class InvalidIban(MandateError):
	"""The IBAN has the wrong country, length, characters or check digits."""


class IbanOutsideSepa(InvalidIban):
	"""Direct debit works inside the SEPA zone only."""


class IbanIsFixed(MandateError):
	"""Once signed, the account of a mandate doesn't change: another account is another mandate."""


class InvalidBic(MandateError):
	"""The BIC has a form of its own, and the country of the IBAN."""


class InvalidHolder(MandateError):
	"""Banks print the holder: letters, digits and simple punctuation, seventy at most."""


class AnotherMandate(MandateError):
	"""A payer has at most one mandate that isn't revoked."""


class MandatePayerFixed(MandateError):
	"""A mandate stays with its payer."""


class StateNotAllowed(MandateError):
	"""This state doesn't follow that one."""


class NotSigned(MandateError):
	"""A mandate becomes active by its signature."""


class SignedInFuture(MandateError):
	"""Nobody has signed tomorrow."""


class SignatureIsFixed(MandateError):
	"""The date of the signature belongs to the consent: it doesn't change once the mandate was active."""


class ReasonNeeded(MandateError):
	"""Whoever suspends or revokes says why."""


class MandateIsKept(MandateError):
	"""A mandate that was ever active is never deleted: the bank may ask for it for 13 months after the last debit."""


class InvalidCreditor(MandateError):
	"""The creditor identifier (ICS) or the prefix of the references is wrong."""


class CreditorUnknown(MandateError):
	"""Without a creditor identifier no mandate can be printed."""
