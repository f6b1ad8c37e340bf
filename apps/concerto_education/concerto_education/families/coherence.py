"""Coherence rules of dossiers, payers and mandates (R7, R14, R17, R19, R20, R22, R24)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import formatdate

from concerto_education.authority import roles
from concerto_education.authority.coherence import Finding, Rule, Scope, Topic, settings
from concerto_education.engine.ranges import DateRange
from concerto_education.families import pairs, quotients
from concerto_education.families.documents import missing
from concerto_education.families.documents import scope as document_scope
from concerto_education.families.duplicates import in_words

CHUNK = 1000
DOSSIER = ("Family", "Person")


# ---------------------------------------------------------------- what many rules ask


def _missing(scope: Scope) -> dict[str, tuple[missing.Missing, ...]]:
	"""Everything that the dossiers of the scope lack: the same answer as the weekly table of R24."""

	def fetch():
		names, found = sorted(scope.families), {}
		for start in range(0, len(names), CHUNK):
			found.update(missing.for_families(names[start : start + CHUNK], scope.day))
		return found

	return scope.once("missing", fetch)


def _names(scope: Scope) -> dict[str, str]:
	"""« MARTIN · Claire, Jean · Lea » for each family of the scope."""

	def fetch():
		table = frappe.qb.DocType("Family")
		query = frappe.qb.from_(table).select(table.name, table.family_name, table.people)
		rows = query.where(table.name.isin(list(scope.families) or [""])).run()
		return {name: " · ".join(filter(None, (title, people))) for name, title, people in rows}

	return scope.once("family names", fetch)


def _family(scope: Scope, name: str, detail: str = "") -> Finding:
	return Finding("Family", name, _names(scope).get(name, name), detail, scope.sites_of(name))


def _histories(scope: Scope):
	return scope.once("quotients", lambda: quotients.histories(sorted(scope.families)))


class _DataMissing(Rule):
	"""One field of the dossier that is empty, as the weekly table says it."""

	data: str
	reads = DOSSIER

	def find(self, scope: Scope) -> list[Finding]:
		found = []
		for family, items in _missing(scope).items():
			for item in items:
				if item.kind == missing.DATA and item.code == self.data:
					found.append(self._finding(scope, family, item))
		return found

	def _finding(self, scope: Scope, family: str, item: missing.Missing) -> Finding:
		if item.person:
			title = f"{item.subject} ({_names(scope).get(family, family)})"
			return Finding("Person", item.person, title, missing.reason_text(item), scope.sites_of(family))
		return _family(scope, family, missing.reason_text(item))


# ---------------------------------------------------------------- dossiers


class NoScheme(_DataMissing):
	code, memo, data, billing = "no-scheme", "R7", "benefit_scheme", True

	def title(self):
		return _("No benefit scheme")

	def help(self):
		return _("The statement for the CAF needs it: ask the family whether it is with the CAF or the MSA.")


class ChildWithoutBirthDate(_DataMissing):
	code, memo, data = "child-no-birth-date", "R7", "birth_date"

	def title(self):
		return _("Child without birth date")

	def help(self):
		return _("Ages decide activities, groups and statements: enter the birth date on the child’s record.")


class ChildWithoutSchool(_DataMissing):
	code, memo, data = "child-no-school", "R7", "school"

	def title(self):
		return _("Child without school")

	def help(self):
		return _(
			"Lists by class and the end of the school year need it: enter the school on the child’s record."
		)


class NoQuotient(Rule):
	code, memo, billing = "no-quotient", "R14", True
	reads = (*DOSSIER, "Quotient")

	def title(self):
		return _("No quotient (QF) recorded")

	def help(self):
		return _("Without a QF for a day, this day can’t be billed: add a QF, or 9999 if it is unknown.")

	def find(self, scope: Scope) -> list[Finding]:
		"""On a day of the month that is billed; on the page, today."""
		asked = scope.month_span if scope.month else DateRange.day(scope.day)
		found = []
		for family, history in _histories(scope).items():
			gaps = history.as_map().gaps(asked)
			if gaps:
				first = next(iter(gaps)).start
				found.append(_family(scope, family, _("none on {0}").format(formatdate(first))))
		return found


class UnknownQuotient(Rule):
	code, memo, billing = "unknown-quotient", "R14", True
	reads = (*DOSSIER, "Quotient")

	def title(self):
		return _("Quotient unknown (9999)")

	def help(self):
		return _(
			"These families pay the full price: ask for the QF, the difference is then given back by itself."
		)

	def find(self, scope: Scope) -> list[Finding]:
		asked = scope.month_span if scope.month else DateRange.day(scope.day)
		return [
			_family(scope, family, _("9999 until {0}").format(formatdate(span.last)))
			for family, history in _histories(scope).items()
			for span, quotient in list(history.as_map().clip(asked))[:1]
			if quotient.is_unknown
		]


class QuotientEnding(Rule):
	code, memo = "quotient-ending", "R14"
	reads = (*DOSSIER, "Quotient")

	def title(self):
		return _("Quotient ending soon")

	def help(self):
		return _("No other QF follows: ask the family, or import the list of the CAF before that day.")

	def find(self, scope: Scope) -> list[Finding]:
		last = scope.day + timedelta(days=settings.quotient_notice())
		found = []
		for family, history in _histories(scope).items():
			if scope.day not in history.as_map():
				continue
			gaps = history.as_map().gaps(DateRange(scope.day, last))
			if gaps:
				end = next(iter(gaps)).start - timedelta(days=1)
				found.append(_family(scope, family, _("ends on {0}").format(formatdate(end))))
		return found


class DocumentsMissing(Rule):
	code, memo = "documents-missing", "R24"
	reads = (*DOSSIER, "Family Document")

	def title(self):
		return _("Documents missing or expired")

	def help(self):
		return _("“Incomplete Dossiers” lists them by type and sends the reminders.")

	def find(self, scope: Scope) -> list[Finding]:
		health = document_scope.may_read_health()
		found = []
		for family, items in _missing(scope).items():
			wanted = [
				missing.visible(item, health)
				for item in items
				if item.kind in (missing.DOCUMENT, missing.AUTHORISATION)
			]
			if wanted:
				# Two documents about health are one word for who may not read health.
				words = dict.fromkeys(f"{item['label']} ({item['reason']})" for item in wanted)
				found.append(_family(scope, family, ", ".join(words)))
		return found


class ForbiddenCollects(Rule):
	code, memo = "forbidden-collects", "R22"
	reads = DOSSIER

	def title(self):
		return _("Forbidden contact who may collect")

	def help(self):
		return _(
			"The same person is forbidden in one place and may collect the child in another: decide which holds."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""In one row (an import), or in two dossiers of the same child."""
		rows = scope.once("members", lambda: _members(scope))
		dossiers, forbidden = defaultdict(set), defaultdict(list)
		for row in rows:
			if row.role == "Child":
				dossiers[row.parent].add(row.person)
			if row.forbidden:
				forbidden[row.person].append(row)
		found = []
		for row in rows:
			if row.person not in forbidden or not (row.may_collect or row.emergency or row.role != "Contact"):
				continue
			against = next(
				(
					other
					for other in forbidden[row.person]
					if other.parent == row.parent or dossiers[other.parent] & dossiers[row.parent]
				),
				None,
			)
			if against and row.parent in scope.families:
				detail = _("{0}: forbidden in {1}").format(row.full_name, against.parent)
				found.append(_family(scope, row.parent, detail))
		return found


def _members(scope: Scope) -> list:
	"""Members of the scope's dossiers, and of other dossiers of their children: one rule of two dossiers needs both."""
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	mine, same = (
		frappe.qb.DocType("Family Member").as_("mine"),
		frappe.qb.DocType("Family Member").as_("same"),
	)
	near = (
		frappe.qb.from_(mine)
		.join(same)
		.on((same.person == mine.person) & (same.parenttype == "Family"))
		.where((mine.role == "Child") & mine.parent.isin(list(scope.families) or [""]))
		.select(same.parent)
	)
	return (
		frappe.qb.from_(member)
		.join(person)
		.on(person.name == member.person)
		.where((member.parenttype == "Family") & member.parent.isin(near))
		.select(
			member.parent,
			member.person,
			member.role,
			member.forbidden,
			member.may_collect,
			member.emergency,
			person.full_name,
		)
		.orderby(member.parent, member.idx)
	).run(as_dict=True)


class DuplicateFamilies(Rule):
	code, memo, tell_sites = "duplicate-families", "R12", False
	reads = DOSSIER

	def title(self):
		return _("Families that may have two dossiers")

	def help(self):
		return _(
			"“Likely Duplicates” compares them side by side, merges them, or notes that they are different."
		)

	def may_run(self, user: str | None = None) -> bool:
		"""As the report: administrators compare all dossiers (R7)."""
		user = user or frappe.session.user
		held = {*frappe.get_roles(user)} & {*roles.ADMINISTRATORS}
		return super().may_run(user) and (user == "Administrator" or bool(held))

	def find(self, scope: Scope) -> list[Finding]:
		names, found = _names(scope), []
		for pair in pairs.families():
			if pair.first in scope.families or pair.second in scope.families:
				first, second = (names.get(name, name) for name in (pair.first, pair.second))
				words = ", ".join(in_words(pair.likeness.reasons))
				found.append(
					Finding(
						"Family",
						pair.first,
						f"{first} / {second}",
						f"{pair.likeness.score} % : {words}",
						scope.sites_of(pair.first) | scope.sites_of(pair.second),
						("query-report", "Likely Duplicates"),
						(("kind", "Family"),),
					)
				)
		return found


# ---------------------------------------------------------------- payers and mandates


class MandateWaiting(Rule):
	code, memo, topic, billing = "mandate-waiting", "R20", Topic.PAYMENT, True
	reads = (*DOSSIER, "Payer", "Mandate")

	def title(self):
		return _("Direct debit without a usable mandate")

	def help(self):
		return _(
			"They are billed, and can’t be debited: have the mandate signed, or choose another way to pay."
		)

	def find(self, scope: Scope) -> list[Finding]:
		return [
			Finding("Payer", item.payer, item.subject, missing.reason_text(item), scope.sites_of(family))
			for family, items in _missing(scope).items()
			for item in items
			if item.kind == missing.MANDATE
		]
