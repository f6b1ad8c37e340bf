"""Placed children: R17, R18, R36. What the carer is invoiced is in test_billing_placement.py."""

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from concerto_education.authority import mail, roles
from concerto_education.engine.ranges import DateRange
from concerto_education.families import errors, overview, service
from concerto_education.families.placement import api, days, letters
from tests.builders import (
	child,
	enrolment,
	family,
	insert,
	member,
	organisation,
	payer,
	person,
	placement,
	site,
	user,
)

YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))


@pytest.fixture
def placed():
	"""A dossier with a mother and a child, and a carer who is nobody's yet: (family, child, carer)."""
	kid, carer = child(), person("Accueil", "Rose", civility="Mme")
	return family(member(person(first_name="Mere"), "Representative 1"), member(kid)), kid, carer


@pytest.fixture
def sent(monkeypatch):
	"""E-mails that would have left."""
	found = []
	monkeypatch.setattr(mail, "can_send", lambda: True)
	monkeypatch.setattr(frappe, "sendmail", lambda **values: found.append(values))
	return found


def test_r17_the_carer_becomes_contact_and_payer_with_her_own_address(placed):
	doc, _kid, carer = placed
	row = placement(*placed)
	paying = frappe.get_doc("Payer", row.payer)
	assert (paying.person, paying.capacity, paying.active) == (carer.name, "Foster Carer", 1)
	block = service.address_blocks([paying.name])[paying.name]
	assert block.as_text() == "Madame ACCUEIL Rose\n19 rue du Four\n86100 NAINTRÉ"
	doc.reload()
	(member_row,) = [one for one in doc.members if one.person == carer.name]
	assert (member_row.role, member_row.may_collect, member_row.emergency) == ("Contact", 1, 1)


def test_r17_a_home_is_the_payer(placed):
	doc, kid, _carer = placed
	home = organisation(
		kind="Children's Home", address_line1="4 chemin du Gué", postcode="86000", town="Poitiers"
	)
	row = placement(doc, kid, organisation=home.name)
	paying = frappe.get_doc("Payer", row.payer)
	assert (paying.payer_kind, paying.organisation, paying.capacity) == (
		"Organisation",
		home.name,
		"Organisation",
	)


def test_r17_the_host_pays_on_the_days_of_the_placement(placed):
	row = placement(*placed, valid_from="2026-10-12")
	spans = days.payer_spans([placed[1].name], YEAR)[placed[0].name, placed[1].name]
	assert spans == [(DateRange(date(2026, 10, 12), date(2027, 8, 31)), row.payer)]
	api.end_placement(row.name, "2026-12-31")
	spans = days.payer_spans([placed[1].name], YEAR)[placed[0].name, placed[1].name]
	assert spans == [(DateRange(date(2026, 10, 12), date(2026, 12, 31)), row.payer)]


def test_r17_a_missing_address_is_the_authoritys_and_one_that_is_there_stays(placed):
	settings = frappe.get_single("Authority Settings")
	settings.update({"address_line1": "1 place de la Mairie", "postcode": "86999", "town": "Chef-Lieu"})
	settings.save()
	doc, kid, carer = placed
	placement(doc, kid, carer)
	assert frappe.db.get_value("Family", doc.name, "address_line1") == "3 rue des Lilas"
	kid, carer = child(), person()
	nowhere = family(
		member(person(), "Representative 1"), member(kid), address_line1="", postcode="", town=""
	)
	placement(nowhere, kid, carer)
	found = frappe.db.get_value("Family", nowhere.name, ["address_line1", "postcode", "town"])
	assert found == ("1 place de la Mairie", "86999", "Chef-Lieu")


def test_r17_a_note_is_made_and_goes_with_the_placement(placed):
	row = placement(*placed, delegation=1)
	note = frappe.get_doc("Opening Note", row.opening_note)
	assert (note.family, note.active) == (placed[0].name, 1)
	assert "ACCUEIL Rose" in note.social_note
	assert "délégation écrite" in note.social_note
	assert "ACCUEIL" not in note.note, "who takes the child in is a confidential matter"
	api.end_placement(row.name, today())
	assert str(frappe.db.get_value("Opening Note", row.opening_note, "until")) == today()


def test_r17_coordinator_and_directors_are_told(placed, sent):
	doc, kid, carer = placed
	school, elsewhere = site(), site()
	kid.school = school.name
	kid.save()
	made = enrolment(doc)
	coordinator = user(roles.SCHOOL_COORDINATOR, sites=(school.name,))
	director = user(roles.LEISURE_DIRECTOR, sites=(made.site,))
	user(roles.SCHOOL_COORDINATOR, sites=(elsewhere.name,))
	user(roles.ATTENDANCE_AGENT, sites=(school.name,))
	row = placement(doc, kid, carer, note="Décision du juge.")
	(message,) = sent
	assert message["recipients"] == sorted((coordinator, director))
	assert row.notified.split(", ") == [coordinator, director]
	assert kid.full_name in message["subject"]
	assert "ACCUEIL Rose" in message["message"]
	assert "juge" not in message["message"], "the confidential note stays in the file"


def test_r17_the_letter_is_the_administrators(placed, sent):
	template = frappe.get_doc("Email Template", letters.TEMPLATE)
	template.update({"subject": "Accueil de {{ child }}", "response_html": "<p>Mon texte</p>"})
	template.save()
	letters.seed()
	user(roles.LEISURE_DIRECTOR, sites=(enrolment(placed[0]).site,))
	placement(*placed)
	assert sent[0]["subject"] == f"Accueil de {placed[1].full_name}"
	assert "Mon texte" in sent[0]["message"]


def test_r17_a_site_without_mail_says_so_and_the_placement_holds(placed, monkeypatch):
	monkeypatch.setattr(mail, "can_send", lambda: False)
	told = user(roles.LEISURE_DIRECTOR, sites=(enrolment(placed[0]).site,))
	row = placement(*placed)
	assert told in row.notified
	assert row.notified.startswith("Non envoyé")
	kid, carer = child(), person()
	lonely = placement(family(member(kid)), kid, carer)
	assert lonely.notified.startswith("Personne")


def test_r17_enrolments_that_name_the_host_are_told_at_the_end(placed):
	row = placement(*placed)
	named = enrolment(placed[0], None, frappe.get_doc("Payer", row.payer))
	answer = api.end_placement(row.name, "2026-12-31")
	assert [one["name"] for one in answer["enrolments"]] == [named.name]


def test_r18_the_same_adult_is_payer_at_home_and_as_carer(placed):
	_doc, _kid, carer = placed
	at_home = payer(family(member(carer, "Representative 1"), member(child())), carer)
	row = placement(*placed)
	assert row.payer != at_home.name
	assert frappe.db.get_value("Payer", at_home.name, "capacity") == "Representative"


def test_r18_the_address_of_a_known_carer_is_suggested(placed):
	doc, kid, carer = placed
	family(member(carer, "Representative 1"), member(child()), address_line1="7 rue Haute")
	found = api.suggest(doc.name, kid.name, carer.name)
	assert found["address"]["address_line1"] == "7 rue Haute"
	assert found["invoiced_until"] is None


def test_r36_days_of_placement_for_the_floor_price(placed):
	placement(*placed, valid_from="2026-10-12", valid_to="2026-10-31")
	found = days.placed_days([placed[1].name, child().name], YEAR)
	assert list(found) == [placed[1].name]
	assert date(2026, 10, 11) not in found[placed[1].name]
	assert date(2026, 10, 31) in found[placed[1].name]


def test_r17_who_pays_from_when_is_the_servers(placed):
	row = placement(*placed, payer=payer(family()).name, pays_from="2020-01-01", notified="moi")
	assert frappe.db.get_value("Payer", row.payer, "family") == placed[0].name
	assert (str(row.pays_from), row.notified) != ("2020-01-01", "moi")
	row.reload()
	row.update({"payer": payer(family()).name, "pays_from": "2020-01-01", "note": "Autre."})
	row.save()
	assert frappe.db.get_value("Payer", row.payer, "family") == placed[0].name
	assert str(row.pays_from) == "2026-09-01"


# ---------------------------------------------------------------- what is refused


def test_r17_end_before_start(placed):
	with pytest.raises(errors.PlacementEndsBeforeStart):
		placement(*placed, valid_to="2026-08-31")


def test_r17_only_a_child_of_the_family_is_placed(placed):
	doc, _kid, carer = placed
	for stranger in (child(), doc.members[0].person):
		with pytest.raises(errors.PlacedPersonIsNoChild):
			placement(doc, stranger, carer)


def test_r17_somebody_takes_the_child_in(placed):
	doc, kid, _carer = placed
	with pytest.raises(errors.NobodyTakesIn):
		placement(doc, kid)


def test_r17_no_representative_is_the_foster_carer(placed):
	doc, kid, _carer = placed
	for who in (doc.members[0].person, kid.name):
		with pytest.raises(errors.HostIsRepresentative):
			placement(doc, kid, who)


def test_r22_a_forbidden_contact_takes_no_child_in(placed):
	kid, bad = child(), person()
	doc = family(member(kid), member(bad, "Contact", forbidden=1, may_collect=0, emergency=0))
	with pytest.raises(errors.ForbiddenContact):
		placement(doc, kid, bad)


def test_r17_a_child_is_in_one_place_at_a_time(placed):
	doc, kid, carer = placed
	placement(doc, kid, carer, valid_to="2026-12-31")
	placement(doc, kid, carer, valid_from="2027-01-01")
	with pytest.raises(errors.PlacementsOverlap):
		placement(doc, kid, person(), valid_from="2026-12-31", valid_to="2026-12-31")


def test_r17_invoices_never_go_to_the_parents_address(placed):
	with pytest.raises(errors.HostWithoutAddress):
		placement(*placed, town="")


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.NURSERY_DIRECTOR, roles.AREA_MANAGER])
def test_who_follows_families_records_a_placement(placed, role):
	frappe.set_user(user(role))
	placement(*placed, note="Confidentiel.")
	assert api.placements_of(placed[0].name)[0]["host"] == "ACCUEIL Rose"


@pytest.mark.parametrize("role", [roles.SEASONAL_CLERK, roles.SERVICE_REFERENT, roles.FINANCE_CLERK])
def test_others_do_not(placed, role):
	row = placement(*placed)
	frappe.set_user(user(role))
	with pytest.raises(frappe.PermissionError):
		insert(
			"Placement",
			family=placed[0].name,
			person=child().name,
			carer=placed[2].name,
			valid_from=add_days(today(), 1),
		)
	with pytest.raises(frappe.PermissionError):
		api.end_placement(row.name, today())
	if role == roles.SEASONAL_CLERK:
		assert api.placements_of(placed[0].name) == []


# ---------------------------------------------------------------- the cards of the payers


def cards_of(doc) -> dict:
	return {row["name"]: row for row in overview.family_overview(doc.name)["payers"]}


def test_r17_the_cards_say_who_does_not_pay_for_whom_and_from_when_to_when(placed):
	doc, kid, _carer = placed
	mother = payer(doc)
	assert cards_of(doc)[mother.name]["replaced"] == []
	row = placement(*placed, valid_from=today())
	shown = cards_of(doc)
	(off,) = shown[mother.name]["replaced"]
	assert (off["child"], off["only_child"], off["begun"], off["to"]) == (kid.full_name, True, True, None)
	assert off["from"] == getdate(today())
	assert shown[mother.name]["pays_for_placed"] == [] == shown[row.payer]["replaced"]
	assert [one["child"] for one in shown[row.payer]["pays_for_placed"]] == [kid.full_name]
	api.end_placement(row.name, add_days(today(), 10))
	assert cards_of(doc)[mother.name]["replaced"][0]["to"] == getdate(add_days(today(), 10))


def test_r17_a_placement_that_is_over_is_on_no_card_and_one_of_two_children_is_named(placed):
	doc, kid, carer = placed
	doc.append("members", member(child(first_name="Noe")))
	doc.save()
	mother = payer(doc)
	row = placement(doc, kid, carer, valid_from=add_days(today(), -20))
	(off,) = cards_of(doc)[mother.name]["replaced"]
	assert (off["child"], off["only_child"]) == (kid.full_name, False)
	api.end_placement(row.name, add_days(today(), -1))
	assert cards_of(doc)[mother.name]["replaced"] == []


def test_r17_who_may_not_read_placements_reads_nothing_of_them_on_the_cards(placed):
	doc, kid, _carer = placed
	mother = payer(doc)
	placement(*placed, valid_from=today())
	frappe.set_user(user(roles.SEASONAL_CLERK))
	assert cards_of(doc)[mother.name]["replaced"] == []
	frappe.set_user(user(roles.FINANCE_CLERK))
	assert [one["child"] for one in cards_of(doc)[mother.name]["replaced"]] == [kid.full_name]
