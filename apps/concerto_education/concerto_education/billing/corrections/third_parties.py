"""What a funder or a voucher owes less when a day that it pays for is cancelled (R21, R29, R34).

Its part of a fact is one entry on no invoice of the family, gathered by its next statement. So it is taken back there,
and what is left of it (two payers shared the deduction, one of them is corrected) is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import frappe
from frappe.query_builder import DocType

from concerto_education.authority.money import decimal_of
from concerto_education.billing import ledger
from concerto_education.engine.facts import ChargeLine
from concerto_education.engine.money import ZERO, money


def entries(deductions: Iterable[frappe._dict]) -> list[ChargeLine]:
	"""The entries of third parties that go with these deductions, which are about to be taken back."""
	less: dict[str, Decimal] = {}
	for row in deductions:
		less[row.fact_key] = less.get(row.fact_key, ZERO) + money(decimal_of(row.amount))
	if not less:
		return []
	standing = _standing(list(less))
	recorded = ledger.charge_lines(list(standing)) if standing else {}
	found: list[ChargeLine] = []
	for name, line in recorded.items():
		rest = line.amount + less[line.key[0]]
		back = line.reverse(name)
		found.append(back)
		if rest:
			# Of the month of its day, like the reversal beside it.
			found.append(
				replace(
					line,
					amount=rest,
					unit_price=rest,
					regularisation=True,
					origin_month=back.origin_month,
				)
			)
	return found


def _standing(keys: list[str]) -> list[str]:
	Charge, Payer, Back = DocType("Charge"), DocType("Payer"), DocType("Charge").as_("back")
	return (
		frappe.qb.from_(Charge)
		.join(Payer)
		.on((Payer.name == Charge.payer) & (Payer.is_funder == 1))
		.left_join(Back)
		.on(Back.reverses == Charge.name)
		.select(Charge.name)
		.where(Charge.fact_key.isin(keys) & (Charge.entry == "Charge") & Back.name.isnull())
		.orderby(Charge.name)
	).run(pluck=True)
