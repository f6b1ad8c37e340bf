"""How many dossiers were incomplete, week by week and site by site: the history below the weekly table (R24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

import frappe

from concerto_education.families.documents import reminders
from concerto_education.families.documents.missing import Missing

WEEK = "Incomplete Week"
SHOWN = 12


def monday(day: date) -> date:
	return day - timedelta(days=day.weekday())


def record(day: date, sites: Mapping[str, Collection[str]], found: Mapping[str, Iterable[Missing]]) -> int:
	"""Write down the week of ``day``, one row for each site; the same week again replaces its rows."""
	week = monday(day)
	frappe.db.delete(WEEK, {"week": week})
	reminded = _reminded(week, [family for families in sites.values() for family in families])
	for site, families in sites.items():
		doc = frappe.get_doc(
			{
				"doctype": WEEK,
				"week": week,
				"site": site,
				"dossiers": len(families),
				"blocking": sum(any(item.blocking for item in found[family]) for family in families),
				"reminded": len(reminded & set(families)),
			}
		)
		# The job of the night: nobody writes these numbers by hand.
		doc.insert(ignore_permissions=True)
	return len(sites)


def _reminded(week: date, families: list[str]) -> set[str]:
	"""Families that got a reminder in the seven days before this Monday."""
	return set(
		frappe.get_all(  # counted, and shown as a number only
			reminders.REMINDER,
			filters={
				"family": ("in", families),
				"sent_at": ("between", (week - timedelta(days=7), week - timedelta(days=1))),
				"state": ("!=", reminders.FAILED),
			},
			pluck="family",
		)
	)


def shown(site: str | None = None) -> list[dict]:
	"""The last weeks, latest first, of the sites that the user sees; one of them with ``site``."""
	filters = {"site": site} if site else {}
	rows = frappe.get_list(
		WEEK,
		filters=filters,
		fields=["week", "site", "dossiers", "blocking", "reminded"],
		order_by="week desc, site asc",
		limit_page_length=0,
	)
	latest = sorted({row.week for row in rows}, reverse=True)[:SHOWN]
	return [row for row in rows if row.week in latest]
