"""A worked month, to the cent (R2, R5, R14, R26, R30, R35)."""

from datetime import date
from decimal import Decimal

import frappe
import pytest

from concerto_education.families.merge_parts import join_payer
from tests import billing_builders as b
from tests.billing_builders import OCTOBER, SEPTEMBER


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


def test_a_month_of_everything_on_one_invoice():
	"""R2, R26, R30: canteen and garderie of two children, A billed, AJ not, one invoice for the payer."""
	canteen, garderie, home = b.canteen(), b.garderie(), b.household(children=2, qf=640)
	lea, tom = home.children
	meals = b.enrol(home, canteen, lea)
	b.attend(meals, SEPTEMBER[:12], "Present")  # 12 × 2.80 = 33.60
	b.attend(meals, SEPTEMBER[12:13], "Absent")  # A: billed, 2.80
	b.attend(meals, SEPTEMBER[13:14], "Justified")  # AJ: not billed
	b.attend(meals, SEPTEMBER[14:15], "Cancelled")
	packed = b.enrol(home, canteen, tom, b.PACKED)
	b.attend(packed, SEPTEMBER[:4])  # 4 × 0.00
	evening = b.enrol(home, garderie, tom)
	b.attend(evening, SEPTEMBER[:5], "Present", "soir")  # 5 × 1.50 = 7.50
	b.attend(evening, SEPTEMBER[5:7], "Planned", "soir")  # not there: not billed
	adult = b.enrol(home, canteen, home.parent, b.OTHERS)
	b.attend(adult, SEPTEMBER[:1], "Present")  # 5.00

	run = b.compute()

	invoice = b.invoice_of(run, home.payer)
	assert b.total(invoice) == Decimal("48.90")
	assert sorted(b.amounts(invoice)) == [Decimal(0), Decimal(5), Decimal("7.5"), Decimal("36.4")]
	line = next(line for line in invoice.lines if line.amount == 36.4)
	assert (line.quantity, line.unit_price, line.person) == (13, 2.8, lea)
	assert line.label == f"{canteen.name} – Enfant"
	assert line.days == "1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 22 septembre"
	assert "640" in line.explanation
	assert (
		next(line for line in invoice.lines if line.amount == 7.5).label == f"{garderie.name} – Enfant, Soir"
	)
	assert (invoice.docstatus, invoice.status, invoice.outcome) == (0, "Draft", "To Send")
	assert run.status == "To Review"
	assert run.problems_count == 0


@pytest.mark.parametrize(
	("quotient", "meal"),
	[("0", "2.20"), ("349.99", "2.20"), ("350", "2.80"), ("9999", "2.80")],
)
def test_price_of_a_meal_by_quotient(quotient, meal):
	"""R26: under 350; exactly 350 is full price; 0 is a QF; 9999 (unknown, R14) is full price."""
	home = b.household(qf=quotient)
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:10])
	assert b.total(b.invoice_of(b.compute(), home.payer)) == 10 * Decimal(meal)


def test_quotient_of_the_day():
	"""R14: the QF in force on the day of the service."""
	home = b.household(qf=None)
	from tests import builders

	for value, start, end in ((300, "2026-09-01", "2026-09-10"), (400, "2026-09-11", "2027-08-31")):
		builders.quotient(home.doc, value, valid_from=start, valid_to=end)
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:10])
	invoice = b.invoice_of(b.compute(), home.payer)
	assert [(line.quantity, line.unit_price) for line in invoice.lines] == [(6, 2.2), (4, 2.8)]


def test_two_payers_by_shares():
	"""R19: no cent is lost or made when a meal of 2.80 is split in three."""
	home = b.household()
	father = b.second_payer(home)
	enrolment = b.enrol(home, b.canteen(), payers=((home.payer, 66.67), (father, 33.33)))
	b.attend(enrolment, SEPTEMBER[:10])
	run = b.compute()
	mine, theirs = b.invoice_of(run, home.payer), b.invoice_of(run, father)
	assert (b.total(mine), b.total(theirs)) == (Decimal("18.70"), Decimal("9.30"))


def test_two_payers_by_custody():
	"""R19: with a custody calendar each pays for their own weeks."""
	from tests.builders import insert

	home = b.household()
	father = b.second_payer(home)
	calendar = insert(
		"Custody Calendar",
		family=home.family,
		person=home.children[0],
		first_payer=home.payer,
		second_payer=father,
		valid_from="2026-09-01",
		rule="Even Weeks",
	)
	enrolment = b.enrol(
		home, b.canteen(), payers=((home.payer, 100), (father, 100)), custody_calendar=calendar.name
	)
	b.attend(enrolment, SEPTEMBER)
	run = b.compute()
	even = [day for day in SEPTEMBER if day.isocalendar()[1] % 2 == 0]
	odd = [day for day in SEPTEMBER if day.isocalendar()[1] % 2]
	assert b.total(b.invoice_of(run, home.payer)) == len(even) * Decimal("2.80")
	assert b.total(b.invoice_of(run, father)) == len(odd) * Decimal("2.80")


def test_threshold_1499_held_1500_sent():
	"""R35: 14.99 is held en mairie, 15.00 is sent."""
	activity = b.activity("Atelier", "TAP", "Present", (b.CHILD,), "7067-TEST")
	b.tariff(activity, price=14.99, valid_to="2026-09-10")
	b.tariff(activity, price=15, valid_from="2026-09-11")
	low, high = b.household(), b.household()
	b.attend(b.enrol(low, activity), [date(2026, 9, 10)], "Present")
	b.attend(b.enrol(high, activity), [date(2026, 9, 11)], "Present")
	run = b.bill()
	held, sent = b.invoice_of(run, low.payer), b.invoice_of(run, high.payer)
	assert (b.total(held), held.status, held.number, held.docstatus) == (Decimal("14.99"), "Held", None, 1)
	assert (b.total(sent), sent.status, sent.docstatus) == (Decimal("15.00"), "Issued", 1)
	assert sent.number
	assert (run.held_count, run.total_held) == (1, 14.99)


def test_held_amount_is_carried_over_to_the_next_invoice():
	"""R35: carried over until the total reaches the threshold; the held invoice is closed at the next issue."""
	home, canteen = b.household(), b.canteen()
	enrolment = b.enrol(home, canteen)
	b.attend(enrolment, SEPTEMBER[:2])  # 5.60
	b.attend(enrolment, OCTOBER[:4])  # 11.20
	september = b.invoice_of(b.bill(), home.payer)
	assert september.status == "Held"

	run = b.compute(month="2026-10-01")
	october = b.invoice_of(run, home.payer)
	assert (b.total(october), october.charged, october.carried_over) == (Decimal("16.80"), 11.2, 5.6)
	assert october.lines[-1].kind == "Carried Over"
	assert october.lines[-1].carried_from == september.name
	assert "septembre 2026" in october.lines[-1].label
	september.reload()
	assert september.status == "Held", "a draft changes nothing"

	b.issue(run)
	september.reload()
	october.reload()
	assert (september.status, september.carried_to) == ("Carried Over", october.name)
	assert (october.status, bool(october.number)) == ("Issued", True)


def test_nothing_due():
	"""R26: packed meals only: an invoice of 0.00 that claims nothing and gets no number."""
	home = b.household()
	b.attend(b.enrol(home, b.canteen(), cat=b.PACKED), SEPTEMBER[:3])
	invoice = b.invoice_of(b.bill(), home.payer)
	assert (b.total(invoice), invoice.status, invoice.number) == (0, "Nothing Due", None)


def test_what_a_merged_payer_has_left_en_mairie_is_carried_by_the_other():
	"""R35, R12: two payers turn out to be one person; both had an invoice of September, one of them held."""
	home = b.household(children=2)
	second = b.second_payer(home)
	canteen = b.canteen()
	first = b.enrol(home, canteen)
	other = b.enrol(home, canteen, person=home.children[1], payers=((second, 100),))
	b.attend(first, SEPTEMBER[:6])
	b.attend(other, SEPTEMBER[:2])
	run = b.bill()
	held = b.invoice_of(run, second)
	assert held.status == "Held"

	join_payer(home.payer, second, trace=lambda *args: "")
	b.attend(first, OCTOBER[:6])
	run = b.bill("2026-10-01")
	october = b.invoice_of(run, home.payer)
	assert (b.total(october), october.carried_over) == (Decimal("22.40"), 5.6)
	held.reload()
	assert (held.status, held.carried_to) == ("Carried Over", october.name)


def test_recipient_is_written_down_when_the_invoice_is_made():
	"""R19: the address is a snapshot: a later move doesn't change an old invoice."""
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6])
	invoice = b.invoice_of(b.compute(), home.payer)
	assert invoice.recipient.splitlines()[1:] == ["3 rue des Lilas", "86000 POITIERS"]
	assert invoice.recipient.startswith("Madame")
	assert invoice.title == frappe.db.get_value("Person", home.parent, "full_name")
