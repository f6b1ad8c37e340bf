"""The search and the duplicates, measured beside a plain LIKE scan of the same tables (R7, R12).

20,000 families are some 83,000 persons with 6,000 family names; ``FAMILIES=2000 make bench`` takes another size. The
crowd is the demo's, without its enrolments; it is committed, because MariaDB reads rows that are not more slowly, and
taken away again at the end.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import frappe

from concerto_education.demo import bulk, names, population
from concerto_education.families import duplicates, pairs, search_results

SEED = 2026
CHUNK = 500
REPEAT = 3
DISTINCT_NAMES = 6000


def measure(families: int) -> dict[str, float]:
	"""Make the crowd, ask, print what it took. Seconds by what was asked."""
	figures: dict[str, float] = {}
	began = time.perf_counter()
	written: dict[str, list[str]] = {doctype: [] for doctype in bulk.FIELDS}
	try:
		sample = _make(families, written)
		figures["making the crowd and its index"] = time.perf_counter() - began
		for label, text in _questions(sample):
			figures[f"search {label}"] = _median(lambda text=text: search_results.search(text))
			figures[f"LIKE {label}"] = _median(lambda text=text: _plain(text))
		person = frappe.get_doc("Person", sample["person"])
		figures["duplicates of one person"] = _median(lambda: duplicates.persons_like(person))
		began = time.perf_counter()
		alike = pairs.persons()
		figures["all pairs of persons"] = time.perf_counter() - began
		began = time.perf_counter()
		pairs.families(alike=alike)
		figures["all pairs of dossiers"] = time.perf_counter() - began
		figures["persons"] = frappe.db.count("Person")
		figures["keys"] = frappe.db.count("Family Search Key")
	finally:
		_clean(written)
	_report(families, figures)
	return figures


def _make(families: int, written: dict[str, list[str]]) -> dict[str, str]:
	"""Write the crowd, and choose somebody of it to look for."""
	for first in range(1, families + 1, CHUNK):
		plans = []
		for plan in population.families(SEED, first, min(first + CHUNK - 1, families)):
			_rename(plan)
			plan.enrolments = []
			plans.append(plan)
		writer = bulk.Writer(plans)
		writer.write()
		for doctype, rows in writer.rows.items():
			written[doctype] += [row[0] for row in rows]
		frappe.db.commit()
	newest = frappe.get_last_doc("Family", filters={"phone": ("is", "set")}, order_by="name desc")
	child = next(row for row in newest.members if row.role == "Child")
	person = frappe.get_doc("Person", child.person)
	parent = frappe.get_doc("Person", newest.members[0].person)
	return {
		"person": person.name,
		"last": person.last_name.lower(),
		"first": person.first_name.lower(),
		"phone": parent.phone,
		"email": parent.email,
		"street": newest.address_line1,
	}


def _clean(written: dict[str, list[str]]) -> None:
	"""Straight from the tables: nothing hooks on what the benchmark wrote."""
	frappe.db.rollback()
	for doctype, names_of in written.items():
		for start in range(0, len(names_of), CHUNK):
			part = names_of[start : start + CHUNK]
			frappe.db.delete(doctype, {"name": ("in", part)})
			if doctype in ("Person", "Family"):
				frappe.db.delete("Family Search Key", {doctype.lower(): ("in", part)})
			frappe.db.commit()


def _rename(plan) -> None:
	"""More family names than the demo has: real ones are many, and slips are looked for among all of them."""
	known = names.surnames()
	number = plan.number % DISTINCT_NAMES
	one, other = known[number % len(known)], known[(number * 7 + number // len(known)) % len(known)]
	new = one[: 2 + number % 4] + other[len(other) // 2 :].lower()
	for member in plan.members:
		if member.person.last_name == plan.family_name:
			member.person.last_name = new
	plan.family_name = new


def _questions(sample: dict[str, str]) -> list[tuple[str, str]]:
	last, first = sample["last"], sample["first"]
	return [
		("a name", last),
		("a common first name", "lea"),
		("the first letters", last[:2]),
		("a slip of the finger", last[:2] + last[3:4] + last[2:3] + last[4:]),
		("name and first name", f"{last} {first}"),
		("a telephone number", sample["phone"].replace("+33-", "0")),
		("an e-mail", sample["email"] or "a@b.example"),
		("an address", f"{sample['street']} {last}"),
		("nobody", "zzqqxx"),
	]


def _plain(text: str) -> list:
	"""The usual way: every column that may hold the text, read from its first row to its last."""
	family, member, person = (frappe.qb.DocType(name) for name in ("Family", "Family Member", "Person"))
	like = f"%{text}%"
	columns = (
		person.full_name,
		person.spouse_name,
		person.phone,
		person.phone_2,
		person.email,
		family.family_name,
		family.phone,
		family.email,
		family.beneficiary_number,
		family.address_line1,
		family.town,
	)
	condition = columns[0].like(like)
	for column in columns[1:]:
		condition |= column.like(like)
	query = frappe.qb.from_(family).join(member).on(member.parent == family.name)
	query = query.join(person).on(person.name == member.person).select(family.name).distinct()
	return query.where(condition).run()


def _median(action: Callable) -> float:
	times = []
	for _number in range(REPEAT):
		began = time.perf_counter()
		action()
		times.append(time.perf_counter() - began)
	return statistics.median(times)


def _report(families: int, figures: dict[str, float]) -> None:
	say = print
	say(f"\n{families:,} families, {figures['persons']:,.0f} persons, {figures['keys']:,.0f} keys")
	say(f"{'':26}{'search':>10}{'LIKE scan':>12}{'ratio':>8}")
	for label in (key.removeprefix("LIKE ") for key in figures if key.startswith("LIKE ")):
		ours, plain = figures[f"search {label}"], figures[f"LIKE {label}"]
		say(f"{label:26}{ours * 1000:7.0f} ms{plain * 1000:9.0f} ms{plain / ours:7.1f}×")
	for label in (
		"making the crowd and its index",
		"duplicates of one person",
		"all pairs of persons",
		"all pairs of dossiers",
	):
		say(f"{label:32}{figures[label]:8.3f} s")
