"""The wizard makes each kind of activity from its model, and refuses what is incomplete by name (R1, R7, R27, R28)."""

import frappe
import pytest

from concerto_education.activities import ages, errors
from concerto_education.activities.booking import Outcome, decide, rule_sentences
from concerto_education.activities.models import seed, service, wizard
from concerto_education.authority import roles
from tests import builders as make

CAMP = {
	"camp_number": "3",
	"camp_place": "Lac des Fauvettes",
	"valid_from": "2027-07-12",
	"valid_to": "2027-07-16",
}


def answers(**values):
	return {"activity_name": f"Activité {make._unique()}", "sites": [{"site": make.site().name}], **values}


@pytest.mark.parametrize("model", seed.models(), ids=lambda model: model["model_name"])
def test_each_shipped_model_makes_an_activity(model):
	name = f"Modèle {make._unique()}"
	frappe.get_doc(seed.prepared({**model, "model_name": name})).insert()
	given = answers(**(CAMP if model["kind"] == "Camp" else {}))
	assert wizard.preview(name, given)["problem"] is None
	doc = service.create(name, given)
	assert (doc.kind, doc.model) == (model["kind"], name)
	assert [row.unit for row in doc.units] == [row["unit"] for row in model["units"]]
	assert [row.group_name for row in doc.groups] == [row["group_name"] for row in model["groups"]]
	assert doc.booking_rule == model["booking_rule"] and doc.billing_rule == model["billing_rule"]


def test_models_cover_every_kind():
	kinds = frappe.get_meta("Activity").get_field("kind").options.split("\n")
	assert {model["kind"] for model in seed.models()} == set(kinds)


def test_a_model_has_no_field_that_an_activity_lacks():
	activity, model = frappe.get_meta("Activity"), frappe.get_meta("Activity Model")
	for name in (*service.shared_fields(), *service.TABLES):
		assert activity.get_field(name).fieldtype == model.get_field(name).fieldtype, name


def test_prices_of_the_wizard_become_tariffs():
	doc = service.create(
		"Garderie périscolaire",
		answers(price="1.50", unbooked_price="3", late_pickup_price="5", tariff_from="2026-09-01"),
	)
	made = frappe.get_all("Tariff", filters={"activity": doc.name}, fields=["use", "price"])
	assert {row.use: f"{row.price:.2f}" for row in made} == {
		"Normal": "1.50",
		"Presence Not Booked": "3.00",
		"Late Pick-up": "5.00",
	}


@pytest.mark.parametrize(
	("typed", "amount"),
	[("2,80 €", "2.80"), ("1 250,5", "1250.5"), (2.8, "2.8"), ("0", "0"), ("", None), (None, None)],
)
def test_a_price_is_read_as_a_french_hand_types_it(typed, amount):
	found = service.price_of(typed)
	assert (None if found is None else str(found)) == amount


def test_what_a_client_adds_is_ignored():
	doc = service.create("Restauration scolaire", answers(owner="x@example.org", kind="Camp", active=0))
	assert (doc.kind, doc.active, doc.owner) == ("Canteen", 1, "Administrator")


@pytest.mark.parametrize(
	("model", "change", "error"),
	[
		("Restauration scolaire", {"units": []}, errors.NoUnit),
		("Restauration scolaire", {"monday": 0, "tuesday": 0, "thursday": 0, "friday": 0}, errors.NeverOpen),
		("Restauration scolaire", {"age_from": 12, "age_to": 3}, errors.InvalidAges),
		("Restauration scolaire", {"booking_time": ""}, errors.InvalidBookingRule),
		("Restauration scolaire", {"booking_time": "midi"}, errors.InvalidBookingRule),
		("Restauration scolaire", {"booking_weeks": 0}, errors.InvalidBookingRule),
		("Restauration scolaire", {"price": "-2"}, errors.InvalidWizardPrice),
		("Restauration scolaire", {"imputation": ""}, errors.ImputationNeeded),
		("Restauration scolaire", {"billing_rule": "Present"}, errors.LateCancellingNotBilled),
		("Séjour", {"camp_place": ""}, errors.CampIncomplete),
		("Séjour", {"valid_to": None}, errors.CampIncomplete),
		("Séjour", {"valid_to": "2027-07-01"}, errors.PeriodEndsBeforeStart),
		(
			"Accueil de loisirs du mercredi",
			{"groups": [{"group_name": "A", "age_from": 15}]},
			errors.InvalidAges,
		),
		(
			"Accueil de loisirs du mercredi",
			{"groups": [{"group_name": "A", "unit": "nuit"}]},
			errors.InvalidGroup,
		),
		(
			"Accueil de loisirs du mercredi",
			{"groups": [{"group_name": "A"}, {"group_name": "a"}]},
			errors.InvalidGroup,
		),
	],
)
def test_bad_answers_are_refused_and_nothing_is_made(model, change, error):
	given = answers(**(CAMP if model == "Séjour" else {}))
	given.update(change)
	before = frappe.db.count("Activity")
	assert wizard.preview(model, given)["problem"]
	frappe.db.savepoint("wizard_test")
	with pytest.raises(error):
		service.create(model, given)
	frappe.db.rollback(save_point="wizard_test")
	assert frappe.db.count("Activity") == before


def test_a_camp_is_named_by_number_place_and_dates_and_renamed_with_them():
	from concerto_education.activities.doctype.activity.activity import rename_camp

	doc = service.create("Séjour", answers(**CAMP))
	assert doc.name == doc.activity_name == "Séjour 3 – Lac des Fauvettes, du 12/07/2027 au 16/07/2027"
	doc.valid_to = "2027-07-17"
	doc.save()
	new = rename_camp(doc.name)
	assert new.endswith("au 17/07/2027") and frappe.db.get_value("Activity", new, "activity_name") == new


def test_a_line_of_others_needs_no_imputation():
	doc = service.create("Transport des vacances", answers(imputation=""))
	assert doc.billing_rule == "Not Billed" and not doc.imputation


def test_a_model_says_what_it_is_for():
	model = seed.models()[0]
	with pytest.raises(errors.InvalidModel):
		frappe.get_doc(seed.prepared({**model, "model_name": make._unique(), "description": ""})).insert()


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.SERVICE_REFERENT, roles.FINANCE_CLERK])
def test_only_administrators_use_the_wizard(role):
	frappe.set_user(make.user(role))
	for call in (
		wizard.start,
		lambda: wizard.preview("Séjour", {}),
		lambda: wizard.create("Séjour", {}),
	):
		with pytest.raises(frappe.PermissionError):
			call()


# ---------------------------------------------------------------- rules in words, and what they decide


def test_the_rule_in_french():
	act = make.activity(
		billing_rule="Planned Unless Justified",
		booking_rule="Day of the Week Before",
		booking_weekday="Thursday",
		booking_weeks=1,
		booking_time="12:00",
	)
	plain = [sentence.replace("\u00a0", " ") for sentence in rule_sentences(act.name)]
	assert plain == [
		"Réservation jusqu’au jeudi 12 h pour toute la semaine suivante ; ensuite elle est refusée."
	]


def test_decisions_follow_the_rule_of_the_activity():
	from frappe.utils import get_datetime, getdate

	make.school_year()
	act = make.activity(
		billing_rule="Planned Unless Justified",
		booking_rule="Working Days Before",
		booking_days=2,
		booking_time="10:00",
		late_booking="Price of a Presence Not Booked",
		cancelling_rule="Days Before",
		cancelling_days=0,
		cancelling_time="09:00",
		late_cancelling="Stays Billed",
	)
	day = getdate("2026-11-12")  # the 11th is a public holiday
	early = decide(act.name, day, get_datetime("2026-11-09 10:00:00"))
	assert (early.book.outcome, early.cancel.outcome) == (Outcome.FREE, Outcome.FREE)
	late = decide(act.name, day, get_datetime("2026-11-12 09:01:00"))
	assert (late.book.outcome, late.cancel.outcome) == (Outcome.SURCHARGE, Outcome.BILLED)
	assert "non réservée" in late.book.text and "reste facturé" in late.cancel.text


def test_the_form_says_who_when_price_and_rule():
	act = make.activity(age_from=3, age_to=11)
	make.tariff(act, bands=((0, 350, 2.2), (350, 0, 2.8)), valid_from="2020-09-01")
	doc = frappe.get_doc("Activity", act.name)
	doc.run_method("onload")
	summary = doc.get_onload("words")["summary"].replace("\u00a0", " ")
	assert summary.startswith(
		"Enfants de 3 à 11 ans, les lundis, mardis, jeudis et vendredis en période scolaire"
	)
	assert "2,20 € à 2,80 € selon le quotient familial" in summary


@pytest.mark.parametrize(
	("birth", "held"),
	[("2023-09-03", True), ("2023-09-04", False), ("2020-09-04", True), ("2020-09-03", False)],
)
def test_both_ages_are_included(birth, held):
	from frappe.utils import getdate

	act = make.activity(age_from=3, age_to=5)
	assert ages.holds(act, ages.months_on(getdate(birth), getdate("2026-09-03"))) is held
