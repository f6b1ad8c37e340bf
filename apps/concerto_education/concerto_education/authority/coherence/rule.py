"""What a coherence rule is, and how the rules of all rooms are found."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import frappe
from frappe import _

from concerto_education.authority.coherence.scope import Scope

HOOK = "concerto_coherence_rules"
IGNORED, WARNING, BLOCKING = "Ignored", "Warning", "Blocking for Billing"
SEVERITIES = (IGNORED, WARNING, BLOCKING)


class Topic:
	"""Under which heading the page shows a rule, in this order."""

	DOSSIER = "dossier"
	PAYMENT = "payment"
	ENROLMENT = "enrolment"
	ATTENDANCE = "attendance"
	BILLING = "billing"

	@staticmethod
	def titles() -> dict[str, str]:
		return {
			Topic.DOSSIER: _("Dossiers"),
			Topic.PAYMENT: _("Payers and Mandates"),
			Topic.ENROLMENT: _("Enrolments"),
			Topic.ATTENDANCE: _("Attendance"),
			Topic.BILLING: _("Billing"),
		}


@dataclass(frozen=True, slots=True)
class Finding:
	"""One record that a rule has found: what it is called, what is wrong with it, and where it is mended.

	``sites``: where it matters; who answers for one of them sees it and is told.
	``route``: where it is mended, if that isn't its own form, with what that page is opened with.
	"""

	doctype: str
	name: str
	title: str
	detail: str = ""
	sites: frozenset[str] = frozenset()
	route: tuple[str, ...] = ()
	options: tuple[tuple[str, str], ...] = ()

	def as_dict(self) -> dict:
		return {
			"title": self.title,
			"detail": self.detail,
			"sites": sorted(self.sites),
			"route": list(self.route) or ["Form", self.doctype, self.name],
			"options": dict(self.options),
		}


class Rule(ABC):
	"""One thing that must not be. Subclasses say what, and find it in a constant number of queries.

	Permissions: ``reads`` names what the reader must be allowed to read for the rule to be run at all, ``find`` keeps
	to the scope's sites, and `check` leaves out each record that the reader may not read.
	"""

	code: ClassVar[str]
	topic: ClassVar[str] = Topic.DOSSIER
	# As it is at first; afterwards the administrators decide.
	severity: ClassVar[str] = WARNING
	# Whether it makes a difference to invoices, and so is asked before a billing run.
	billing: ClassVar[bool] = False
	# Whether a Monday's mail to the sites names it.
	tell_sites: ClassVar[bool] = True
	reads: ClassVar[tuple[str, ...]] = ()
	# Memo rules that it watches over, for people who look one up.
	memo: ClassVar[str] = ""

	@abstractmethod
	def title(self) -> str:
		"""A few words, as a heading."""

	@abstractmethod
	def help(self) -> str:
		"""Why it matters and what to do, in a sentence."""

	@abstractmethod
	def find(self, scope: Scope) -> list[Finding]:
		"""Everything that breaks the rule, within the scope."""

	def may_run(self, user: str | None = None) -> bool:
		"""Whether the user may see what it finds."""
		return all(frappe.has_permission(doctype, "read", user=user) for doctype in self.reads)


def all_rules() -> list[Rule]:
	"""Every rule of every room, in the order of the page."""
	order = {topic: number for number, topic in enumerate(Topic.titles())}
	return sorted(_declared(), key=lambda rule: order[rule.topic])


def rule_of(code: str) -> Rule:
	for rule in _declared():
		if rule.code == code:
			return rule
	frappe.throw(_("There is no coherence rule “{0}”").format(code), frappe.DoesNotExistError)


def _declared() -> Iterator[Rule]:
	"""An instance of each class with a code that the files named by the hook define, in the order of the files."""
	for path in frappe.get_hooks(HOOK):
		module = frappe.get_module(path)
		for value in vars(module).values():
			if (
				inspect.isclass(value)
				and issubclass(value, Rule)
				and value.__module__ == path
				and not inspect.isabstract(value)
			):
				yield value()
