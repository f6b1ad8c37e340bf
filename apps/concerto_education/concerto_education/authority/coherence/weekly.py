"""Every Monday: the counts are kept, and whoever can mend something hears of it (R7, R33). Numbers, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, get_url, getdate

from concerto_education.authority import mail, pdf, roles
from concerto_education.authority.coherence import check, trend
from concerto_education.authority.coherence.check import Result
from concerto_education.authority.coherence.scope import Scope
from concerto_education.authority.coherence.settings import DOCTYPE

SITE_LETTER = "Coherence Check, Site"
ALL_LETTER = "Coherence Check, All Sites"
# The room that knows sites: a function of a site gives the accounts that get its messages.
RESPONSIBLES_HOOK = "concerto_site_responsibles"
PAGE = "/app/coherence-check"

SITE_TEXT = """<p>Bonjour,</p>
<p>Contrôle de cohérence de la semaine pour <b>{{ site | e }}</b> :</p>
<ul>{% for line in lines %}<li>{{ line.title | e }} : <b>{{ line.count }}</b>{% if line.blocking %} (bloque la facturation){% endif %}</li>
{% endfor %}</ul>
<p><a href="{{ link }}">Ouvrir le contrôle et corriger</a></p>"""

ALL_TEXT = """<p>Bonjour,</p>
<p>Contrôle de cohérence de la semaine, tous sites confondus :</p>
<ul>{% for line in lines %}<li>{{ line.title | e }} : <b>{{ line.count }}</b>{% if line.change %} ({{ line.change }} depuis la semaine dernière){% endif %}{% if line.blocking %} – bloque la facturation{% endif %}</li>
{% endfor %}</ul>
<p><a href="{{ link }}">Ouvrir le contrôle de cohérence</a></p>"""


def seed() -> None:
	mail.seed_template(
		SITE_LETTER, "{{ site }} : contrôle de cohérence, {{ total }} points à corriger", SITE_TEXT
	)
	mail.seed_template(ALL_LETTER, "Contrôle de cohérence : {{ total }} points à corriger", ALL_TEXT)
	mail.let_administrators_write()


def run(today: date | None = None) -> bool:
	"""The job. False if it is switched off, or was done this week already: nobody is told twice."""
	if not cint(frappe.db.get_single_value(DOCTYPE, "weekly")):
		return False
	week = trend.monday_of(today or getdate())
	# Whoever comes second waits here, and then sees the counts of the first.
	frappe.db.get_value("DocType", DOCTYPE, "name", for_update=True)
	if trend.is_kept(week):
		return False
	with pdf.in_french():
		results = check.run_for_system(Scope.of())
		earlier = trend.before(week)
		trend.keep(week, results)
		_tell_sites(results)
		_tell_all(results, earlier, roles.ADMINISTRATORS, lambda result: result.choice.tell_administrators)
		_tell_all(results, earlier, (roles.FINANCE_CLERK,), lambda result: result.choice.tell_finance)
	return True


def _tell_sites(results: Iterable[Result]) -> None:
	counts: dict[str, Counter] = {}
	told = {result.rule.code: result for result in results if result.choice.tell_sites}
	for code, result in told.items():
		for finding in result.findings:
			for site in finding.sites:
				counts.setdefault(site, Counter())[code] += 1
	for site, counted in sorted(counts.items()):
		users = [user for path in frappe.get_hooks(RESPONSIBLES_HOOK) for user in frappe.get_attr(path)(site)]
		if not users:
			continue
		lines = [_line(told[code], count) for code, count in counted.most_common()]
		total = sum(counted.values())
		mail.notify(users, _("{0}: {1} points of the coherence check to mend").format(site, total))
		mail.send(
			SITE_LETTER,
			mail.addresses(users),
			{"site": site, "lines": lines, "total": total, "link": get_url(f"{PAGE}?site={site}")},
		)


def _tell_all(results: Iterable[Result], earlier: dict[str, int], wanted, is_told) -> None:
	found = [result for result in results if result.count and is_told(result)]
	users = roles.users_with(wanted)
	if not found or not users:
		return
	total = sum(result.count for result in found)
	lines = [
		{**_line(result, result.count), "change": _change(result, earlier)}
		for result in sorted(found, key=lambda result: -result.count)
	]
	mail.notify(users, _("Coherence check of the week: {0} points to mend").format(total))
	mail.send(ALL_LETTER, mail.addresses(users), {"lines": lines, "total": total, "link": get_url(PAGE)})


def _line(result: Result, count: int) -> dict:
	return {"title": result.rule.title(), "count": count, "blocking": result.choice.blocks_billing}


def _change(result: Result, earlier: dict[str, int]) -> str:
	difference = result.count - earlier.get(result.rule.code, result.count)
	return f"{difference:+d}" if difference else ""
