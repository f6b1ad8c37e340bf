"""Running rules under the permissions of the reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import frappe

from concerto_education.authority.coherence import settings
from concerto_education.authority.coherence.rule import Finding, Rule, all_rules
from concerto_education.authority.coherence.scope import Scope
from concerto_education.authority.coherence.settings import Choice

# Names in one question to the database.
CHUNK = 5000


@dataclass(frozen=True)
class Result:
	"""What one rule has found, and how serious the administrators say it is."""

	rule: Rule
	choice: Choice
	findings: tuple[Finding, ...]

	@property
	def count(self) -> int:
		return len(self.findings)


def run(rules: Iterable[Rule], scope: Scope) -> list[Result]:
	"""What these rules find for the session user. A constant number of queries for each rule."""
	choices = settings.choices()
	return [Result(rule, choices[rule.code], tuple(findings(rule, scope))) for rule in rules]


def findings(rule: Rule, scope: Scope) -> list[Finding]:
	return readable(rule.find(scope)) if rule.may_run() else []


def run_for_system(scope: Scope) -> list[Result]:
	"""All rules that aren't ignored, over everything: for the scheduler, which tells numbers without names."""
	before = frappe.session.user
	frappe.set_user("Administrator")
	try:
		choices = settings.choices()
		return run([rule for rule in all_rules() if not choices[rule.code].is_ignored], scope)
	finally:
		frappe.set_user(before)


def readable(found: list[Finding]) -> list[Finding]:
	"""Those whose record the session user may read. The framework is asked: one list for each kind of record."""
	if frappe.session.user == "Administrator":
		return found
	names: dict[str, set[str]] = defaultdict(set)
	for finding in found:
		names[finding.doctype].add(finding.name)
	allowed = {doctype: _allowed(doctype, sorted(wanted)) for doctype, wanted in names.items()}
	return [finding for finding in found if finding.name in allowed[finding.doctype]]


def _allowed(doctype: str, names: list[str]) -> set[str]:
	if not frappe.has_permission(doctype, "read"):
		return set()
	return {
		name
		for start in range(0, len(names), CHUNK)
		for name in frappe.get_list(
			doctype,
			filters={"name": ("in", names[start : start + CHUNK])},
			pluck="name",
			limit_page_length=0,
			order_by=None,
		)
	}
