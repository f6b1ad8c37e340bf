"""QR badges: codes that say nothing, made and taken back by whoever answers for a site (R31, R32)."""

import re
from datetime import date

import frappe
import pytest
from frappe.utils import getdate

from concerto_education.attendance import errors, tablet
from concerto_education.attendance.badges import api, printing, service
from concerto_education.authority import roles
from concerto_education.portal import pointage
from tests import builders as make


@pytest.fixture
def in_use(site):
	frappe.db.set_single_value("Authority Settings", "use_badges", 1)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	yield
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


@pytest.fixture
def enrolled(in_use):
	year = getdate().year - (getdate().month < 9)
	make.school_year(year)
	return make.enrolment(pattern=None, valid_from=f"{year}-09-01", valid_to=f"{year + 1}-08-31")


def test_R32_a_code_says_nothing_of_the_child_and_is_kept_apart(enrolled):
	person = enrolled.person
	(token,) = service.issue([person]).values()
	assert re.fullmatch(r"[\w-]{22}", token)
	assert service.issue([person]) == {person: token}  # the same badge is printed again
	assert service.person_of(token) == person
	assert service.fingerprints([person]) == {person: service.fingerprint(token)}
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	(row,) = frappe.get_list("Child Badge", filters={"person": person}, fields=["name", "status", "token"])
	assert row.status == "Active"
	assert not row.get("token")
	doc = frappe.get_doc("Child Badge", row.name)
	doc.apply_fieldlevel_read_permissions()
	assert not doc.get("token") and not doc.get("token_hash")


def test_R32_a_lost_badge_opens_nothing_and_its_code_never_comes_back(enrolled):
	person = enrolled.person
	(old,) = service.issue([person]).values()
	new = service.renew(person, "perdu")
	assert new != old
	with pytest.raises(errors.BadgeNotActive):
		service.person_of(old)
	assert service.person_of(new) == person
	service.take_back(person, "a quitté l’école")
	assert service.fingerprints([person]) == {}
	with pytest.raises(errors.BadgeNotActive):
		service.person_of("not a code of ours")
	with pytest.raises(errors.ReasonNeeded):
		service.take_back(person, " ")
	kept = frappe.get_all(
		"Child Badge", {"person": person}, ["taken_back_because", "status"], order_by="name"
	)
	assert [row.taken_back_because for row in kept] == ["perdu", "a quitté l’école"]


def test_R32_badges_are_not_made_by_hand(enrolled):
	with pytest.raises(errors.RecordIsFixed):
		make.insert("Child Badge", person=enrolled.person, token="abc", token_hash="abc")


def test_R32_badges_are_optional(site):
	frappe.db.set_single_value("Authority Settings", "use_badges", 0)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	person = make.child().name
	with pytest.raises(errors.BadgesSwitchedOff):
		service.issue([person])
	assert service.fingerprints([person]) == {}
	assert not service.in_use()


def test_R32_the_tablet_gets_fingerprints_and_no_codes(enrolled):
	(token,) = service.issue([enrolled.person]).values()
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(enrolled.site,)))
	(child,) = tablet.load(enrolled.site, getdate())["children"]
	assert child["badge"] == service.fingerprint(token)
	assert token not in frappe.as_json(tablet.load(enrolled.site, getdate()))
	assert pointage.start()["badges"] is True


def test_R31_whose_badge_it_is_when_the_child_is_on_no_list_of_the_site(enrolled):
	(token,) = service.issue([enrolled.person]).values()
	elsewhere = make.activity().sites[0].site
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(elsewhere,)))
	found = pointage.badge(elsewhere, token)
	assert (found["person"], set(found)) == (
		enrolled.person,
		{"person", "last_name", "first_name", "school_class"},
	)
	with pytest.raises(errors.NotTicking):
		pointage.badge(enrolled.site, token)


def test_R10_who_answers_for_a_site_makes_the_badges_of_its_children(enrolled):
	stranger = make.child().name
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(enrolled.site,)))
	assert [row["person"] for row in api.load(enrolled.site)] == [enrolled.person]
	api.badges_pdf(enrolled.site)
	assert frappe.local.response.filecontent.startswith(b"%PDF")
	assert api.load(enrolled.site)[0]["issued_at"]
	for call in (
		lambda: api.badges_pdf(enrolled.site, [stranger]),
		lambda: api.renew(enrolled.site, stranger, "x"),
	):
		with pytest.raises(errors.NotEnrolled):
			call()
	for role in (roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FINANCE_CLERK, roles.FAMILY):
		frappe.set_user(make.user(role, sites=(enrolled.site,)))
		for call in (
			api.options,
			lambda: api.load(enrolled.site),
			lambda: api.badges_pdf(enrolled.site),
			lambda: api.renew(enrolled.site, enrolled.person, "x"),
			lambda: api.take_back(enrolled.site, enrolled.person, "x"),
		):
			with pytest.raises(frappe.PermissionError):
				call()


def test_R32_a_badge_shows_a_first_name_and_no_surname(enrolled):
	from io import BytesIO

	from pypdf import PdfReader

	rows = api.children(enrolled.site, date.today())
	text = (
		PdfReader(BytesIO(printing.badges_pdf(rows, service.issue([enrolled.person]))))
		.pages[0]
		.extract_text()
	)
	assert rows[0]["first_name"] in text
	assert rows[0]["last_name"] not in text
