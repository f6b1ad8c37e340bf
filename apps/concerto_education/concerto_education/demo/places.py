"""Places, waiting list, prises en charge and vouchers: a club of the Wednesday that is full, and who pays for whom
(R21, R29, R40).

Children of the crowd, through the same forms as an agent uses; the same ones at each load.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.activities.capacity import offers
from concerto_education.activities.funding import steps
from concerto_education.billing.funders import claims, quotes, statements
from concerto_education.demo import world

CLUB = "Club nature du mercredi"
START = date(2026, 11, 4)
YOUNG, OLD = "6-8 ans", "9-11 ans"
PLACES = 8
WAITING = 4
DEPARTMENT, MSA = "Département de la Vienne-Fictive – ASE", "MSA Poitou-Fictif"

FUNDERS = (
	(DEPARTMENT, "Département (ASE)", "1 place de la Préfecture"),
	(MSA, "MSA", "37 rue du Champ-Fleuri"),
)


def make(hand_made: Collection[str]) -> str:
	"""Club, fundings and vouchers, before anything is ticked or billed. What was made, for the log.

	The odd cases (``hand_made`` dossiers) are left as they are: what they pay is worked out by hand.
	"""
	funders = _funders()
	_club()
	apart = list(hand_made) or [""]
	children = _children(PLACES * 2 + WAITING, apart)
	enrolled = [_enrol(row) for row in children]
	frappe.db.set_single_value("Waiting List Settings", "automatic", 1)
	_free_one(enrolled)
	_fundings(funders[DEPARTMENT], apart)
	_vouchers(funders[MSA], apart)
	waiting = frappe.db.count(
		"Waiting List Entry", {"activity": CLUB, "status": ("in", ("Waiting", "Offered"))}
	)
	return f"{frappe.db.count('Funding')} fundings, {frappe.db.count('Voucher')} vouchers, {waiting} waiting"


def claim_september() -> None:
	"""After September was issued: the statement of the Département, claimed; October's waits for its run."""
	for name in statements.prepare(world.BILLED_MONTH):
		claims.claim(name)


def _funders() -> dict[str, str]:
	found = {}
	for name, kind, street in FUNDERS:
		found[name] = (
			frappe.db.exists("Organisation", {"organisation_name": name})
			or frappe.get_doc(
				{
					"doctype": "Organisation",
					"organisation_name": name,
					"kind": kind,
					"address_line1": street,
					"postcode": "86990",
					"town": "Aubrelle",
					"email": f"{kind.split()[0].lower().replace('é', 'e')}@{world.MAIL_DOMAIN}",
				}
			)
			.insert()
			.name
		)
	return found


def _club() -> None:
	if frappe.db.exists("Activity", CLUB):
		return
	frappe.get_doc(
		{
			"doctype": "Activity",
			"activity_name": CLUB,
			"kind": "Leisure Centre, Wednesday",
			"billing_rule": "Planned Unless Justified",
			"imputation": frappe.db.get_value("Activity", world.WEDNESDAY, "imputation"),
			**dict.fromkeys(("monday", "tuesday", "thursday", "friday"), 0),
			"wednesday": 1,
			"in_school_time": 0,
			"on_wednesdays": 1,
			"units": [
				{"unit": "apres-midi", "label": "Après-midi", "starts_at": "13:30:00", "ends_at": "17:30:00"}
			],
			"categories": [{"category": world.CHILD}],
			"sites": [{"site": world.LEISURE_CENTRE, "capacity": PLACES * 2}],
			"groups": [
				{"group_name": YOUNG, "age_from": 6, "age_to": 8, "capacity": PLACES},
				{"group_name": OLD, "age_from": 9, "age_to": 11, "capacity": PLACES},
			],
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Tariff",
			"label": "Club nature, l’après-midi",
			"activity": CLUB,
			"method": "Flat",
			"price": "7.50",
			"valid_from": world.YEAR_START,
		}
	).insert()


def _children(count: int, apart: list[str]) -> list:
	"""Children of 6 to 8 and 9 to 11 years of the crowd, the younger group with those who will wait."""
	Member, Person, Payer, Enrolment = (
		frappe.qb.DocType(name) for name in ("Family Member", "Person", "Payer", "Enrolment")
	)
	rows = (
		frappe.qb.from_(Member)
		.join(Person)
		.on(Person.name == Member.person)
		.join(Enrolment)
		.on((Enrolment.person == Member.person) & (Enrolment.activity == world.CANTEEN))
		.select(Member.parent, Member.person, Person.birth_date)
		.distinct()
		.where(Member.parent.notin(apart))
		.where((Member.role == "Child") & Person.birth_date[date(2015, 1, 1) : date(2020, 8, 31)])
		.orderby(Member.person)
	).run(as_dict=True)
	# One payer only: two need a custody calendar, which has its own scenarios.
	alone = {
		family
		for family, number in (
			frappe.qb.from_(Payer)
			.select(Payer.family, frappe.query_builder.functions.Count("*"))
			.where(Payer.active == 1)
			.groupby(Payer.family)
		).run()
		if number == 1
	}
	rows = [row for row in rows if row.parent in alone]
	young = [row for row in rows if getdate(row.birth_date) > date(2017, 11, 4)][: PLACES + WAITING]
	old = [row for row in rows if getdate(row.birth_date) <= date(2017, 11, 4)][:PLACES]
	return [*young, *old][:count]


def _enrol(row) -> str:
	payer = frappe.db.get_value("Payer", {"family": row.parent, "active": 1})
	return (
		frappe.get_doc(
			{
				"doctype": "Enrolment",
				"family": row.parent,
				"person": row.person,
				"activity": CLUB,
				"site": world.LEISURE_CENTRE,
				"category": world.CHILD,
				"valid_from": START,
				"valid_to": world.YEAR_END,
				"when_full": "Waiting List",
				"payers": [{"payer": payer, "share": 100}],
				"pattern": [{"unit": "apres-midi", "weeks": "Every Week", "wednesday": 1}],
			}
		)
		.insert()
		.name
	)


def _free_one(enrolled: list[str]) -> None:
	"""One place more for the younger ones: it is offered to the next."""
	if not enrolled:
		return
	club = frappe.get_doc("Activity", CLUB)
	club.groups[0].capacity = PLACES + 1
	club.sites[0].capacity = PLACES * 2 + 1
	club.save()
	offers.promote(CLUB, world.LEISURE_CENTRE)


def _fundings(funder: str, apart: list[str]) -> None:
	"""One prise en charge in each state, on Wednesdays of the leisure centre."""
	names = frappe.get_all(
		"Enrolment",
		filters={
			"activity": world.WEDNESDAY,
			"status": "Confirmed",
			"family": ("not in", apart),
			"valid_from": ("<=", world.YEAR_START),
			"valid_to": (">=", world.YEAR_END),
		},
		pluck="name",
		order_by="name desc",
		limit=7,
	)
	plans = (
		("Active", {"basis": "Per Day", "amount": 5}),
		("Active", {"basis": "Per Month", "amount": 30}),
		("Active", {"basis": "Percentage", "percentage": 50, "cap": 200}),
		("Notified", {"basis": "Per Day", "amount": 6}),
		("Quoted", {"basis": "Per Day", "amount": 6}),
		("Requested", {"basis": "Percentage", "percentage": 80}),
		("Refused", {"basis": "Per Day", "amount": 8}),
	)
	for number, (name, (status, values)) in enumerate(zip(names, plans, strict=False), 1):
		_funding(name, funder, number, status, values)


def _funding(enrolment: str, funder: str, number: int, status: str, values: dict) -> None:
	known = status in ("Notified", "Active")
	doc = frappe.get_doc(
		{
			"doctype": "Funding",
			"enrolment": enrolment,
			"funder": funder,
			"requested_on": date(2026, 8, 24),
			"valid_from": world.YEAR_START,
			"valid_to": world.YEAR_END,
			"correspondent": "Pôle enfance, secrétariat",
			"reference": f"ASE-2026-{number:04d}" if known else None,
			"notified_on": date(2026, 8, 31) if known else None,
			**values,
		}
	).insert()
	if status in ("Quoted", "Notified", "Active"):
		quotes.make(doc)
	if known:
		steps.move(doc, steps.NOTIFIED)
	if status == "Active":
		steps.move(doc, steps.ACTIVE)
	if status == "Refused":
		steps.move(doc, steps.REFUSED, "Ressources au-dessus du barème")


def _vouchers(funder: str, apart: list[str]) -> None:
	"""Vouchers of the MSA: one nearly used, one fresh, one in euros."""
	funded = frappe.get_all("Funding", pluck="person")
	rows = frappe.get_all(
		"Enrolment",
		filters={
			"activity": world.WEDNESDAY,
			"status": "Confirmed",
			"person": ("not in", funded or [""]),
			"family": ("not in", apart),
		},
		fields=["family", "person"],
		order_by="name",
		limit=3,
	)
	plans = (
		{"measure": "Days", "days": 6, "value": 4},
		{"measure": "Days", "days": 30, "value": 4},
		{"measure": "Amount", "total": 60},
	)
	for number, (row, values) in enumerate(zip(rows, plans, strict=False), 1):
		frappe.get_doc(
			{
				"doctype": "Voucher",
				"funder": funder,
				"family": row.family,
				"person": row.person,
				"reference": f"MSA-2026-{1200 + number}",
				"received_on": date(2026, 9, 1),
				"valid_from": world.YEAR_START,
				"valid_to": world.YEAR_END,
				"kinds": [{"kind": "Leisure Centre, Wednesday"}, {"kind": "Leisure Centre, Holidays"}],
				**values,
			}
		).insert()
