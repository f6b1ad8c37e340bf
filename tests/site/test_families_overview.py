"""What the family's form shows at a glance, and to whom."""

from datetime import date

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.families import cards, overview
from tests.builders import child, family, member, payer, person, quotient, user


@pytest.mark.parametrize(
	("born", "day", "age"),
	[
		(date(2019, 3, 14), date(2026, 3, 13), 6),
		(date(2019, 3, 14), date(2026, 3, 14), 7),
		(date(2020, 2, 29), date(2026, 2, 28), 5),
		(date(2020, 2, 29), date(2026, 3, 1), 6),
		(None, date(2026, 3, 1), None),
	],
)
def test_age_in_whole_years(born, day, age):
	assert overview.age_on(born, day) == age


def test_age_under_two_is_in_months():
	assert overview.age_text(date(2025, 3, 15), date(2026, 3, 14)).startswith("11")
	assert overview.age_text(date(2024, 3, 14), date(2026, 3, 14)).startswith("2 ")


def test_the_overview_shows_members_quotient_and_payers():
	mother, bad = person("Dupont", "Claire", civility="Mme"), person("Durand", "Paul")
	doc = family(
		member(mother, "Representative 1"),
		member(child("Dupont")),
		member(bad, "Contact", forbidden=1, may_collect=0, emergency=0),
	)
	quotient(doc, 612)
	payer(doc, mother)
	shown = overview.family_overview(doc.name)
	assert [row["forbidden"] for row in shown["members"]] == [0, 0, 1]
	assert (shown["quotient"]["value"], shown["quotient"]["unknown"]) == (612, False)
	assert [row["recipient"] for row in shown["payers"]] == ["Madame DUPONT Claire"]
	assert shown["payers"][0]["lines"] == ["3 rue des Lilas", "86000 POITIERS"]
	assert shown["enrolments"] == []


def test_r14_the_timeline_marks_today_and_what_was_replaced():
	doc = family()  # 9999 for the whole school year
	quotient(doc, 612)  # the same span, recorded later
	latest, oldest = overview.family_overview(doc.name)["quotients"]
	assert (latest["value"], latest["current"], latest["replaced"]) == (612, True, False)
	assert (oldest["unknown"], oldest["current"], oldest["replaced"]) == (True, False, True)


def test_an_agent_gets_no_overview():
	doc = family()
	frappe.set_user(user(roles.ATTENDANCE_AGENT))
	with pytest.raises(frappe.PermissionError):
		overview.family_overview(doc.name)
	with pytest.raises(frappe.PermissionError):
		cards.dossiers_without_known_quotient()


def test_rooms_above_add_their_figures(monkeypatch):
	doc = family()
	figure = {"label": "Solde", "value": "12,50 €"}
	monkeypatch.setattr(frappe, "get_hooks", lambda *args, **kwargs: ["tests.figure"])
	monkeypatch.setattr(frappe, "get_attr", lambda path: lambda name: [figure] if name == doc.name else [])
	assert overview._figures(doc.name) == [figure]


def test_r7_dossiers_without_known_quotient_are_counted():
	before = cards.dossiers_without_known_quotient()["value"]
	doc = family()
	assert cards.dossiers_without_known_quotient()["value"] == before + 1
	quotient(doc, 0)
	assert cards.dossiers_without_known_quotient()["value"] == before
	quotient(doc, 9999)
	assert cards.dossiers_without_known_quotient()["value"] == before + 1
	doc.reload()
	doc.status = "Archived"
	doc.save()
	assert cards.dossiers_without_known_quotient()["value"] == before
