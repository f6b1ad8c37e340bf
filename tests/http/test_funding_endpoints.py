"""Prises en charge, vouchers, quotes, statements and their claims over HTTP: who may, and who is refused (R21, R29)."""

from __future__ import annotations

from types import SimpleNamespace

import frappe
import pytest

from concerto_education.authority import roles
from tests import billing_builders as b
from tests import builders as make
from tests import funding_builders as fund

API = "concerto_education.billing.funders.api."
USE = "concerto_education.billing.funders.used.voucher_use"
MADE = (
	"Funding",
	"Funding Step",
	"Funding Quote Line",
	"Voucher",
	"Funder Statement",
	"Funder Statement Line",
)
OWN, OTHER = "own", "other"

# Who does not give a prise en charge, though some of them see it.
NO_WRITER = (
	(roles.FINANCE_CLERK, OWN),
	(roles.SERVICE_REFERENT, OWN),
	(roles.SEASONAL_CLERK, OWN),
	(roles.SCHOOL_COORDINATOR, OTHER),
	(roles.LEISURE_DIRECTOR, OTHER),
	(roles.NURSERY_DIRECTOR, OTHER),
)
# Who has nothing to do with money and funders.
STRANGERS = ((roles.ATTENDANCE_AGENT, OWN), (roles.KITCHEN, OWN), (roles.FAMILY, OWN))
READERS = (
	(roles.FINANCE_CLERK, OWN),
	(roles.SERVICE_REFERENT, OWN),
	(roles.SCHOOL_COORDINATOR, OWN),
	(roles.LEISURE_DIRECTOR, OWN),
	(roles.SCHOOL_ADMINISTRATOR, OWN),
)
OTHER_SITES = ((roles.SCHOOL_COORDINATOR, OTHER), (roles.LEISURE_DIRECTOR, OTHER))
NO_FINANCE = (
	(roles.SCHOOL_COORDINATOR, OWN),
	(roles.LEISURE_DIRECTOR, OWN),
	(roles.AREA_MANAGER, OWN),
	(roles.SEASONAL_CLERK, OWN),
	*STRANGERS,
)


@pytest.fixture
def world(committed, login, monkeypatch):
	"""A prise en charge that is billed, one that is asked for, a voucher; September is issued."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	from concerto_education.billing import run as runs

	before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in MADE}
	home = b.household()
	enrolment = b.enrol(home, fund.leisure())
	by = fund.funder()
	active = fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	run = b.new_run(issue_date="2026-10-15")
	runs.run_here(run.name, and_issue=True)
	asked = fund.funding(enrolment, by, status="Requested", priority=2, amount=2)
	paper = fund.voucher(home, by)
	frappe.db.commit()
	elsewhere = make.site().name
	frappe.db.commit()

	def session(role: str, where: str = OWN):
		site = enrolment.site if where == OWN else elsewhere
		return login(make.user(role, sites=() if role == roles.FAMILY else (site,)))

	yield SimpleNamespace(
		home=home,
		enrolment=enrolment.name,
		active=active.name,
		asked=asked.name,
		voucher=paper.name,
		session=session,
	)
	frappe.db.rollback()
	for doctype in MADE:
		new = set(frappe.get_all(doctype, pluck="name")) - before[doctype]
		frappe.db.delete(doctype, {"name": ("in", [*new, ""])})
	frappe.db.commit()


def _status(answer) -> int:
	assert answer.status_code < 500, answer.text[-1500:]
	return answer.status_code


def _refused(session, calls) -> None:
	for method, arguments in calls:
		assert _status(session.post(f"/api/method/{method}", json=arguments)) == 403, (method, arguments)


def _funding_writes(world) -> tuple:
	return (
		(f"{API}make_quote", {"funding": world.asked}),
		(f"{API}move_funding", {"funding": world.asked, "status": "Quoted"}),
		(f"{API}move_funding", {"funding": world.asked, "status": "Notified"}),
		(f"{API}move_funding", {"funding": world.asked, "status": "Refused", "note": "non"}),
	)


def _statement_writes(statement: str) -> tuple:
	return ((f"{API}prepare_statements", {}), (f"{API}claim_statement", {"statement": statement}))


def _statement_reads(statement: str) -> tuple:
	return tuple(
		(f"{API}{name}", {"statement": statement})
		for name in ("statement_pdf", "statement_xlsx", "statement_overview")
	)


def _quoted(world) -> None:
	world.session(roles.LEISURE_DIRECTOR).call(f"{API}make_quote", funding=world.asked)


def test_R29_who_does_not_give_a_prise_en_charge_moves_none(world, client):
	for role, where in (*NO_WRITER, *STRANGERS):
		_refused(world.session(role, where), _funding_writes(world))
	_refused(client, _funding_writes(world))
	frappe.db.rollback()
	assert frappe.db.get_value("Funding", world.asked, "status") == "Requested"


def test_R29_the_director_makes_the_quote_and_notes_the_answer(world):
	session = world.session(roles.LEISURE_DIRECTOR)
	quote = session.call(f"{API}make_quote", funding=world.asked)
	assert quote["status"] == "Quoted" and quote["number"]
	paper = session.get(f"/api/method/{API}quote_pdf", params={"funding": world.asked})
	assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
	moved = session.call(f"{API}move_funding", funding=world.asked, status="Notified")
	assert moved["status"] == "Notified"
	back = session.post(
		f"/api/method/{API}move_funding", json={"funding": world.asked, "status": "Requested"}
	)
	assert _status(back) == 417 and "WrongFundingStep" in back.text


def test_R29_quotes_and_lists_are_read_by_those_of_the_site_and_by_finance(world, client):
	_quoted(world)
	reads = (
		(f"{API}quote_pdf", {"funding": world.asked}),
		(f"{API}enrolment_fundings", {"enrolment": world.enrolment}),
	)
	for role, where in READERS:
		session = world.session(role, where)
		for method, arguments in reads:
			assert _status(session.get(f"/api/method/{method}", params=arguments)) == 200, (role, method)
	for role, where in (*OTHER_SITES, *STRANGERS):
		_refused(world.session(role, where), reads)
	_refused(client, reads)


def test_R29_another_site_finds_no_prise_en_charge_in_lists(world):
	for role, where in (*OTHER_SITES, *STRANGERS):
		session = world.session(role, where)
		answer = session.get("/api/resource/Funding", params={"limit": 0})
		if _status(answer) == 200:
			assert not answer.json()["data"], role
		assert _status(session.get(f"/api/resource/Funding/{world.active}")) == 403, role


def test_R21_a_voucher_is_used_up_before_those_who_may_see_it_only(world, client):
	for role, where in READERS:
		assert world.session(role, where).call(USE, voucher=world.voucher)["text"]
	for role, where in STRANGERS:
		session = world.session(role, where)
		_refused(session, ((USE, {"voucher": world.voucher}),))
		assert _status(session.get(f"/api/resource/Voucher/{world.voucher}")) == 403
		new = {"doctype": "Voucher", "family": world.home.family}
		assert _status(session.post("/api/method/frappe.client.insert", json={"doc": new})) == 403
	_refused(client, ((USE, {"voucher": world.voucher}),))


def test_R29_finance_prepares_reads_and_claims_a_statement_and_nobody_else_does(world, client):
	finance = world.session(roles.FINANCE_CLERK)
	(statement,) = finance.call(f"{API}prepare_statements", month="2026-09-01")["statements"]
	for role, where in NO_FINANCE:
		session = world.session(role, where)
		_refused(session, (*_statement_writes(statement), *_statement_reads(statement)))
		assert _status(session.get(f"/api/resource/Funder Statement/{statement}")) == 403, role
	_refused(client, (*_statement_writes(statement), *_statement_reads(statement)))
	# Administrators look at it, and claim nothing.
	administrator = world.session(roles.SCHOOL_ADMINISTRATOR)
	_refused(administrator, _statement_writes(statement))
	for session in (administrator, finance):
		pdf, sheet, overview = (
			session.get(f"/api/method/{method}", params=arguments)
			for method, arguments in _statement_reads(statement)
		)
		assert pdf.content.startswith(b"%PDF") and sheet.content.startswith(b"PK")
		assert "32,00" in overview.text  # 4 days at 8 €
	invoice = finance.call(f"{API}claim_statement", statement=statement)["invoice"]
	frappe.db.rollback()
	assert frappe.db.get_value("Invoice", invoice, "total") == 32
	again = finance.post(f"/api/method/{API}claim_statement", json={"statement": statement})
	assert _status(again) == 417 and "StatementIsClaimed" in again.text


def test_R29_what_changes_something_is_no_link(world):
	"""A link in a mail must claim nothing, not even for those who may."""
	session = world.session(roles.SUPER_ADMINISTRATOR)
	for method, arguments in (*_funding_writes(world), *_statement_writes("ETAT-00001")):
		assert _status(session.get(f"/api/method/{method}", params=arguments)) == 403, method


def test_R29_a_record_that_is_not_there_is_not_found_and_says_nothing(world):
	session = world.session(roles.FINANCE_CLERK)
	for method, arguments in (*_statement_reads("ETAT-99999"), (USE, {"voucher": "BON-99999"})):
		assert _status(session.post(f"/api/method/{method}", json=arguments)) == 404, method
