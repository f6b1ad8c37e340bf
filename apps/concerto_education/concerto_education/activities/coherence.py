"""Coherence rules of enrolments and of prises en charge (R7, R19, R22, R25, R26, R29)."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.tariffs import tariff_book
from concerto_education.authority.coherence import Finding, Rule, Scope, Topic
from concerto_education.engine.errors import RuleError
from concerto_education.engine.ranges import DateRange

READS = ("Enrolment", "Family", "Person")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def families_of(scope: Scope) -> dict[str, set[str]]:
	"""Hook ``concerto_coherence_families``: active families with a living enrolment in the scope, and its sites."""
	enrolment, family = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Family")
	query = (
		frappe.qb.from_(enrolment)
		.join(family)
		.on(family.name == enrolment.family)
		.select(enrolment.family, enrolment.site)
		.distinct()
		.where((family.status == "Active") & (enrolment.status != "Cancelled"))
		.where(enrolment.valid_to >= scope.span.start)
	)
	if scope.span.end:
		query = query.where(enrolment.valid_from <= scope.span.end)
	found: dict[str, set[str]] = defaultdict(set)
	for name, site in scope.at_sites(query, enrolment.site).run():
		found[name].add(site)
	return found


def _enrolments(scope: Scope) -> list:
	"""Confirmed enrolments of the scope, with the names that a clerk knows."""

	def fetch():
		enrolment, person = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Person")
		activity = frappe.qb.DocType("Activity")
		query = (
			frappe.qb.from_(enrolment)
			.join(person)
			.on(person.name == enrolment.person)
			.join(activity)
			.on(activity.name == enrolment.activity)
			.where((enrolment.status == "Confirmed") & (enrolment.valid_to >= scope.span.start))
			.select(
				enrolment.name,
				enrolment.family,
				enrolment.person,
				enrolment.activity,
				enrolment.site,
				enrolment.category,
				enrolment.valid_from,
				enrolment.valid_to,
				enrolment.custody_calendar,
				activity.billing_rule,
				person.full_name,
			)
			.orderby(person.full_name, enrolment.name)
		)
		if scope.span.end:
			query = query.where(enrolment.valid_from <= scope.span.end)
		return scope.at_sites(query, enrolment.site).run(as_dict=True)

	return scope.once("enrolments", fetch)


def _payers(scope: Scope) -> dict[str, list]:
	"""The payers that each enrolment of the scope names."""

	def fetch():
		row, payer = frappe.qb.DocType("Enrolment Payer"), frappe.qb.DocType("Payer")
		rows = (
			frappe.qb.from_(row)
			.left_join(payer)
			.on(payer.name == row.payer)
			.where(
				(row.parenttype == "Enrolment")
				& row.parent.isin([one.name for one in _enrolments(scope)] or [""])
			)
			.select(row.parent, row.share, payer.name, payer.family, payer.active)
			.orderby(row.parent, row.idx)
		).run(as_dict=True)
		found = defaultdict(list)
		for one in rows:
			found[one.parent].append(one)
		return found

	return scope.once("payers of enrolments", fetch)


def _finding(row, detail: str = "") -> Finding:
	title = f"{row.full_name} – {row.activity}"
	return Finding("Enrolment", row.name, title, detail, frozenset({row.site}))


class EnrolmentWithoutPayer(Rule):
	code, memo, topic, billing = "enrolment-no-payer", "R22", Topic.PAYMENT, True
	reads = (*READS, "Payer")

	def title(self):
		return _("Enrolment without payer")

	def help(self):
		return _("Nobody would receive the invoice: name an active payer of the dossier on the enrolment.")

	def find(self, scope: Scope) -> list[Finding]:
		named, found = _payers(scope), []
		for row in _enrolments(scope):
			if row.billing_rule == "Not Billed":
				continue
			payers = [payer for payer in named.get(row.name, ()) if payer.name]
			if not payers:
				found.append(_finding(row, _("names no payer")))
			elif any(payer.family != row.family for payer in payers):
				found.append(_finding(row, _("names a payer of another dossier")))
			elif not any(payer.active for payer in payers):
				found.append(_finding(row, _("names a payer who is no longer active")))
		return found


class TwoPayersWithoutCalendar(Rule):
	code, memo, topic, billing = "two-payers-no-calendar", "R19", Topic.PAYMENT, True
	reads = (*READS, "Payer", "Custody Calendar")

	def title(self):
		return _("Two payers without custody calendar")

	def help(self):
		return _(
			"With two payers a custody calendar says who pays on which day: enter it and name it on the enrolment."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""Shares that are written down split each day by agreement; they are listed too, because R19 asks for days."""
		named = _payers(scope)
		return [
			_finding(
				row, _("shared: {0}").format(" / ".join(f"{payer.share:g} %" for payer in named[row.name]))
			)
			for row in _enrolments(scope)
			if len(named.get(row.name, ())) > 1 and not row.custody_calendar
		]


class EnrolmentWithoutTariff(Rule):
	code, memo, topic, billing = "enrolment-no-tariff", "R26", Topic.ENROLMENT, True
	reads = (*READS, "Tariff")

	def title(self):
		return _("Enrolment without tariff")

	def help(self):
		return _(
			"No tariff says what it costs: enter one for the activity, category and site, or change the category."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""On the first day that counts: of the enrolment, of the month, or today."""
		book, found = scope.once("tariffs", tariff_book), []
		for row in _enrolments(scope):
			if row.billing_rule == "Not Billed":
				continue
			day = max(getdate(row.valid_from), scope.span.start if scope.month else scope.day)
			if not scope.month and day > getdate(row.valid_to):
				continue
			try:
				tariff = book.get(row.activity, row.category, row.site, day)
			except RuleError:
				found.append(_finding(row, _("two tariffs hold on {0}").format(formatdate(day))))
				continue
			if tariff is None:
				found.append(_finding(row, _("{0}, none on {1}").format(row.category, formatdate(day))))
		return found


class OverlappingEnrolments(Rule):
	code, memo, topic, billing = "overlapping-enrolments", "R25", Topic.ENROLMENT, True
	reads = READS

	def title(self):
		return _("Overlapping enrolments")

	def help(self):
		return _(
			"The same child is enrolled twice in an activity for the same days: cancel one, or change its days."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""Twice at one site, or at two sites on the same weekday and unit."""
		together = defaultdict(list)
		for row in _enrolments(scope):
			together[row.person, row.activity].append(row)
		several = {key: rows for key, rows in together.items() if len(rows) > 1}
		days = _weekdays([row.name for rows in several.values() for row in rows])
		found = []
		for rows in several.values():
			for one, other in combinations(rows, 2):
				mine, theirs = (DateRange(getdate(r.valid_from), getdate(r.valid_to)) for r in (one, other))
				if not mine.overlaps(theirs):
					continue
				if one.site == other.site or days[one.name] & days[other.name]:
					until = formatdate(mine.intersection(theirs).last)
					detail = _("with {0} at {1}, until {2}").format(other.name, other.site, until)
					finding = _finding(one, detail)
					found.append(
						Finding(
							"Enrolment", one.name, finding.title, detail, frozenset({one.site, other.site})
						)
					)
		return found


def _weekdays(names: list[str]) -> dict[str, set]:
	pattern = frappe.qb.DocType("Enrolment Pattern")
	found = defaultdict(set)
	if names:
		rows = (
			frappe.qb.from_(pattern)
			.where(pattern.parent.isin(names))
			.select(pattern.parent, pattern.unit, pattern.weeks, *(pattern[day] for day in WEEKDAYS))
		)
		for row in rows.run(as_dict=True):
			# Even and odd weeks don't meet.
			weeks = {"Even Weeks": ("even",), "Odd Weeks": ("odd",)}.get(row.weeks, ("even", "odd"))
			found[row.parent] |= {(row.unit, day, week) for day in WEEKDAYS if row[day] for week in weeks}
	return found


class FundingEnded(Rule):
	code, memo, topic, billing = "funding-ended", "R29", Topic.PAYMENT, True
	reads = (*READS, "Funding")

	def title(self):
		return _("Prise en charge past its end")

	def help(self):
		return _(
			"The child still comes and the family pays all since then: ask for a new notification, or tell the family."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""Ended, the enrolment goes on, and no other notified one of the enrolment follows."""
		last: dict[str, object] = {}
		for row in _fundings(scope, ("Notified", "Active")):
			if row.enrolment not in last or getdate(row.valid_to) > getdate(last[row.enrolment].valid_to):
				last[row.enrolment] = row
		until = min(scope.day, scope.span.last) if scope.month else scope.day
		return [
			_funding(row, _("ended on {0}").format(formatdate(row.valid_to)))
			for row in last.values()
			if getdate(row.valid_to) < until and getdate(row.enrolled_to) > getdate(row.valid_to)
		]


class FundingWaiting(Rule):
	code, memo, topic, billing = "funding-waiting", "R29", Topic.PAYMENT, True
	reads = (*READS, "Funding")

	def title(self):
		return _("Prise en charge not notified yet")

	def help(self):
		return _(
			"Until the notification is entered, the family is billed the whole price: send the quote, or ask for the answer."
		)

	def find(self, scope: Scope) -> list[Finding]:
		return [
			_funding(row, _(row.status))
			for row in _fundings(scope, ("Requested", "Quoted"))
			if not scope.month or getdate(row.valid_from) <= scope.span.last
		]


def _fundings(scope: Scope, states: tuple[str, ...]) -> list:
	funding, enrolment = frappe.qb.DocType("Funding"), frappe.qb.DocType("Enrolment")
	person = frappe.qb.DocType("Person")
	query = (
		frappe.qb.from_(funding)
		.join(enrolment)
		.on(enrolment.name == funding.enrolment)
		.join(person)
		.on(person.name == enrolment.person)
		.where(funding.status.isin(states) & (enrolment.status == "Confirmed"))
		.where(enrolment.valid_to >= scope.span.start)
		.select(
			funding.name,
			funding.enrolment,
			funding.funder,
			funding.status,
			funding.valid_from,
			funding.valid_to,
			enrolment.activity,
			enrolment.site,
			enrolment.valid_to.as_("enrolled_to"),
			person.full_name,
		)
		.orderby(person.full_name, funding.name)
	)
	return scope.at_sites(query, enrolment.site).run(as_dict=True)


def _funding(row, detail: str) -> Finding:
	title = f"{row.full_name} – {row.activity}"
	return Finding("Funding", row.name, title, detail, frozenset({row.site}))
