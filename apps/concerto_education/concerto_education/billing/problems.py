"""Why a family is not billed: said so that a clerk can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import frappe
from frappe import _

from concerto_education.authority.rules import sentence
from concerto_education.engine.charges import Problem as EngineProblem
from concerto_education.engine.errors import RuleError


class ForeignPayer(RuleError):
	"""An enrolment names a payer of another dossier: that payer would get two invoices (R2)."""

	code: ClassVar[str] = "foreign-payer"
	rule: ClassVar[str] = "R22"
	template: ClassVar[str] = "The payer {payer} of the enrolment {enrolment} belongs to another family."


@dataclass(frozen=True, slots=True)
class Problem:
	"""One reason why a family is not billed."""

	family: str
	message: str
	person: str | None = None
	service_date: date | None = None
	rule: str = ""


def from_engine(problems: Iterable[EngineProblem]) -> list[Problem]:
	"""One problem per family, person, activity and rule: sixteen meals without a QF are one thing to mend."""
	first: dict[tuple, EngineProblem] = {}
	counts: dict[tuple, int] = {}
	for problem in problems:
		fact = problem.fact
		key = (fact.family, fact.person, fact.activity, type(problem.error))
		counts[key] = counts.get(key, 0) + 1
		if key not in first or fact.day < first[key].fact.day:
			first[key] = problem
	found = []
	for key, problem in first.items():
		message = _("{0}: {1}").format(problem.fact.activity, sentence(problem.error))
		if counts[key] > 1:
			message = _("{0} ({1} days)").format(message, counts[key])
		found.append(
			Problem(problem.fact.family, message, problem.fact.person, problem.fact.day, problem.error.rule)
		)
	return found


def unexpected(family: str, error: Exception) -> Problem:
	"""What nobody foresaw: logged with its trace for the administrator, and the family is listed all the same."""
	log = frappe.log_error(
		title=_("Billing of {0}").format(family), reference_doctype="Family", reference_name=family
	)
	return Problem(
		family,
		_("Unexpected error: {0}. The administrator finds it in the error log under {1}.").format(
			str(error) or type(error).__name__, log.name if log else "–"
		),
	)
