"""Speed of the engine alone, without a database: ``python -m tests.engine.bench [children]``.

The shape is that of the billing benchmark: for 3,300 children 52,800 canteen days by QF and 39,600 flat
garderie days. It measures and prints; it is no test, because time says nothing on a busy machine.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta

from concerto_education.engine.charges import Recorded, derive, reconcile
from concerto_education.engine.invoicing import build
from tests.engine.build import D, canteen, context, day, fact, history, paid_by, qf, tariff

SERVICES = (("canteen", "planned", 16), ("garderie", "present", 12))


def facts_of(children: int, families: int):
	first = day("2026-09-01")
	for child in range(children):
		family = f"F{child % families}"
		for activity, status, count in SERVICES:
			enrolment = f"{activity}-{child}"
			for n in range(count):
				yield fact(
					f"{enrolment}-{n}",
					on=first + timedelta(days=n),
					status=status,
					activity=activity,
					enrolment=enrolment,
					person=f"C{child}",
					family=family,
				)


def main(children: int = 3300) -> None:
	families = max(1, children * 20 // 33)
	rules = context(
		canteen(),
		tariff(id="G", activity="garderie", price=D("1.50")),
		quotients={f"F{n}": history(qf(200 + n % 600, id=f"Q{n}")) for n in range(families)},
		payers={
			f"{activity}-{child}": paid_by(f"P{child % families}")
			for child in range(children)
			for activity, _, _ in SERVICES
		},
	)
	facts = list(facts_of(children, families))
	clock = [time.process_time()]

	def lap(label: str, count: int) -> None:
		clock.append(time.process_time())
		seconds = clock[-1] - clock[-2]
		print(f"{label:32} {seconds:6.2f} s  {count / max(seconds, 1 / 10**6):12,.0f} a second")  # noqa: T201

	derivation = derive(facts, rules)
	lap(f"derive {len(facts):,} facts", len(facts))
	plan = reconcile(derivation.charges, (), "2026-09")
	lap("reconcile with nothing", len(facts))
	drafts = build(plan.add, "2026-09", D(15))
	lap(f"build {len(drafts):,} invoices", len(drafts))
	recorded = [
		Recorded(n, line.key, line.day, line.quantity, line.unit_price, line.amount, line.imputation, True)
		for n, line in enumerate(plan.add)
	]
	clock.append(time.process_time())
	again = reconcile(derivation.charges, recorded, "2026-10")
	lap("reconcile with all of it", len(facts))
	if derivation.problems or not again.is_empty:
		raise SystemExit("the benchmark bills something wrong")
	print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")  # noqa: T201


if __name__ == "__main__":
	main(*map(int, sys.argv[1:]))
