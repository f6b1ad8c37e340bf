"""Issuing, discarding, and what can't be done any more afterwards (R34, R35)."""

from datetime import date, timedelta

import frappe
import pytest

from concerto_education.billing import errors, issue
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests.billing_builders import SEPTEMBER


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture
def five():
	"""Five families of whom four reach the threshold."""
	canteen = b.canteen()
	homes = [b.household() for _ in range(5)]
	for home in homes:
		b.attend(b.enrol(home, canteen), SEPTEMBER[: 2 if home is homes[2] else 7], "Present")
	return homes


def numbers(run):
	return sorted(invoice.number for invoice in b.invoices(run) if invoice.number)


def counter(year: int) -> int:
	return int(frappe.db.get_value("Series", f"CONCERTO-INVOICE-{year}-", "current", order_by=None) or 0)


def test_numbers_are_gapless_over_chunks_and_runs(five):
	"""R35: 2026-000001, 2026-000002 … whatever the size of the chunks; a held invoice takes none."""
	first = counter(2026)
	run = b.compute(b.new_run(issue_date="2026-10-15"))
	runs.issue(run.name)
	runs.issue_drafts(run.name, chunk=2)
	assert numbers(run) == [f"2026-{number:06d}" for number in range(first + 1, first + 5)]
	b.attend(b.enrol(five[0], b.canteen()), [date(2026, 10, 1) + timedelta(n) for n in range(10)], "Present")
	again = b.issue(b.compute(b.new_run("2026-10-01", issue_date="2026-11-15")))
	assert numbers(again) == [f"2026-{first + 5:06d}"]


def test_numbers_start_anew_each_year(five):
	run = b.issue(b.compute(b.new_run(issue_date="2031-01-05")))
	assert numbers(run)[0] == "2031-000001"


def test_numbers_follow_the_order_of_the_recipients(five):
	run = b.bill()
	numbered = sorted((invoice.number, invoice.title) for invoice in b.invoices(run) if invoice.number)
	assert [title for _number, title in numbered] == sorted(title for _number, title in numbered)


def test_rollback_gives_the_numbers_back(five):
	first = counter(2026)
	run = b.compute(b.new_run(issue_date="2026-10-15"))
	frappe.db.savepoint("as_drafts")
	issue.issue_chunk(run.name, date(2026, 10, 15), date(2026, 11, 15), 2)
	assert counter(2026) == first + 2
	frappe.db.rollback(save_point="as_drafts")
	assert counter(2026) == first
	assert numbers(run) == []


def test_dates_of_the_invoices(five):
	"""Issue and due date as entered; without them, the days to pay of the settings."""
	frappe.db.set_single_value("Authority Settings", "payment_days", 30)
	run = b.issue(b.compute(b.new_run(issue_date="2026-10-15")))
	assert {(str(i.issue_date), str(i.due_date)) for i in b.invoices(run)} == {("2026-10-15", "2026-11-14")}
	assert (run.status, str(run.due_date)) == ("Issued", "2026-11-14")


def test_issue_needs_a_computed_run(five):
	run = b.new_run()
	with pytest.raises(errors.WrongRunStatus):
		runs.issue(run.name)


def test_issued_run_is_neither_computed_nor_discarded_nor_deleted(five):
	run = b.bill()
	for action in (runs.start, runs.discard):
		with pytest.raises(errors.RunIsIssued):
			action(run.name)
	with pytest.raises(errors.RunIsIssued):
		run.delete()
	with pytest.raises(errors.RunIsIssued):
		run.save()


def test_discard_leaves_nothing_of_the_draft(five):
	run = b.compute()
	runs.discard(run.name)
	run.reload()
	assert (run.status, run.invoices_count, run.total_due, run.problems) == ("New", 0, 0, [])
	for doctype in ("Invoice", "Invoice Line", "Charge"):
		assert frappe.db.count(doctype) == 0
	run.delete()


def test_discard_never_touches_issued_invoices(five):
	run = b.bill()
	before = sorted((i.name, i.total, len(i.lines)) for i in b.invoices(run))
	october = b.compute(month="2026-10-01")
	runs.discard(october.name)
	assert sorted((i.name, i.total, len(i.lines)) for i in b.invoices(run)) == before


def test_one_run_is_open_at_a_time(five):
	b.compute()
	with pytest.raises(errors.AnotherRunOpen):
		runs.start(b.new_run("2026-10-01").name)


def test_no_run_of_a_month_before_an_issued_one(five):
	"""R34: corrections go forward, on the next invoices."""
	b.bill("2026-10-01")
	with pytest.raises(errors.MonthAlreadyFollowed):
		runs.start(b.new_run("2026-09-01").name)


def test_month_is_stored_as_its_first_day():
	assert str(b.new_run("2026-09-17").month) == "2026-09-01"


def test_due_date_before_issue_date_is_refused():
	with pytest.raises(errors.WrongDates):
		b.new_run(issue_date="2026-10-15", due_date="2026-10-14")


def test_month_of_a_computed_run_is_fixed(five):
	run = b.compute()
	run.month = "2026-10-01"
	with pytest.raises(errors.WrongRunStatus):
		run.save()


@pytest.mark.parametrize("issued", [False, True])
def test_invoice_and_charge_are_immutable_even_for_the_administrator(five, issued):
	"""R34: they are written by runs only."""
	run = b.bill() if issued else b.compute()
	invoice = b.invoice_of(run, five[0].payer)
	charge = frappe.get_doc("Charge", {"invoice": invoice.name})
	invoice.total = 1
	charge.amount = 1
	# A submitted document is first compared by Frappe itself.
	with pytest.raises((errors.InvoiceIsImmutable, frappe.UpdateAfterSubmitError)):
		invoice.save()
	with pytest.raises(errors.ChargeIsImmutable):
		charge.save()
	with pytest.raises(errors.ChargeIsImmutable):
		charge.delete()
	invoice.reload()
	with pytest.raises((errors.InvoiceIsImmutable, frappe.ValidationError)):
		invoice.delete()
	assert frappe.db.exists("Invoice", invoice.name)
	if issued:
		with pytest.raises(errors.InvoiceIsImmutable):
			invoice.cancel()
	else:
		with pytest.raises(errors.InvoiceIsImmutable):
			invoice.submit()


def test_a_charge_is_reversed_once_whatever_happens(five):
	"""The database itself refuses a second reversal of a charge."""
	run = b.bill()
	charge = frappe.get_all("Charge", filters={"billing_run": run.name}, pluck="name")[0]
	fields = ["name", "reverses"]
	with pytest.raises(Exception, match="Duplicate"):
		frappe.db.bulk_insert("Charge", fields, [("r1", charge), ("r2", charge)])


def test_a_run_makes_one_invoice_for_a_payer_whatever_happens(five):
	"""R2: the database itself refuses a second one."""
	run = b.compute()
	fields = ["name", "billing_run", "payer"]
	with pytest.raises(Exception, match="Duplicate"):
		frappe.db.bulk_insert("Invoice", fields, [("i1", run.name, five[0].payer)])
