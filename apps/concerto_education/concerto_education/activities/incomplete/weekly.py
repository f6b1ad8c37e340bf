"""Each Monday the incomplete dossiers are counted by site, and the sites hear of them (R24).

The message is switched off in the settings; the count is kept in any case, so that the page shows each week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, get_url, getdate, today

from concerto_education.activities.incomplete import weeks
from concerto_education.activities.incomplete.table import Filters, lacking
from concerto_education.activities.sites import responsible_users
from concerto_education.authority import mail, pdf
from concerto_education.families.documents import missing, texts
from concerto_education.families.documents.missing import Missing


def run(day: date | None = None) -> list[str]:
	"""The job: count what is missing at each site, and tell it. Returns the sites that were told."""
	day = day or getdate(today())
	sites, found = count(day)
	if not cint(frappe.db.get_single_value("Authority Settings", "weekly_missing_list")):
		return []
	with pdf.in_french():
		return [
			site for site, families in sites.items() if _tell(site, [found[family] for family in families])
		]


def count(day: date) -> tuple[dict[str, list[str]], dict[str, tuple[Missing, ...]]]:
	"""Write down the week of ``day``. Returns the incomplete dossiers by site, and what each lacks."""
	found = lacking(Filters(), day, user="Administrator")
	sites = _by_site(found, day)
	weeks.record(day, sites, found)
	return sites, found


def _by_site(found: Iterable[str], day: date) -> dict[str, list[str]]:
	"""The incomplete dossiers of each site, by where the children are enrolled."""
	enrolment = frappe.qb.DocType("Enrolment")
	rows = (
		frappe.qb.from_(enrolment)
		.select(enrolment.site, enrolment.family)
		.distinct()
		.where(enrolment.status != "Cancelled")
		.where(enrolment.valid_to >= day)
		.orderby(enrolment.site, enrolment.family)
	).run()
	sites: dict[str, list[str]] = {}
	known = set(found)
	for site, family in rows:
		if family in known:
			sites.setdefault(site, []).append(family)
	return sites


def _tell(site: str, dossiers: list[tuple[Missing, ...]]) -> bool:
	"""Numbers without names, and nothing of health: whoever reads mails of a site need not read that."""
	users = responsible_users(site)
	if not users:
		return False
	counts: Counter[str] = Counter()
	for items in dossiers:
		counts.update({missing.label(item, may_read_health=False) for item in items})
	mail.send(
		texts.WEEKLY,
		mail.addresses(users),
		{
			"site": site,
			"count": len(dossiers),
			"blocking": sum(any(item.blocking for item in items) for items in dossiers),
			"lines": [{"label": label, "count": count} for label, count in counts.most_common()],
			"link": get_url("/app/incomplete-dossiers"),
		},
	)
	mail.notify(users, _("{0}: {1} incomplete dossiers this week").format(site, len(dossiers)))
	return True
