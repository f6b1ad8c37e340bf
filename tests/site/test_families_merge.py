"""Merging loses nothing (R12): totals before and after, refusals by name, all or nothing, only administrators (R7, R8)."""

from __future__ import annotations

import json

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.families import api, decisions, errors, links, merge, merge_parts, quotients
from tests import billing_builders as billing
from tests import builders as make
from tests import merge_cases
from tests.merge_cases import dossier, everything_points_to, of, pairs, totals


@pytest.fixture
def twins(site):
	return merge_cases.twins()


# ---------------------------------------------------------------- nothing is lost


def test_r12_everything_moves_and_totals_stay(twins):
	kept, dropped = twins.kept.family.name, twins.dropped.family.name
	before = totals(frozenset({"Quotient"}))
	quotients_before = of("Quotient")
	attendance = of("Attendance", family=kept) + of("Attendance", family=dropped)
	comments = of("Comment", reference_doctype="Family")
	result = api.merge_records("Family", kept, dropped, pairs(twins))
	assert result["kept"] == kept
	assert totals(frozenset({"Quotient"})) == before
	assert of("Quotient") == quotients_before + 1  # the known one again, see below
	for doctype, name in (
		("Family", dropped),
		("Person", twins.dropped.mother.name),
		("Person", twins.dropped.child.name),
		("Payer", twins.dropped.payer.name),
	):
		assert not frappe.db.exists(doctype, name)
		assert everything_points_to(doctype, name) == {}
	assert of("Attendance", family=kept) == attendance > 0
	assert of("Enrolment", family=kept, person=twins.kept.child.name) == 2
	assert of("Enrolment Payer", payer=twins.kept.payer.name) == 2
	assert frappe.db.get_value("File", twins.dropped.file.name, "attached_to_name") == kept
	assert frappe.db.get_value("ToDo", twins.dropped.todo.name, "reference_name") == kept
	assert of("Comment", reference_doctype="Family") > comments
	assert of("Comment", reference_doctype="Family", reference_name=kept, comment_type="Comment") == 2
	assert frappe.db.get_value("Family", kept, "phone") == "+33-611112222" or frappe.db.get_value(
		"Family", kept, "phone"
	)


def test_r12_invoices_charges_and_their_amounts_stay(one_billing_transaction):
	canteen = billing.canteen()
	one, other = billing.household(qf=300), billing.household(qf=300)
	for home in (one, other):
		billing.attend(billing.enrol(home, canteen), billing.SEPTEMBER)
	run = billing.bill()
	before = totals()
	ledger = billing.ledger(one.family) + billing.ledger(other.family)
	# Persons of other names: only the dossiers are merged.
	result = api.merge_records("Family", one.family, other.family)
	assert totals() == before
	assert sorted(billing.ledger(one.family)) == sorted(ledger)
	assert billing.ledger(other.family) == []
	# Each invoice keeps its payer, and is the kept dossier's now.
	assert {(row.payer, row.family) for row in billing.invoices(run)} == {
		(one.payer, one.family),
		(other.payer, one.family),
	}
	assert result["moved"]["Charge"] == len(billing.SEPTEMBER)
	assert result["moved"]["Invoice"] == 1
	# Nothing to correct in the months that are billed: the next run has October only.
	billing.attend(
		frappe.get_doc("Enrolment", {"family": one.family, "person": one.children[0]}), billing.OCTOBER
	)
	billing.bill("2026-10-01")
	assert len(billing.ledger(one.family)) == len(ledger) + len(billing.OCTOBER)


def test_r2_payers_with_invoices_of_one_run_stay_two_and_the_second_is_closed(one_billing_transaction):
	canteen = billing.canteen()
	one, other = billing.household(), billing.household()
	for home in (one, other):
		billing.attend(billing.enrol(home, canteen), billing.SEPTEMBER)
	run = billing.bill()
	before = totals()
	frappe.db.set_value(
		"Person", other.parent, {"last_name": frappe.db.get_value("Person", one.parent, "last_name")}
	)
	api.merge_records("Family", one.family, other.family, [[one.parent, other.parent]])
	assert totals() == before
	assert {row.payer for row in billing.invoices(run)} == {one.payer, other.payer}
	closed = frappe.get_doc("Payer", other.payer)
	assert (closed.active, closed.merged_into, closed.family) == (0, one.payer, one.family)
	assert of("Enrolment Payer", payer=one.payer) == 2
	# Both can still be saved, and the family too.
	frappe.get_doc("Payer", one.payer).save()
	closed.save()
	frappe.get_doc("Family", one.family).save()


def test_r45_fields_that_administrators_add_move_too(site):
	one, other, place = make.family(), make.family(), make.site()
	# A new column would end the transaction of the test: the field is laid over one that every table has.
	make._put(
		"Custom Field", name="Site-owner", dt="Site", fieldname="owner", fieldtype="Link", options="Family"
	)
	frappe.db.set_value("Site", place.name, "owner", other.name)
	assert api.preview_merge("Family", one.name, other.name)["moves"][-1] == {"doctype": "Site", "count": 1}
	api.merge_records("Family", one.name, other.name)
	assert frappe.db.get_value("Site", place.name, "owner") == one.name


def test_r12_links_of_every_kind_are_found(site):
	found = {(pointer.doctype, pointer.field) for pointer in links.pointers("Family")}
	assert {("Charge", "family"), ("Invoice", "family"), ("File", "attached_to_name")} <= found
	assert ("ToDo", "reference_name") in found  # dynamic
	found = {(pointer.doctype, pointer.field) for pointer in links.pointers("Person")}
	assert {("Invoice Line", "person"), ("Family Member", "person")} <= found  # in child tables


def test_r14_the_unknown_quotient_of_the_second_dossier_hides_nothing(twins):
	kept, dropped = twins.kept.family.name, twins.dropped.family.name
	assert quotients.value_on(dropped, frappe.utils.getdate("2026-11-24")) == 9999
	preview = api.preview_merge("Family", kept, dropped)
	assert any("R14" in notice for notice in preview["notices"])
	api.merge_records("Family", kept, dropped, pairs(twins))
	assert quotients.value_on(kept, frappe.utils.getdate("2026-11-24")) == 512
	assert of("Quotient", family=kept) == 3  # both histories, and the known one again


def test_r14_a_newer_known_quotient_wins_and_nothing_is_added(site):
	one, other = dossier("Lucet", 512), dossier("Lucet", 640)
	api.merge_records("Family", one.family.name, other.family.name)
	assert quotients.value_on(one.family.name, frappe.utils.getdate("2026-11-24")) == 640
	assert of("Quotient", family=one.family.name) == 2


def test_r16_persons_keep_what_only_the_dropped_one_knew(site):
	kept = make.person("Lucet", "Ines", phone="0611111111")
	dropped = make.person(
		"Lucet",
		"Ines",
		phone="0622222222",
		email="ines@exemple.example",
		usage_name="Kergoat",
		birth_date="1988-04-02",
	)
	make.family(make.member(dropped, "Representative 1"))
	api.merge_records("Person", kept.name, dropped.name)
	kept.reload()
	assert (kept.usage_name, kept.email, str(kept.birth_date)) == (
		"KERGOAT",
		"ines@exemple.example",
		"1988-04-02",
	)
	assert (kept.phone, kept.phone_2) == ("0611111111", "0622222222")
	assert frappe.db.get_value("Family Member", {"person": kept.name}, "birth_date")


def test_r22_forbidden_in_one_dossier_stays_forbidden(site):
	uncle = make.person("Lucet", "Guy")
	one = make.family(make.member(make.child("Lucet", "Yolaine")), make.member(uncle, "Contact"))
	other = make.family(
		make.member(make.child("Lucet", "Tom", birth_date="2017-01-01")),
		make.member(uncle, "Contact", forbidden=1, may_collect=0, emergency=0),
	)
	api.merge_records("Family", one.name, other.name)
	row = frappe.db.get_value(
		"Family Member", {"parent": one.name, "person": uncle.name}, ["forbidden", "may_collect", "emergency"]
	)
	assert row == (1, 0, 0)


def test_r12_a_second_representative_1_becomes_2_and_a_third_a_contact(site):
	one = make.family(
		make.member(make.person("Lucet", "Ines"), "Representative 1"),
		make.member(make.person("Lucet", "Luc"), "Representative 2"),
	)
	other = make.family(make.member(make.person("Kergoat", "Eve"), "Representative 1"))
	make.payer(other)
	notices = api.preview_merge("Family", one.name, other.name)["notices"]
	assert any("KERGOAT" in notice for notice in notices)
	api.merge_records("Family", one.name, other.name)
	assert sorted(row.role for row in frappe.get_doc("Family", one.name).members) == [
		"Contact",
		"Representative 1",
		"Representative 2",
	]
	frappe.get_doc("Family", one.name).save()
	frappe.get_doc("Payer", {"family": one.name, "person": other.members[0].person}).save()


# ---------------------------------------------------------------- the trace


def test_r12_the_preview_says_what_happens_to_who_is_not_merged_along(twins):
	notices = api.preview_merge("Family", twins.kept.family.name, twins.dropped.family.name)["notices"]
	(mother,) = [notice for notice in notices if "LUCET" in notice]
	assert "sauf si les deux personnes sont fusionnées" in mother


def test_r12_a_trace_says_who_when_and_what_and_holds_the_record_as_it_was(twins):
	kept, dropped = twins.kept.family.name, twins.dropped.family.name
	user = make.user(roles.SCHOOL_ADMINISTRATOR)
	frappe.set_user(user)
	result = api.merge_records("Family", kept, dropped, pairs(twins))
	log = frappe.get_doc("Merge Log", result["log"])
	assert (log.kept, log.dropped, log.merged_by) == (kept, dropped, user)
	assert log.merged_at
	moved = json.loads(log.moved)
	assert moved["Enrolment"] == moved["Quotient"] == moved["File"] == 1
	snapshot = json.loads(log.snapshot)
	assert snapshot["phone"]
	assert len(snapshot["members"]) == 2
	# Persons and payers that became one with it are traces of their own, part of this one.
	parts = frappe.get_all("Merge Log", filters={"part_of": log.name}, pluck="reference_doctype")
	assert sorted(parts) == ["Payer", "Person", "Person"]


def test_r12_the_trace_stays_as_it_is(twins):
	result = api.merge_records("Family", twins.kept.family.name, twins.dropped.family.name)
	log = frappe.get_doc("Merge Log", result["log"])
	log.kept_title = "X"
	with pytest.raises(errors.MergeLogIsKept):
		log.save()
	with pytest.raises(errors.MergeLogIsKept):
		log.delete()


def test_r12_the_dropped_name_leads_to_the_kept_dossier_also_twice(site):
	first, second, third = (make.family() for _number in range(3))
	api.merge_records("Family", second.name, third.name)
	api.merge_records("Family", first.name, second.name)
	assert api.merged_into("Family", third.name) == first.name
	assert api.merged_into("Family", second.name) == first.name
	assert api.merged_into("Family", first.name) is None
	for old in (second, third):
		assert api.search_families(old.name)["results"][0]["family"] == first.name


def test_r12_what_was_said_of_the_dropped_person_holds_for_the_kept_one(site):
	kept, dropped, other = (make.person("Lucet", "Ines") for _number in range(3))
	api.declare_different("Person", dropped.name, other.name)
	api.declare_different("Person", dropped.name, kept.name)
	api.merge_records("Person", kept.name, dropped.name)
	assert frozenset((kept.name, other.name)) in decisions.different("Person")
	assert not any(dropped.name in pair for pair in decisions.different("Person"))
	assert not decisions.different("Person", dropped.name)


# ---------------------------------------------------------------- all or nothing


@pytest.mark.parametrize("step", ["join_payers", "join_members", "record_again", "join_columns", "delete"])
def test_r12_an_error_in_the_middle_leaves_everything_as_it_was(twins, monkeypatch, step):
	kept, dropped = twins.kept.family.name, twins.dropped.family.name
	before = (
		totals(),
		everything_points_to("Family", dropped),
		of("Comment"),
		of("Merge Log"),
		of("Family Search Key"),
	)

	def fail(*args, **kwargs):
		raise RuntimeError(step)

	monkeypatch.setattr(merge_parts, step, fail)
	with pytest.raises(RuntimeError):
		api.merge_records("Family", kept, dropped, pairs(twins))
	after = (
		totals(),
		everything_points_to("Family", dropped),
		of("Comment"),
		of("Merge Log"),
		of("Family Search Key"),
	)
	assert after == before
	assert frappe.db.exists("Person", twins.dropped.child.name)
	assert frappe.get_doc("Family", dropped).members[1].person == twins.dropped.child.name


# ---------------------------------------------------------------- who may


OTHERS = sorted({*roles.STAFF, roles.FAMILY} - set(roles.ADMINISTRATORS))


@pytest.mark.parametrize("role", OTHERS)
def test_r7_r8_nobody_else_merges_or_looks(site, role):
	one, other = make.family(), make.family()
	frappe.set_user(make.user(role))
	for call in (api.preview_merge, api.merge_records):
		with pytest.raises(frappe.PermissionError):
			call("Family", one.name, other.name)


@pytest.mark.parametrize("role", roles.ADMINISTRATORS)
def test_r7_r8_administrators_preview_and_merge(twins, role):
	frappe.set_user(make.user(role))
	preview = api.preview_merge("Family", twins.kept.family.name, twins.dropped.family.name)
	assert {row["doctype"]: row["count"] for row in preview["moves"]}["Enrolment"] == 1
	assert {row["dropped"] for row in preview["persons"]} == {
		twins.dropped.mother.name,
		twins.dropped.child.name,
	}
	assert preview["conflicts"] == []
	merge.merge("Family", twins.kept.family.name, twins.dropped.family.name, map(tuple, pairs(twins)))
	assert not frappe.db.exists("Family", twins.dropped.family.name)
