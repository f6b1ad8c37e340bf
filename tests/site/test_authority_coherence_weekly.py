"""What administrators decide of coherence rules, the counts of each week, and who hears of them (R7)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.authority import roles
from concerto_education.authority.coherence import Scope, api, check, settings, trend, weekly
from concerto_education.authority.coherence.rule import BLOCKING, IGNORED, all_rules
from tests import builders as make
from tests.site.test_authority_coherence import NOW, Home, no_scheme


@pytest.fixture(autouse=True)
def in_october(site):
	make.school_year(2026)
	with freeze_time(NOW):
		yield


def choose(code: str, **values) -> None:
	doc = frappe.get_doc("Coherence Settings")
	settings.add_missing(doc)
	next(row for row in doc.rules if row.rule == code).update(values)
	doc.save()


def test_R7_an_ignored_rule_is_not_run_and_the_choice_of_an_administrator_stays():
	choose("no-scheme", severity=IGNORED)
	settings.seed()
	assert settings.choices()["no-scheme"].is_ignored
	shown = {rule["code"] for topic in api.overview()["topics"] for rule in topic["rules"]}
	assert "no-scheme" not in shown and "no-quotient" in shown
	assert "no-scheme" not in api.check_topic("dossier")


def test_only_administrators_change_severities():
	for role, allowed in (
		(roles.SCHOOL_ADMINISTRATOR, True),
		(roles.FINANCE_CLERK, False),
		(roles.SCHOOL_COORDINATOR, False),
	):
		user = make.user(role)
		assert bool(frappe.has_permission("Coherence Settings", "write", user=user)) is allowed, role


def recipients() -> list[str]:
	return frappe.get_all("Email Queue Recipient", pluck="recipient")


def test_R7_on_mondays_counts_are_kept_and_who_answers_for_a_site_is_told_once():
	frappe.db.delete("Coherence Count")
	frappe.db.delete("Email Queue Recipient")
	home = Home()
	no_scheme(home)
	user = make.user(roles.SCHOOL_COORDINATOR, sites=(home.site,))
	frappe.db.set_value("Site", home.site, "manager_role", roles.SCHOOL_COORDINATOR)
	administrator = make.user(roles.SCHOOL_ADMINISTRATOR)
	monday = date(2026, 10, 5)
	assert weekly.run(monday)
	counts = dict(frappe.get_all("Coherence Count", {"site": home.site}, ["rule", "how_many"], as_list=True))
	assert counts["no-scheme"] == 1
	told = recipients()
	assert told.count(user) == 1 and told.count(administrator) == 1
	body = frappe.get_all("Email Queue", pluck="message")
	assert body and not any(home.family.family_name in text for text in body)  # numbers, no names
	assert not weekly.run(date(2026, 10, 7)) and len(recipients()) == len(told)


def test_R7_the_site_is_not_told_of_what_the_settings_leave_out():
	frappe.db.delete("Coherence Count")
	frappe.db.delete("Email Queue Recipient")
	for rule in all_rules():
		choose(rule.code, tell_sites=0, tell_administrators=0, tell_finance=0)
	home = Home()
	no_scheme(home)
	make.user(roles.SCHOOL_COORDINATOR, sites=(home.site,))
	assert weekly.run(date(2026, 10, 5)) and recipients() == []


def test_R7_the_trend_of_a_site_is_its_own():
	frappe.db.delete("Coherence Count")
	mine, other = Home(), Home()
	for week in ("2026-09-28", "2026-10-05"):
		no_scheme(mine)
		no_scheme(other)
		trend.keep(date.fromisoformat(week), check.run_for_system(Scope.of()))
	today = date(2026, 10, 8)
	assert [week["count"] for week in trend.of_reader(mine.site, today)["no-scheme"]] == [1, 1]
	assert trend.of_reader(None, today)["no-scheme"][-1]["count"] >= 2
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(mine.site,)))
	assert [week["count"] for week in trend.of_reader(None, today)["no-scheme"]] == [1, 1]
	assert {row.site for row in frappe.get_list("Coherence Count", fields=["site"], limit=0)} == {mine.site}


def test_severities_are_the_three_of_the_form():
	options = frappe.get_meta("Coherence Rule Setting").get_field("severity").options.split("\n")
	assert options == [IGNORED, "Warning", BLOCKING]
