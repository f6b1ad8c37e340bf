"""The check before a run, the draft that prepares itself, and the board of the month (R33)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance.closing import board
from concerto_education.authority import roles
from concerto_education.authority.coherence import settings
from concerto_education.billing import cycle_api, month_steps, preflight, scheduled
from concerto_education.billing import run as runs
from concerto_education.billing.errors import InvalidDebitDays, PreflightBlocks
from tests import billing_builders as b
from tests import builders as make
from tests.billing_builders import SEPTEMBER

MONTH = date(2026, 9, 1)
FIFTEENTH = date(2026, 10, 15)


@pytest.fixture(autouse=True)
def october(one_billing_transaction):
	make.school_year(2026)
	for doctype in ("Billing Notice", "Email Queue Recipient", "Monthly Close", "Funding", "Attendance Task"):
		frappe.db.delete(doctype)
	frappe.db.set_single_value("Authority Settings", {"billing_day": 15, "scheduled_billing": 1})
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	doc = frappe.get_doc("Coherence Settings")
	settings.add_missing(doc)
	for row in doc.rules:
		row.severity = "Blocking for Billing" if row.rule == "site-not-closed" else "Warning"
	doc.allow_with_reason = 1
	doc.save()
	with freeze_time("2026-10-15 08:00:00.123456"):
		yield


@pytest.fixture
def home():
	"""A child who came to the canteen in September, at a site that has not closed the month."""
	found = b.household()
	found.enrolment = b.enrol(found, b.canteen())
	found.site = found.enrolment.site
	b.attend(found.enrolment, SEPTEMBER[:7], "Present")
	return found


def close(site: str, month: date = MONTH) -> None:
	doc = frappe.new_doc("Monthly Close")
	doc.update({"site": site, "month": month, "state": "Closed"})
	doc.flags.by_service = True
	doc.insert()


def finance() -> str:
	return make.user(roles.FINANCE_CLERK)


def rule(run, code: str) -> dict | None:
	return next((rule for rule in preflight.look(run.name)["rules"] if rule["code"] == code), None)


# ---------------------------------------------------------------- before a run


def test_R33_what_blocks_is_shown_with_its_link_and_stops_the_computation(home):
	frappe.set_user(finance())
	run = b.new_run()
	found = rule(run, "site-not-closed")
	assert found["blocking"] and found["lines"][0]["route"] == ["month-board"]
	assert preflight.look(run.name)["needs_reason"]
	with pytest.raises(PreflightBlocks, match="dire pourquoi"):
		preflight.start(run.name)
	assert frappe.db.get_value("Billing Run", run.name, "status") == "New"


def test_R33_finance_goes_on_with_a_reason_that_is_kept(home):
	user = finance()
	frappe.set_user(user)
	run = b.new_run()
	preflight.start(run.name, "Le site est fermé pour travaux")
	run.reload()
	assert (run.status, run.preflight_by) == ("Computing", user)
	assert run.preflight_reason == "Le site est fermé pour travaux"
	comments = frappe.get_all(
		"Comment", {"reference_name": run.name, "comment_type": "Info"}, pluck="content"
	)
	assert any("travaux" in text for text in comments)
	runs.compute(run.name)
	assert not preflight.look(run.name)["needs_reason"]
	preflight.start(run.name)  # the answer stands for what it was given for
	choose("unknown-quotient", "Blocking for Billing")
	frappe.set_user("Administrator")
	make.quotient(home.doc, 9999, source="Unknown", valid_from="2026-09-01", valid_to="2027-08-31")
	frappe.set_user(user)
	runs.compute(run.name)
	with pytest.raises(PreflightBlocks):
		preflight.start(run.name)  # and not for what came since


def choose(code: str, severity: str) -> None:
	user = frappe.session.user
	frappe.set_user("Administrator")
	doc = frappe.get_doc("Coherence Settings")
	next(row for row in doc.rules if row.rule == code).severity = severity
	doc.save()
	frappe.set_user(user)


def test_R33_without_the_setting_no_reason_helps(home):
	frappe.db.set_single_value("Coherence Settings", "allow_with_reason", 0)
	frappe.clear_document_cache("Coherence Settings", "Coherence Settings")
	run = b.new_run()
	with pytest.raises(PreflightBlocks):
		preflight.start(run.name, "Parce que")


def test_R33_a_warning_does_not_stop(home):
	close(home.site)
	frappe.db.set_value("Family", home.family, "benefit_scheme", None)
	run = b.new_run()
	assert not rule(run, "no-scheme")["blocking"] and rule(run, "site-not-closed") is None
	preflight.start(run.name)
	assert frappe.db.get_value("Billing Run", run.name, "status") == "Computing"


def test_R14_a_day_of_the_month_without_a_quotient_is_found(home):
	frappe.db.delete("Quotient", {"family": home.family})
	make.quotient(home.doc, 640, valid_from="2026-09-21", valid_to="2027-08-31")
	found = rule(b.new_run(), "no-quotient")
	(line,) = [line for line in found["lines"] if line["route"] == ["Form", "Family", home.family]]
	assert "01/09/2026" in line["detail"]


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.ATTENDANCE_AGENT, roles.KITCHEN])
def test_R10_who_does_not_bill_has_no_pre_flight(home, role):
	run = b.new_run()
	frappe.set_user(make.user(role, sites=(home.site,)))
	for call in (preflight.look, preflight.start):
		with pytest.raises(frappe.PermissionError):
			call(run.name)


# ---------------------------------------------------------------- by itself


def prepare(today: date = FIFTEENTH):
	return scheduled.prepare(MONTH, today)


def test_R33_before_the_day_of_the_setting_nothing_happens(home, monkeypatch):
	monkeypatch.setattr(scheduled, "in_fresh_transaction", lambda work: work())
	close(home.site)
	assert scheduled.run(date(2026, 10, 14)) is None
	assert not frappe.db.exists("Billing Run", {"month": MONTH})
	frappe.db.set_single_value("Authority Settings", "scheduled_billing", 0)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	assert scheduled.run(FIFTEENTH) is None
	frappe.db.set_single_value("Authority Settings", "scheduled_billing", 1)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	assert scheduled.run(FIFTEENTH) == "Prepared"


def test_R33_a_site_that_is_late_is_told_to_finance_once_a_day(home):
	user = finance()
	assert prepare() == "Waiting" and prepare() is None
	assert told(user) == 1
	notice = frappe.get_last_doc("Billing Notice")
	assert home.site in notice.content and user in notice.told_to
	with freeze_time("2026-10-16 08:00:00.123456"):
		assert prepare(date(2026, 10, 16)) == "Waiting"
	assert told(user) == 2 and not frappe.db.exists("Billing Run", {"month": MONTH})


def told(user: str) -> int:
	return frappe.db.count("Email Queue Recipient", {"recipient": user})


def test_R33_when_the_last_site_has_closed_the_draft_is_prepared_once(home):
	user = finance()
	prepare()
	close(home.site)
	assert prepare() == "Prepared"
	(run,) = frappe.get_all("Billing Run", {"month": MONTH}, ["name", "status"])
	assert run.status == "Computing" and told(user) == 2
	assert prepare() is None and frappe.db.count("Billing Run", {"month": MONTH}) == 1
	runs.compute(run.name)
	frappe.db.set_value("Billing Run", run.name, "status", "To Review")
	assert prepare(date(2026, 10, 16)) is None and told(user) == 2
	assert b.invoices(run), "the draft has its invoices"
	assert frappe.db.get_value("Invoice", {"billing_run": run.name}, "docstatus") == 0, (
		"nothing is issued by itself"
	)


def test_R33_a_run_that_somebody_made_is_used_and_not_doubled(home):
	close(home.site)
	mine = b.new_run()
	assert prepare() == "Prepared"
	assert frappe.get_all("Billing Run", {"month": MONTH}, pluck="name") == [mine.name]


def test_R33_an_open_run_of_another_month_is_waited_for(home):
	close(home.site)
	b.compute(month="2026-08-01")
	assert prepare() == "Waiting"
	assert "août 2026" in frappe.get_last_doc("Billing Notice").content


def test_R33_a_month_without_attendance_is_left_alone():
	assert prepare() is None and not frappe.db.count("Billing Notice")


# ---------------------------------------------------------------- the board


def test_R33_the_board_shows_the_whole_cycle_and_the_admissible_dates(home):
	steps = month_steps.steps(MONTH)
	assert [str(step["from"]) for step in steps] == ["2026-10-06", "2026-10-06", "2026-10-15", "2026-11-01"]
	assert steps[-1]["text"] == "06/11/2026 / 10/11/2026 / 15/11/2026"
	shown = board.load("2026-09-01")
	assert home.site in shown["next_step"]
	close(home.site)
	assert home.site not in board.load("2026-09-01")["next_step"]


def test_R33_an_administrator_tells_finance_that_the_check_is_done(home):
	user = finance()
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	assert board.load("2026-09-01")["may_tell"]
	assert cycle_api.check_done("2026-09", "Deux QF attendus") and not cycle_api.check_done("2026-09")
	shown = board.load("2026-09-01")
	assert shown["calendar"][1]["state"] == "done"
	assert any("Deux QF attendus" in one["detail"] for one in shown["reminders"])
	frappe.set_user("Administrator")
	assert told(user) == 1


@pytest.mark.parametrize("role", [roles.FINANCE_CLERK, roles.SCHOOL_COORDINATOR, roles.AREA_MANAGER])
def test_R33_only_administrators_finish_the_check(home, role):
	frappe.set_user(make.user(role, sites=(home.site,)))
	assert not board.load("2026-09-01")["may_tell"]
	with pytest.raises(frappe.PermissionError):
		cycle_api.check_done("2026-09")


def test_R10_reminders_of_another_site_are_not_on_the_board(home):
	doc = frappe.new_doc("Monthly Close")
	doc.update({"site": home.site, "month": MONTH, "state": "Open"})
	doc.append("history", {"what": "Reminded", "happened_on": "2026-10-05 06:00:00", "remark": "à Camille"})
	doc.flags.by_service = True
	doc.insert()
	assert any(home.site in one["text"] for one in board.load("2026-09-01")["reminders"])
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	assert not any(home.site in one["text"] for one in board.load("2026-09-01")["reminders"])


def test_days_of_direct_debit_are_days_of_a_month():
	doc = frappe.get_doc("Authority Settings")
	doc.debit_days = "6, 10, 45"
	with pytest.raises(InvalidDebitDays):
		doc.save()
