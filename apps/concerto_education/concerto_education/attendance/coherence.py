"""Coherence rules of attendance and forecasts, for the month that is billed (R27, R31, R33)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.attendance.closing import left
from concerto_education.attendance.closing.months import month_name
from concerto_education.attendance.closing.reminders import unclosed
from concerto_education.authority.coherence import BLOCKING, Finding, Rule, Scope, Topic


def _rows(scope: Scope, kind: left.Kind) -> list:
	"""What the month board lists too: one query for all sites of the scope."""
	table = frappe.qb.DocType("Site")
	sites = scope.once(
		"sites",
		lambda: scope.at_sites(frappe.qb.from_(table).select(table.name), table.name).run(pluck=True),
	)
	return kind.query(sites, scope.month_span).run(as_dict=True) if sites else []


def _finding(doctype: str, row, line: dict) -> Finding:
	return Finding(
		doctype,
		row.name,
		line["text"],
		"",
		frozenset({row.site}),
		tuple(line["route"]),
		tuple((line.get("options") or {}).items()),
	)


class EnrolmentWithoutForecast(Rule):
	code, memo, topic = "enrolment-no-forecast", "R27", Topic.ENROLMENT
	reads = ("Enrolment", "Attendance")

	def title(self):
		return _("Enrolment without forecast")

	def help(self):
		return _(
			"Enrolled, and not expected on any day of the month: no meal was ordered. Enter the days in the grid."
		)

	def find(self, scope: Scope) -> list[Finding]:
		kind = left.UNPLANNED
		return [_finding("Enrolment", row, kind.line(row)) for row in _rows(scope, kind)]


class AttendanceWithoutEnrolment(Rule):
	code, memo, topic, billing = "attendance-no-enrolment", "R31", Topic.ATTENDANCE, True
	reads = ("Attendance", "Attendance Task")

	def title(self):
		return _("Attendance without enrolment")

	def help(self):
		return _(
			"A child who came and is not enrolled is not billed: complete the dossier, enrol, then tick."
		)

	def find(self, scope: Scope) -> list[Finding]:
		return [
			_finding(doctype, row, kind.line(row))
			for doctype, kind in (("Attendance Task", left.UNENROLLED), ("Attendance", left.OUTSIDE))
			for row in _rows(scope, kind)
		]


class SiteNotClosed(Rule):
	code, memo, topic, severity, billing = "site-not-closed", "R33", Topic.BILLING, BLOCKING, True
	reads = ("Site", "Monthly Close")

	def title(self):
		return _("Month not confirmed by the site")

	def help(self):
		return _(
			"What is not confirmed may still change: the responsible closes the month on the month board."
		)

	def find(self, scope: Scope) -> list[Finding]:
		month = scope.month_span.start
		return [
			Finding(
				"Site",
				site,
				site,
				month_name(month),
				frozenset({site}),
				("month-board",),
				(("month", f"{month:%Y-%m}"),),
			)
			for site in unclosed(month)
			if scope.sites is None or site in scope.sites
		]
