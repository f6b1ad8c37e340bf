"""Accounts: is this an IBAN that can be debited, and if not, why. The tables are schwifty's."""

from __future__ import annotations

import frappe
from frappe import _
from schwifty import BIC, IBAN
from schwifty.exceptions import (
	InvalidBBANChecksum,
	InvalidChecksumDigits,
	InvalidCountryCode,
	InvalidLength,
	SchwiftyException,
)

from concerto_education.families.mandates.errors import IbanOutsideSepa, InvalidBic, InvalidIban


def checked(text: str) -> str:
	"""The IBAN without spaces, or the refusal that says what is wrong with it."""
	compact = "".join(str(text or "").split()).replace("-", "").upper()
	try:
		found = IBAN(compact, validate_bban=True)
	except SchwiftyException as error:
		frappe.throw(_reason(error, compact), InvalidIban)
	if not found.in_sepa_zone:
		frappe.throw(
			_("IBAN: accounts of the country {0} can’t be debited, it is outside the SEPA zone (R20)").format(
				found.country_code
			),
			IbanOutsideSepa,
		)
	return found.compact


def _reason(error: SchwiftyException, compact: str) -> str:
	if isinstance(error, InvalidCountryCode):
		return _("IBAN: “{0}” is no country. A French IBAN begins with FR (R20)").format(compact[:2])
	if isinstance(error, InvalidLength):
		wanted = _length_of(compact[:2])
		return _("IBAN: {0} characters were typed, an IBAN of {1} has {2} (R20)").format(
			len(compact), compact[:2], wanted
		)
	if isinstance(error, InvalidChecksumDigits):
		return _(
			"IBAN: the check digits don’t match, one character or more is wrong. Read it again on the RIB (R20)"
		)
	if isinstance(error, InvalidBBANChecksum):
		return _("IBAN: the key of the RIB (last two digits) doesn’t match. Read it again on the RIB (R20)")
	return _("IBAN: there are characters where they can’t be. Read it again on the RIB (R20)")


def _length_of(country: str) -> int:
	return IBAN(country, allow_invalid=True).spec["iban_length"]


def bic_of(iban: str) -> str | None:
	"""The BIC of the bank, if the tables know it."""
	found = IBAN(iban).bic
	return found.compact if found else None


def checked_bic(text: str, iban: str) -> str:
	"""A BIC typed by hand, for a bank that the tables don't know."""
	try:
		found = BIC("".join(text.split()).upper())
	except SchwiftyException:
		frappe.throw(
			_("BIC: “{0}” is none. It has 8 or 11 characters, for instance BDFEFRPP (R20)").format(text),
			InvalidBic,
		)
	return found.compact
