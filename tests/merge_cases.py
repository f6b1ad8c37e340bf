"""Two dossiers of one family with all that hangs on them, and totals to compare: for the tests about merging."""

from __future__ import annotations

from types import SimpleNamespace

import frappe

from concerto_education.families import links
from tests import builders as make

# What a merge itself writes or tidies away; everything else has the same totals before and after.
CHANGES = {"Family", "Person", "Payer", "Family Member", "Merge Log", "Family Search Key", "Comment"}
MONEY = ("Currency", "Float", "Int")


def totals(ignore: frozenset = frozenset()) -> dict[str, tuple]:
	"""Rows of each DocType of the app, and of what people attach, with the sum of each number in them."""
	doctypes = frappe.get_all(
		"DocType",
		filters={"module": ("in", ["Families", "Activities", "Attendance", "Billing"]), "issingle": 0},
		pluck="name",
	)
	found = {}
	for doctype in sorted({*doctypes, "File", "ToDo", "Communication", "Version"} - CHANGES - ignore):
		table = frappe.qb.DocType(doctype)
		numbers = [field.fieldname for field in frappe.get_meta(doctype).fields if field.fieldtype in MONEY]
		columns = set(frappe.db.get_table_columns(doctype))
		sums = [frappe.qb.functions("SUM", table[name]) for name in numbers if name in columns]
		found[doctype] = (
			frappe.db.count(doctype),
			tuple(map(str, frappe.qb.from_(table).select(*sums).run()[0])) if sums else (),
		)
	return found


def of(doctype: str, **filters) -> int:
	return frappe.db.count(doctype, filters)


def twins() -> SimpleNamespace:
	"""Two dossiers of one family, opened twice: other records of the same mother and child, all kinds of things on both."""
	return SimpleNamespace(kept=dossier("Lucet", 512), dropped=dossier("Lucet", 9999, phone="0611112222"))


def dossier(name: str, quotient, **values) -> SimpleNamespace:
	mother = make.person(name, "Ines", birth_date="1988-04-02", civility="Mme", email="ines@exemple.example")
	child = make.child(name, "Yolaine", birth_date="2019-05-23")
	family = make.family(make.member(mother, "Representative 1"), make.member(child), **values)
	frappe.db.delete("Quotient", {"family": family.name})
	make.quotient(
		family,
		quotient,
		source="Unknown" if quotient == 9999 else "CDAP (CAF)",
		valid_from="2026-09-01",
		valid_to="2027-08-31",
	)
	payer = make.payer(family)
	enrolment = make.enrolment(family, None, payer)
	family.add_comment("Comment", f"Appelé {name}")
	attached = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{family.name}.txt",
			"content": family.name,
			"attached_to_doctype": "Family",
			"attached_to_name": family.name,
		}
	).insert()
	todo = make.insert("ToDo", description="Rappeler", reference_type="Family", reference_name=family.name)
	return SimpleNamespace(
		family=family, mother=mother, child=child, payer=payer, enrolment=enrolment, file=attached, todo=todo
	)


def pairs(case) -> list:
	return [
		[case.kept.mother.name, case.dropped.mother.name],
		[case.kept.child.name, case.dropped.child.name],
	]


def everything_points_to(doctype: str, name: str) -> dict:
	return {
		f"{pointer.doctype}.{pointer.field}": number for pointer, number in links.count(doctype, name).items()
	}
