"""What the page calls. Types are enforced by Frappe, so no postponed annotations in this file."""

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.authority import tables
from concerto_education.authority.coherence import check, settings, trend
from concerto_education.authority.coherence.rule import Rule, Topic, all_rules, rule_of
from concerto_education.authority.coherence.scope import Scope

# Lines of one rule that are drawn; all of them are counted and exported.
SHOWN = 100


@frappe.whitelist()
def overview(site: str | None = None) -> dict:
	"""The rules that the reader may run, under their headings, with their trend; no counts yet."""
	_require(site)
	choices, trends, topics = settings.choices(), trend.of_reader(site, getdate()), Topic.titles()
	rules = [rule for rule in all_rules() if not choices[rule.code].is_ignored and rule.may_run()]
	return {
		"sites": frappe.get_list(
			"Site", filters={"active": 1}, pluck="name", order_by="name", limit_page_length=0
		),
		"may_set": bool(frappe.has_permission(settings.DOCTYPE, "write")),
		"may_export": bool(frappe.has_permission(trend.DOCTYPE, "export")),
		"topics": [
			{
				"title": title,
				"topic": topic,
				"rules": [
					{**_described(rule), "trend": trends.get(rule.code, [])}
					for rule in rules
					if rule.topic == topic
				],
			}
			for topic, title in topics.items()
			if any(rule.topic == topic for rule in rules)
		],
	}


@frappe.whitelist()
def check_topic(topic: str, site: str | None = None) -> dict:
	"""By code: the count of each rule of a heading and its first lines."""
	_require(site)
	choices = settings.choices()
	rules = [rule for rule in all_rules() if rule.topic == topic and not choices[rule.code].is_ignored]
	return {
		result.rule.code: {
			"count": result.count,
			"lines": [finding.as_dict() for finding in result.findings[:SHOWN]],
			"more": max(0, result.count - SHOWN),
		}
		for result in check.run([rule for rule in rules if rule.may_run()], Scope.of_reader(site))
	}


@frappe.whitelist()
def export(code: str, site: str | None = None) -> None:
	"""All lines of one rule as a sheet."""
	_require(site, "export")
	rule = rule_of(code)
	lines = [
		[finding.title, finding.detail, ", ".join(sorted(finding.sites)), finding.name]
		for finding in check.findings(rule, Scope.of_reader(site))
	]
	head = [_("Concerns"), _("What Is Wrong"), _("Sites"), _("Record")]
	tables.respond(
		tables.xlsx_bytes([head, *lines], rule.title()[:31]), f"controle-{code}-{getdate():%Y-%m-%d}.xlsx"
	)


def _described(rule: Rule) -> dict:
	return {
		"code": rule.code,
		"title": rule.title(),
		"help": rule.help(),
		"severity": settings.choices()[rule.code].severity,
		"billing": rule.billing,
	}


def _require(site: str | None, right: str = "read") -> None:
	"""Throw PermissionError (403) unless the user may read the check, and the site that is asked for."""
	allowed = frappe.has_permission(trend.DOCTYPE, right)
	if site:
		allowed = (
			allowed and frappe.db.exists("Site", site) and frappe.has_permission("Site", "read", doc=site)
		)
	if not allowed:
		frappe.throw(_("You may not read the coherence check of this site"), frappe.PermissionError)
