"""Allergies, PAI and diets of some twelve children in a hundred, and who has read them (R23). All invented.

Written in bulk, like the crowd: what controllers would refuse is refused by the tests, which save some of these
records. Each child draws from a generator of its own, so a benchmark has the same children as the demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import frappe
from frappe.utils import add_years, getdate, now

from concerto_education.authority.bulk import insert_rows
from concerto_education.demo import world
from concerto_education.demo.bulk import Series
from concerto_education.demo.users import LOGINS
from concerto_education.families.health import access_log
from concerto_education.families.health.allergens import ALLERGY, INTOLERANCE, LIFE_THREATENING, SEVERE
from concerto_education.families.health.service import RECORD

PORTION = 0.12
DOCUMENTS = 8  # PAI that are scanned already
READINGS = 60
DOCTORS = ("Dr Anne Pelletier", "Dr Karim Haddad", "Dr Luc Brunet", "Dr Marie Sorin", "Maison de santé")
KITS = ("Bureau de la direction, armoire rouge", "Infirmerie, tiroir du haut", "Sac de l'animateur référent")
STYLO = "Stylo d'adrénaline dans la cuisse, appeler le 15, puis les parents. Ne jamais laisser l'enfant seul."
ANTIHISTAMINE = "Antihistaminique de la trousse, prévenir les parents, surveiller une heure."
NO_FOOD = "Pas de cet aliment dans l'assiette."
# (allergen, name of another one, severity, what to do), the frequent ones several times.
ALLERGIES = (
	("Peanuts", None, LIFE_THREATENING, STYLO),
	("Peanuts", None, SEVERE, ANTIHISTAMINE),
	("Nuts", None, SEVERE, ANTIHISTAMINE),
	("Milk", None, ALLERGY, NO_FOOD),
	("Milk", None, INTOLERANCE, NO_FOOD),
	("Eggs", None, ALLERGY, NO_FOOD),
	("Gluten", None, INTOLERANCE, NO_FOOD),
	("Fish", None, ALLERGY, NO_FOOD),
	("Sesame", None, ALLERGY, ANTIHISTAMINE),
	("Other Food", "Kiwi", ALLERGY, NO_FOOD),
	("Other Food", "Fraises", ALLERGY, NO_FOOD),
	("Not Food", "Piqûres de guêpe", SEVERE, ANTIHISTAMINE),
)
DIETS = ("Sans porc", "Sans porc", "Sans viande", "Végétarien")
VACCINES = ("Diphtérie, tétanos, poliomyélite (DTP)", "Rougeole, oreillons, rubéole (ROR)")

_STANDARD = ("name", "creation", "modified", "owner", "modified_by", "docstatus", "idx")
_ROW = (*_STANDARD, "parent", "parenttype", "parentfield")
_FIELDS = {
	RECORD: (*_STANDARD, "person", "person_name", "doctor", "doctor_phone"),
	"Health Allergy": (*_ROW, "allergen", "other", "severity", "instructions"),
	"Health Diet": (*_ROW, "diet", "valid_from"),
	"Health Plan": (*_ROW, "signed_on", "review_on", "emergency_kit", "instructions"),
	"Health Vaccination": (*_ROW, "vaccine", "given_on", "valid_to"),
	"Health Medicine": (*_ROW, "medicine", "dosage", "valid_from"),
}
_TABLES = {
	"Health Allergy": "allergies",
	"Health Diet": "diets",
	"Health Plan": "plans",
	"Health Vaccination": "vaccinations",
	"Health Medicine": "medicines",
}


def make(seed: int, today: date) -> int:
	"""Records of the children who have something to know. Returns how many."""
	drawn = list(_drawn(seed, today))
	if not drawn:
		return 0
	series, moment, user = Series(RECORD, len(drawn)), now(), frappe.session.user
	rows: dict[str, list[tuple]] = {doctype: [] for doctype in _FIELDS}

	def add(doctype: str, name: str, idx: int, values: dict[str, Any], parent: str | None = None) -> None:
		link = (parent, RECORD, _TABLES[doctype]) if parent else ()
		own = _FIELDS[doctype][len(_STANDARD) + len(link) :]
		standard = (name, moment, moment, user, user, 0, idx)
		rows[doctype].append((*standard, *link, *(values.get(field) for field in own)))

	for record, tables in drawn:
		name = series.next()
		add(RECORD, name, 0, record)
		for doctype, entries in tables.items():
			for idx, values in enumerate(entries, 1):
				add(doctype, frappe.generate_hash(length=10), idx, values, name)
	for doctype, values in rows.items():
		if values:
			insert_rows(doctype, _FIELDS[doctype], values)
	_scan()
	return len(drawn)


def _drawn(seed: int, today: date) -> Iterator[tuple[dict, dict]]:
	packed = _with_own_meal()
	for child in _children():
		rng = Random(f"{seed}:{child.name}:health")
		if rng.random() >= PORTION and child.name not in packed:
			continue
		yield (
			{
				"person": child.name,
				"person_name": child.full_name,
				"doctor": rng.choice(DOCTORS),
				"doctor_phone": f"+33-53649{rng.randrange(10**4):04d}",
			},
			_tables(rng, child, today, packed.get(child.name)),
		)


def _children() -> list:
	# The demo's own loader, on a site that holds nothing else.
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	recorded = frappe.qb.from_(frappe.qb.DocType(RECORD)).select("person")
	return (
		frappe.qb.from_(person)
		.join(member)
		.on((member.person == person.name) & (member.role == "Child"))
		.select(person.name, person.full_name, person.birth_date)
		.distinct()
		.where(person.name.notin(recorded))
		.orderby(person.name)
	).run(as_dict=True)


def _with_own_meal() -> dict[str, date]:
	"""Since when a child brings the meal: those whose category says so (R26)."""
	rows = frappe.get_all(
		"Enrolment",
		filters={"category": world.CHILD_OWN_MEAL},
		fields=["person", "valid_from"],
		order_by="valid_from desc",
	)
	return {row.person: row.valid_from for row in rows}


def _tables(rng: Random, child, today: date, own_meal: date | None) -> dict[str, list[dict]]:
	tables: dict[str, list[dict]] = {doctype: [] for doctype in _TABLES}
	kind = rng.random()
	if kind < 0.6 or own_meal:
		for allergen, other, severity, instructions in rng.sample(ALLERGIES, 2 if rng.random() < 0.2 else 1):
			if any(row["allergen"] == allergen for row in tables["Health Allergy"]):
				continue
			tables["Health Allergy"].append(
				{"allergen": allergen, "other": other, "severity": severity, "instructions": instructions}
			)
	if kind >= 0.5 and not own_meal:
		tables["Health Diet"].append({"diet": rng.choice(DIETS)})
	if own_meal:
		tables["Health Diet"].append({"diet": "Panier repas", "valid_from": own_meal})
	worst = {row["severity"] for row in tables["Health Allergy"]}
	if own_meal or worst & {LIFE_THREATENING, SEVERE}:
		tables["Health Plan"].append(_plan(rng, today))
		tables["Health Medicine"].append(
			{
				"medicine": "Antihistaminique (trousse)",
				"dosage": "Selon le PAI",
				"valid_from": date(2026, 9, 1),
			}
		)
	given = max(getdate(child.birth_date), date(2016, 1, 1)) + timedelta(days=rng.randrange(330, 500))
	if given < today:
		tables["Health Vaccination"] = [{"vaccine": vaccine, "given_on": given} for vaccine in VACCINES]
	return tables


def _plan(rng: Random, today: date) -> dict:
	"""Signed in the year before today: some are to review within the month, a few are late."""
	signed = today - timedelta(days=rng.randrange(20, 385))
	return {
		"signed_on": signed,
		"review_on": getdate(add_years(signed, 1)),
		"emergency_kit": rng.choice(KITS),
		"instructions": "Suivre le protocole joint.",
	}


def _scan() -> None:
	"""The first PAI have their document: one page, private, the same for each."""
	from concerto_education.authority import pdf

	plans = frappe.get_all(
		"Health Plan",
		filters={"document": ("is", "not set")},
		fields=["name", "parent"],
		order_by="parent asc",
		limit=DOCUMENTS,
	)
	if not plans:
		return
	page = pdf.render(
		["<h1>Projet d’accueil individualisé</h1><p>Document de démonstration : aucun enfant réel.</p>"],
		"PAI",
	)
	for plan in plans:
		document = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "pai-demonstration.pdf",
				"attached_to_doctype": RECORD,
				"attached_to_name": plan.parent,
				"is_private": 1,
				"content": page,
			}
		).insert()
		frappe.db.set_value("Health Plan", plan.name, "document", document.file_url, update_modified=False)


def read(seed: int, today: date) -> int:
	"""What colleagues have read in the last weeks: for the log of readings. Needs the demo's logins."""
	persons = frappe.get_all(RECORD, pluck="person", order_by="name asc", limit=200)
	readers = [login.email for login in LOGINS if frappe.db.exists("User", login.email) and _reads(login)]
	if not persons or not readers:
		return 0
	rng = Random(f"{seed}:readings")
	readings = []
	for _number in range(READINGS):
		day = today - timedelta(days=rng.randrange(1, 21))
		at = datetime.combine(day, time(rng.randrange(8, 17), rng.randrange(60), rng.randrange(60)))
		source = rng.choice(("Health Tab", "Health Tab", "Dossier", "Form"))
		readings.append((at, rng.choice(readers), rng.choice(persons), source, ""))
	access_log.write(sorted(readings))
	return READINGS


def _reads(login) -> bool:
	return bool(
		frappe.db.exists("DocPerm", {"parent": RECORD, "role": login.role, "permlevel": 1, "read": 1})
	)
