"""What a third party pays is added beside the price, and sums to zero with what it takes off (R21, R29)."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.charges import derive
from concerto_education.engine.deductions import fund
from concerto_education.engine.funding import Funding, Voucher
from concerto_education.engine.invoicing import build
from concerto_education.engine.ledger import Recorded, reconcile
from concerto_education.engine.ranges import DateRange
from tests.engine.build import D, context, fact, paid_by, tariff

YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))


def charges(*days: int, price="12.00", shares=(("P1", 1),)):
	facts = [fact(f"f{number}", on=date(2026, 9, number)) for number in days]
	found = derive(facts, context(tariff(price=D(price)), payers={"E1": paid_by(*shares)}))
	assert not found.problems
	return found.charges


def pec(enrolment: str, rate="8.00", basis="day", **values) -> Funding:
	return Funding("PEC", "ASE", enrolment, basis, D(rate), values.pop("span", YEAR), **values)


def recorded(lines, **flags) -> list[Recorded]:
	return [
		Recorded(
			f"C{index}",
			line.key,
			line.day,
			line.quantity,
			line.unit_price,
			line.amount,
			line.imputation,
			invoiced=True,
			**flags,
		)
		for index, line in enumerate(lines)
	]


def test_the_family_and_the_funder_pay_the_price_together():
	lines = charges(3)
	added = fund(lines, [pec(lines[0].enrolment)], (), {})
	assert [(line.payer, line.amount, line.funding) for line in added] == [
		("P1", D("-8.00"), "PEC"),
		("ASE", D("8.00"), "PEC"),
	]
	assert sum(line.amount for line in (*lines, *added)) == D("12.00")


def test_two_payers_share_the_deduction_as_they_share_the_price():
	lines = charges(3, price="10.01", shares=(("P1", 50), ("P2", 50)))
	added = fund(lines, [pec(lines[0].enrolment, "100", "percent")], (), {})
	left = {payer: D(0) for payer in ("P1", "P2", "ASE")}
	for line in (*lines, *added):
		left[line.payer] += line.amount
	assert left == {"P1": D(0), "P2": D(0), "ASE": D("10.01")}


def test_a_late_notification_is_a_regularisation_by_itself():
	"""Active from September, entered in October: September's price stays, its deduction is added (R34)."""
	lines = charges(3, 4)
	added = fund(lines, [pec(lines[0].enrolment)], (), {})
	plan = reconcile([*lines, *added], recorded(lines), "2026-10")
	assert not plan.reverse and not plan.drop
	assert {(line.regularisation, line.origin_month) for line in plan.add} == {(True, "2026-09")}
	assert sum(line.amount for line in plan.add) == 0
	assert reconcile([*lines, *added], recorded([*lines, *added]), "2026-10").is_empty


def test_a_funding_that_is_taken_back_is_reversed():
	lines = charges(3)
	added = fund(lines, [pec(lines[0].enrolment)], (), {})
	plan = reconcile(lines, recorded([*lines, *added]), "2026-10")
	assert sorted(reversal.amount for reversal in plan.reverse) == [D("-8.00"), D("8.00")]


def test_the_deduction_is_a_line_of_its_own_after_the_price():
	lines = charges(3, 4)
	added = [line for line in fund(lines, [pec(lines[0].enrolment)], (), {}) if line.payer == "P1"]
	invoice = build([*lines, *added], "2026-09", D(15))[0]
	assert [(line.quantity, line.unit_price, line.amount, line.funding) for line in invoice.lines] == [
		(2, D("12.00"), D("24.00"), None),
		(2, D("-8.00"), D("-16.00"), "PEC"),
	]
	assert invoice.total == D("8.00")


@given(
	st.lists(st.integers(1, 28), min_size=1, max_size=8, unique=True),
	st.decimals("0.01", 60, places=2),
	st.integers(1, 5),
	st.integers(1, 5),
	st.decimals("0.01", 100, places=2),
	st.sampled_from(["day", "month", "percent"]),
)
def test_parts_sum_to_the_price_and_nobody_goes_below_zero(days, price, one, other, rate, basis):
	lines = charges(*days, price=price, shares=(("P1", one), ("P2", other)))
	bon = Voucher("BON", "MSA", lines[0].person, frozenset({"ACM"}), "days", D(3), YEAR, D("2.50"))
	added = fund(lines, [pec(lines[0].enrolment, rate, basis)], [bon], {lines[0].activity: "ACM"})
	assert sum((line.amount for line in added), D(0)) == 0
	left: dict = {}
	for line in (*lines, *added):
		key = (str(line.key[0]).split("#")[0], line.payer)
		left[key] = left.get(key, D(0)) + line.amount
	assert all(amount >= 0 for amount in left.values())
	assert len({line.key for line in added}) == len(added)
	assert isinstance(added[0].amount, Decimal) if added else True
