"""Coherence rules of billing itself: what would make a run list families as not billed (R26, R33)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import formatdate, getdate
from pypika.functions import Count, Max, Min

from concerto_education.activities.tariffs import tariff_book
from concerto_education.authority.coherence import BLOCKING, Finding, Rule, Scope, Topic
from concerto_education.engine.errors import RuleError


class NoTariffForTheMonth(Rule):
	code, memo, topic, severity, billing = "no-tariff-for-month", "R26", Topic.BILLING, BLOCKING, True
	reads = ("Activity", "Tariff", "Attendance")

	def title(self):
		return _("No tariff for the month")

	def help(self):
		return _(
			"Children came, and no tariff of the activity says what it costs: enter one that holds on these days."
		)

	def find(self, scope: Scope) -> list[Finding]:
		"""By activity, category and site: on the first and on the last day on which somebody was expected."""
		row, enrolment = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Enrolment")
		activity, span = frappe.qb.DocType("Activity"), scope.month_span
		query = (
			frappe.qb.from_(row)
			.join(enrolment)
			.on(enrolment.name == row.enrolment)
			.join(activity)
			.on(activity.name == row.activity)
			.where(row.attendance_date[span.start : span.end] & (row.status != "Cancelled"))
			.where(activity.billing_rule != "Not Billed")
			.groupby(row.activity, enrolment.category, row.site)
			.select(
				row.activity,
				enrolment.category,
				row.site,
				Min(row.attendance_date).as_("first"),
				Max(row.attendance_date).as_("last"),
				Count(row.person).distinct().as_("children"),
			)
			.orderby(row.activity, enrolment.category, row.site)
		)
		book, found = scope.once("tariffs", tariff_book), []
		for group in scope.at_sites(query, row.site).run(as_dict=True):
			for day in dict.fromkeys((getdate(group.first), getdate(group.last))):
				if _has_tariff(book, group, day):
					continue
				text = _("{0}, {1}: none on {2}, {3} children concerned")
				detail = text.format(group.category, group.site, formatdate(day), group.children)
				found.append(
					Finding(
						"Activity",
						group.activity,
						group.activity,
						detail,
						frozenset({group.site}),
						("List", "Tariff"),
						(("activity", group.activity),),
					)
				)
				break
		return found


def _has_tariff(book, group, day) -> bool:
	try:
		return book.get(group.activity, group.category, group.site, day) is not None
	except RuleError:
		return True  # two at once: the rule on enrolments names it
