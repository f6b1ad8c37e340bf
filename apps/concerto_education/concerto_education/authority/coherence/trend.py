"""How many each rule found, week by week: for all, and site by site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import frappe
from frappe.utils import now
from pypika.functions import Sum

from concerto_education import permissions
from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.coherence.check import Result

DOCTYPE = "Coherence Count"
COLUMNS = ("name", "creation", "modified", "owner", "modified_by", "week", "rule", "site", "how_many")
SHOWN = 12  # weeks


def monday_of(day: date) -> date:
	return day - timedelta(days=day.weekday())


def is_kept(week: date) -> bool:
	return bool(frappe.db.exists(DOCTYPE, {"week": week}))


def keep(week: date, results: Iterable[Result]) -> None:
	"""Write the counts of a week, in place of those that are there. The row without a site is for all."""
	frappe.db.delete(DOCTYPE, {"week": week})
	moment = now()
	rows = []
	for result in results:
		counts: Counter[str | None] = Counter({None: result.count})
		for finding in result.findings:
			counts.update(finding.sites)
		for site, count in counts.items():
			rows.append(
				(
					frappe.generate_hash(length=10),
					moment,
					moment,
					"Administrator",
					"Administrator",
					week,
					result.rule.code,
					site,
					count,
				)
			)
	# Numbers that the check itself has counted: no form and no rule of one.
	insert_rows(DOCTYPE, COLUMNS, rows)


def of_reader(site: str | None, today: date) -> dict[str, list[dict]]:
	"""By rule, the last weeks with their counts: of a site, of the reader's sites together, or of all."""
	table = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.select(table.rule, table.week, Sum(table.how_many).as_("count"))
		.where(table.week > monday_of(today) - timedelta(weeks=SHOWN))
		.groupby(table.rule, table.week)
		.orderby(table.rule, table.week)
	)
	criterion = permissions.criterion("Site")
	if site:
		query = query.where(table.site == site)
	elif criterion:
		query = query.where(table.site.isin(sorted(criterion.values) or [""]))
	else:
		query = query.where(table.site.isnull())
	found: dict[str, list[dict]] = defaultdict(list)
	for row in query.run(as_dict=True):
		found[row.rule].append({"week": str(row.week), "count": int(row["count"])})
	return found


def before(week: date) -> dict[str, int]:
	"""What each rule had found a week earlier, at all sites together."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(table.rule, table.how_many)
		.where((table.week == week - timedelta(weeks=1)) & table.site.isnull())
	).run()
	return {rule: int(count) for rule, count in rows}
