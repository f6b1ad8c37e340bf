"""Who collects: the creditor data of the settings (ICS, name, prefix of references)."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError as WrongNumber

from concerto_education.engine import mandates as engine
from concerto_education.families.mandates import errors
from concerto_education.families.payers import address_lines


@dataclass(frozen=True, slots=True)
class Creditor:
	identifier: str
	name: str
	lines: tuple[str, ...]


def check_settings(settings, method: str | None = None) -> None:
	"""Refuse a wrong creditor identifier where it is entered (doc event of Authority Settings)."""
	if settings.sepa_creditor_id:
		try:
			settings.sepa_creditor_id = at_02.validate(settings.sepa_creditor_id)
		except WrongNumber:
			frappe.throw(
				_(
					"Creditor Identifier (ICS): “{0}” is none. It reads like FR72ZZZ123456 and has check digits (R20)"
				).format(settings.sepa_creditor_id),
				errors.InvalidCreditor,
			)
	prefix = (settings.rum_prefix or "").strip().upper()
	if prefix and not (len(prefix) <= 12 and engine.is_reference(prefix) and prefix.isalnum()):
		frappe.throw(
			_("Prefix of Mandate References: 12 letters and digits at most, without accents (R20)"),
			errors.InvalidCreditor,
		)
	settings.rum_prefix = prefix


def creditor() -> Creditor:
	"""Creditor data for a mandate or a debit file; a refusal says where to enter what is missing."""
	settings = frappe.get_cached_doc("Authority Settings")
	if not settings.sepa_creditor_id:
		frappe.throw(
			_(
				"Creditor Identifier (ICS): it is missing. An administrator enters it in the settings of the authority (R20)"
			),
			errors.CreditorUnknown,
		)
	return Creditor(
		settings.sepa_creditor_id,
		settings.sepa_creditor_name or settings.authority_name,
		address_lines(settings),
	)
