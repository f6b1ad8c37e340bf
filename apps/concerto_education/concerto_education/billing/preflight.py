"""The check before a month is billed (R33): what the coherence rules about billing find for that month.

What blocks by the administrators' setting stops the computation; finance goes on with a reason, where the settings
allow it. Types are enforced by Frappe, so no postponed annotations in this file.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate, now

from concerto_education.authority.coherence import check, settings
from concerto_education.authority.coherence.check import Result
from concerto_education.authority.coherence.rule import all_rules
from concerto_education.authority.coherence.scope import Scope
from concerto_education.billing import run as runs
from concerto_education.billing.errors import PreflightBlocks

# Lines of a rule on the form; the page of the coherence check lists them all.
SHOWN = 8


@frappe.whitelist(methods=["GET", "POST"])
def look(run: str) -> dict:
	"""What the form of a run shows before it is computed."""
	doc = frappe.get_doc("Billing Run", run)
	doc.check_permission("read")
	results = [result for result in of_month(getdate(doc.month)) if result.count]
	results.sort(key=lambda result: not result.choice.blocks_billing)
	return {
		"may_go_on": settings.may_go_on(),
		"needs_reason": bool(_unanswered(doc, results)),
		"reason": doc.preflight_reason or "",
		"rules": [
			{
				"code": result.rule.code,
				"title": result.rule.title(),
				"help": result.rule.help(),
				"blocking": result.choice.blocks_billing,
				"count": result.count,
				"lines": [finding.as_dict() for finding in result.findings[:SHOWN]],
				"more": max(0, result.count - SHOWN),
			}
			for result in results
		],
	}


@frappe.whitelist(methods=["POST"])
def start(run: str, reason: str = "") -> dict:
	"""Compute a run, unless something blocks its month (button "Calculer"). With a reason, in spite of it."""
	doc = frappe.get_doc("Billing Run", run)
	doc.check_permission("write")
	waiting = _unanswered(doc, blocking(getdate(doc.month)))
	if waiting:
		_require_reason(waiting, reason)
	answer = runs.start(run)
	if waiting:
		_remember(run, reason.strip(), waiting)
	return answer


def of_month(month: date) -> list[Result]:
	"""What the rules about billing find for a month, for the session user."""
	choices = settings.choices()
	rules = [rule for rule in all_rules() if rule.billing and not choices[rule.code].is_ignored]
	return check.run(rules, Scope.of_reader(month=month))


def blocking(month: date) -> list[Result]:
	"""Those that block and have found something."""
	choices = settings.choices()
	rules = [rule for rule in all_rules() if rule.billing and choices[rule.code].blocks_billing]
	return [result for result in check.run(rules, Scope.of_reader(month=month)) if result.count]


def in_words(results: list[Result]) -> str:
	return ", ".join(f"{result.rule.title()} ({result.count})" for result in results)


def _unanswered(doc, results: list[Result]) -> list[Result]:
	"""What blocks and wasn't there yet when a reason was given for this run."""
	answered = set((doc.preflight_rules or "").split())
	return [result for result in results if result.choice.blocks_billing and result.rule.code not in answered]


def _require_reason(waiting: list[Result], reason: str) -> None:
	if not settings.may_go_on():
		frappe.throw(
			_("The month can’t be billed yet: {0}. Mend this first (R33)").format(in_words(waiting)),
			PreflightBlocks,
		)
	if not reason.strip():
		frappe.throw(
			_("The month can’t be billed yet: {0}. Mend this first, or say why you go on (R33)").format(
				in_words(waiting)
			),
			PreflightBlocks,
		)


def _remember(run: str, reason: str, waiting: list[Result]) -> None:
	"""Who went on, why, and in spite of what: on the run, and in its history."""
	before = frappe.db.get_value("Billing Run", run, "preflight_rules") or ""
	codes = sorted({*before.split(), *(result.rule.code for result in waiting)})
	# Straight on the table, as everything that isn't typed into the form of a run.
	frappe.db.set_value(
		"Billing Run",
		run,
		{
			"preflight_reason": reason,
			"preflight_by": frappe.session.user,
			"preflight_at": now(),
			"preflight_rules": "\n".join(codes),
		},
	)
	frappe.get_doc("Billing Run", run).add_comment(
		"Info", _("Computed in spite of: {0}. Reason: {1}").format(in_words(waiting), reason)
	)
