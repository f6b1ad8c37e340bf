"""What the administrators decide of each rule: how serious it is, and who is told on Mondays."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.utils import cint

from concerto_education.authority.coherence.rule import BLOCKING, IGNORED, WARNING, Rule, all_rules

DOCTYPE = "Coherence Settings"


@dataclass(frozen=True, slots=True)
class Choice:
	severity: str
	tell_sites: bool
	tell_administrators: bool
	tell_finance: bool

	@property
	def is_ignored(self) -> bool:
		return self.severity == IGNORED

	@property
	def blocks_billing(self) -> bool:
		return self.severity == BLOCKING


def default_of(rule: Rule) -> Choice:
	return Choice(rule.severity, rule.tell_sites, True, rule.billing)


def choices() -> dict[str, Choice]:
	"""By code of the rule. A rule that came with an update and that nobody has looked at yet has its own defaults."""
	found = {rule.code: default_of(rule) for rule in all_rules()}
	for row in frappe.get_cached_doc(DOCTYPE).rules:
		if row.rule in found:
			found[row.rule] = Choice(
				row.severity or WARNING,
				bool(cint(row.tell_sites)),
				bool(cint(row.tell_administrators)),
				bool(cint(row.tell_finance)),
			)
	return found


def add_missing(doc) -> None:
	"""A row for each rule that has none; what was chosen stays."""
	known = {row.rule for row in doc.rules}
	for rule in all_rules():
		if rule.code not in known:
			choice = default_of(rule)
			doc.append(
				"rules",
				{
					"rule": rule.code,
					"severity": choice.severity,
					"tell_sites": int(choice.tell_sites),
					"tell_administrators": int(choice.tell_administrators),
					"tell_finance": int(choice.tell_finance),
				},
			)


def may_go_on() -> bool:
	"""Whether finance may bill a month in spite of what blocks it, with a reason."""
	return bool(cint(frappe.get_cached_doc(DOCTYPE).allow_with_reason))


def quotient_notice() -> int:
	"""How many days ahead the end of a quotient is told."""
	return cint(frappe.get_cached_doc(DOCTYPE).quotient_notice_days) or 30


def seed() -> None:
	"""Once: the rules as they are shipped. Later rules join when the settings are opened."""
	doc = frappe.get_single(DOCTYPE)
	if not doc.rules:
		doc.update({"allow_with_reason": 1, "weekly": 1, "quotient_notice_days": 30})
		add_missing(doc)
		doc.save()
