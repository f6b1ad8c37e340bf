"""The SEPA mandate of a payer: account, reference, states, and what is ever debited (R20)."""

from datetime import date
from io import BytesIO

import frappe
import pytest
from freezegun import freeze_time
from pypdf import PdfReader

from concerto_education.families.mandates import creditor, errors, paper, service
from tests import builders as make
from tests.builders import family, insert, member, organisation, payer, person

GOOD = "FR7630001007941234567890185"  # bank code of the Banque de France, fictional account
OTHER = "FR8530001007940000000001A18"
UNKNOWN_BANK = "FR7612345007941234567890169"
DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def november():
	with freeze_time("2026-11-24 10:00:00.5"):
		yield


def mandate(of=None, iban=GOOD, **values):
	return insert("Mandate", payer=(of or payer(family())).name, new_iban=iban, **values)


def active(of=None, signed="2026-09-15", **values):
	doc = mandate(of, **values)
	return service.change_state(doc.name, "Active", signed_on=date.fromisoformat(signed))


# ---------------------------------------------------------------- the account


@pytest.mark.parametrize(
	("typed", "error", "word"),
	[
		("FR7630001007941234567890186", errors.InvalidIban, "digits|contrôle"),
		("FR763000100794123456789018", errors.InvalidIban, "26"),
		("XX7630001007941234567890185", errors.InvalidIban, "XX"),
		("FR76300010079412345!7890185", errors.InvalidIban, "charact|caract"),
		("TR330006100519786457841326", errors.IbanOutsideSepa, "SEPA"),
		("", errors.InvalidIban, "RIB"),
		("   ", errors.InvalidIban, "RIB"),
	],
)
def test_r20_a_wrong_iban_is_refused_with_its_reason(typed, error, word):
	with pytest.raises(error, match=f"(?i){word}"):
		mandate(iban=typed)


def test_r20_the_key_of_the_rib_is_checked_too():
	from schwifty import IBAN

	wrong_key = IBAN.from_bban("FR", "30001007941234567890199").compact
	with pytest.raises(errors.InvalidIban, match="RIB"):
		mandate(iban=wrong_key)


def test_r20_the_bic_follows_from_the_account():
	doc = mandate(iban="fr76 3000 1007 9412 3456 7890 185", bic="PSSTFRPP")
	assert (doc.iban, doc.bic, doc.account) == (GOOD, "BDFEFRPP", "FR76 •••• 0185")
	assert not doc.new_iban and not frappe.db.get_value("Mandate", doc.name, "new_iban")


def test_r20_a_bank_that_the_tables_do_not_know_gets_its_bic_by_hand():
	assert not mandate(iban=UNKNOWN_BANK).bic
	assert mandate(iban=UNKNOWN_BANK, bic="agri fr pp").bic == "AGRIFRPP"
	with pytest.raises(errors.InvalidBic, match="AGRI"):
		mandate(iban=UNKNOWN_BANK, bic="AGRI1")


def test_r20_the_holder_is_the_payer_unless_told_otherwise():
	who = person("Lefèvre", "Zoé")
	home = family(member(who, "Representative 1"), member(make.child("Lefèvre")))
	assert mandate(payer(home, who)).account_holder == "LEFEVRE Zoe"
	house = insert(
		"Payer", family=home.name, payer_kind="Organisation", organisation=organisation("Foyer Été").name
	)
	assert mandate(house).account_holder == "Foyer Ete"
	with pytest.raises(errors.InvalidHolder):
		mandate(account_holder="M" * 71)


def test_r20_the_account_of_a_signed_mandate_does_not_change():
	doc = mandate()
	doc.new_iban = OTHER
	doc.save()
	assert doc.iban == OTHER and "0185" in doc.events[-1].reason  # corrected before the signature, and traced
	doc = service.change_state(doc.name, "Active", signed_on=DAY)
	doc.new_iban = GOOD
	with pytest.raises(errors.IbanIsFixed):
		doc.save()


def test_r20_a_form_can_not_write_the_account_around_the_check():
	doc = mandate()
	doc.iban = "FR00"
	doc.save()
	assert frappe.db.get_value("Mandate", doc.name, "iban") == GOOD


# ---------------------------------------------------------------- one at a time, with its reference


def test_r20_the_reference_is_given_by_the_system_and_unique():
	who = payer(family())
	first = mandate(who, rum="TYPED-BY-HAND")
	assert first.rum == f"CE-{who.name.replace('-', '')}-01"
	service.change_state(first.name, "Revoked", "Nouveau compte")
	assert mandate(who).rum.endswith("-02")


def test_r20_a_payer_has_one_mandate_at_a_time():
	who = payer(family())
	first = mandate(who)
	for state, reason in (("Active", None), ("Suspended", "Impayés"), ("Active", None)):
		with pytest.raises(errors.AnotherMandate, match=first.rum):
			mandate(who)
		first = service.change_state(first.name, state, reason, date(2026, 9, 15))
	service.change_state(first.name, "Revoked", "Déménagement")
	assert mandate(who).state == "Awaiting Signature"


def test_r20_a_mandate_stays_with_its_payer():
	doc = mandate()
	doc.payer = payer(family()).name
	with pytest.raises(errors.MandatePayerFixed):
		doc.save()


# ---------------------------------------------------------------- states


def test_r20_a_new_mandate_awaits_signature_whatever_the_form_says():
	doc = mandate(state="Active", signature_date="2026-09-15")
	assert doc.state == "Awaiting Signature"
	assert service.active_of([doc.payer], DAY) == {}


def test_r20_it_becomes_active_by_its_signature():
	doc = mandate()
	with pytest.raises(errors.NotSigned):
		service.change_state(doc.name, "Active")
	with pytest.raises(errors.SignedInFuture):
		service.change_state(doc.name, "Active", signed_on=date(2026, 11, 25))
	assert service.change_state(doc.name, "Active", signed_on=DAY).state == "Active"


def test_r20_states_follow_each_other_only_where_allowed():
	doc = mandate()
	with pytest.raises(errors.StateNotAllowed):
		service.change_state(doc.name, "Suspended", "non")
	doc = service.change_state(doc.name, "Revoked", "Erreur de saisie")
	with pytest.raises(errors.StateNotAllowed):
		service.change_state(doc.name, "Active", signed_on=DAY)
	doc.reload()
	doc.state = "Expired"
	with pytest.raises(errors.StateNotAllowed):
		doc.save()


def test_r20_suspending_and_revoking_need_a_reason():
	doc = active()
	for state in ("Suspended", "Revoked"):
		with pytest.raises(errors.ReasonNeeded):
			service.change_state(doc.name, state, "  ")


def test_r20_who_did_what_and_why_stays_in_the_mandate():
	doc = active()
	doc = service.change_state(doc.name, "Suspended", "Contestation")
	assert [(row.state_before, row.state_after, row.reason) for row in doc.events] == [
		(None, "Awaiting Signature", None),
		("Awaiting Signature", "Active", None),
		("Active", "Suspended", "Contestation"),
	]
	assert {row.user for row in doc.events} == {"Administrator"}
	doc.set("events", [])
	doc.save()
	assert len(frappe.get_doc("Mandate", doc.name).events) == 3


def test_r20_the_date_of_the_signature_stays():
	doc = active()
	doc.signature_date = "2026-10-01"
	with pytest.raises(errors.SignatureIsFixed):
		doc.save()


def test_r20_only_one_that_was_never_active_is_deleted():
	mistake, signed = mandate(), active()
	mistake.delete()
	for doc in (signed, service.change_state(active().name, "Revoked", "Fin")):
		with pytest.raises(errors.MandateIsKept):
			frappe.delete_doc("Mandate", doc.name)


# ---------------------------------------------------------------- what is debited


def test_r20_only_active_mandates_are_debited():
	waiting, signed, suspended, revoked = mandate(), active(), active(), active()
	service.change_state(suspended.name, "Suspended", "Impayés")
	service.change_state(revoked.name, "Revoked", "Fin")
	asked = [doc.payer for doc in (waiting, signed, suspended, revoked)] + [payer(family()).name]
	found = service.active_of(asked, DAY)
	assert list(found) == [signed.payer]
	assert (found[signed.payer].iban, found[signed.payer].bic, found[signed.payer].rum) == (
		GOOD,
		"BDFEFRPP",
		signed.rum,
	)
	assert GOOD not in repr(found)  # logs hold no accounts


def test_r20_it_is_not_debited_before_its_signature():
	doc = active(signed="2026-11-20")
	assert service.active_of([doc.payer], date(2026, 11, 19)) == {}
	assert doc.payer in service.active_of([doc.payer], date(2026, 11, 20))


def test_r20_36_months_unused_are_the_end():
	old, used = active(signed="2023-11-25"), active(signed="2023-11-25")
	service.record_debit([used.name], date(2024, 3, 10))
	both = [old.payer, used.payer]
	assert set(service.active_of(both, date(2026, 11, 24))) == set(both)
	assert set(service.active_of(both, date(2026, 11, 25))) == {used.payer}
	assert service.states_of([old.payer], date(2026, 11, 25))[old.payer].state == "Expired"
	assert service.expire_unused(date(2026, 11, 25)) == 1
	old.reload()
	assert old.state == "Expired" and "36" in old.events[-1].reason
	assert mandate(frappe.get_doc("Payer", old.payer)).state == "Awaiting Signature"


def test_r20_the_first_debit_is_told_from_the_next_ones():
	doc = active()
	assert service.active_of([doc.payer], DAY)[doc.payer].is_first
	service.record_debit([doc.name], date(2026, 11, 10))
	found = service.active_of([doc.payer], DAY)[doc.payer]
	assert (found.is_first, found.first_debited, found.last_debited) == (
		False,
		date(2026, 11, 10),
		date(2026, 11, 10),
	)


# ---------------------------------------------------------------- the creditor and the paper


def settings(**values):
	doc = frappe.get_single("Authority Settings")
	doc.update(values)
	return doc.save()


def test_r20_the_creditor_identifier_is_checked():
	with pytest.raises(errors.InvalidCreditor):
		settings(sepa_creditor_id="FR73ZZZ123456")
	assert settings(sepa_creditor_id="fr 72 zzz 123456").sepa_creditor_id == "FR72ZZZ123456"
	with pytest.raises(errors.InvalidCreditor):
		settings(rum_prefix="ÉTÉ/2026")


def test_r20_without_a_creditor_nothing_is_printed():
	settings(sepa_creditor_id=None)
	with pytest.raises(errors.CreditorUnknown):
		creditor.creditor()


def test_r20_the_paper_to_sign():
	settings(sepa_creditor_id="FR72ZZZ123456", sepa_creditor_name="Régie enfance du Val")
	who = payer(family())
	doc = mandate(who)
	pages = PdfReader(BytesIO(paper.render(doc))).pages
	text = " ".join(" ".join(page.extract_text() for page in pages).split())
	assert len(pages) == 1
	for expected in (
		doc.rum,
		"FR72ZZZ123456",
		"Régie enfance du Val",
		"FR76 3000 1007 9412",
		"BDFEFRPP",
		"8 semaines",
	):
		assert expected in text, expected
	assert doc.account_holder in text and "86000 POITIERS" in text


# ---------------------------------------------------------------- who sees the account


@pytest.mark.parametrize(
	("role", "sees"),
	[("Finance Clerk", True), ("School Services Administrator", True), ("Seasonal Clerk", False)],
)
def test_r20_the_account_is_masked_for_who_does_not_need_it(role, sees):
	settings(sepa_creditor_id="FR72ZZZ123456")
	doc = active()
	frappe.set_user(make.user(role))
	found = frappe.get_list("Mandate", filters={"name": doc.name}, fields=["account", "iban"])[0]
	assert found.account == "FR76 •••• 0185"
	assert bool(found.get("iban")) is sees
	shown = frappe.get_doc("Mandate", doc.name)
	assert (GOOD[4:8] in shown.paper().iban) is sees
	shown.apply_fieldlevel_read_permissions()
	assert bool(shown.get("iban")) is sees


def test_r20_a_clerk_enters_a_mandate_without_seeing_accounts_afterwards():
	who = payer(family())
	frappe.set_user(make.user("Seasonal Clerk"))
	doc = mandate(who)
	doc.note = "RIB reçu"
	doc.save()
	assert frappe.db.get_value("Mandate", doc.name, "iban") == GOOD


@pytest.mark.parametrize("role", ["Attendance Agent", "Kitchen", "Family"])
def test_r20_others_see_no_mandate(role):
	doc = active()
	frappe.set_user(make.user(role))
	assert not frappe.has_permission("Mandate", "read", doc=doc.name)
