"""The demo: the same at each load, consistent to the cent, every odd case of the memo in it, nobody real.

One small demo is loaded for all tests of this file, into a transaction that is rolled back at the end.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
import pytest

from concerto_education.authority.money import decimal_of
from concerto_education.demo import load, services, state, users, world
from concerto_education.demo.scenarios import SCENARIOS
from tests.demo_september import SEPTEMBER
from tests.support.demo import half_hours

try:
	from frappe.tests import IntegrationTestCase as FrappeTest  # v16
except ImportError:
	from frappe.tests.utils import FrappeTestCase as FrappeTest

FAMILIES = 62
SEED = 7


class TestDemo(FrappeTest):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		if state.read():
			raise pytest.skip.Exception("this site holds a demo already")
		cls.patch = pytest.MonkeyPatch()
		cls.patch.setattr(load, "checkpoint", lambda: None)
		cls.patch.setattr("concerto_education.billing.run.checkpoint", lambda: None)
		frappe.set_user("Administrator")
		cls.addClassCleanup(cls.tidy)
		cls.lines: list[str] = []
		cls.state = cls.load()

	@classmethod
	def tidy(cls):
		cls.patch.undo()
		frappe.db.rollback()
		frappe.clear_cache()  # Redis may remember what has just been rolled back

	@classmethod
	def load(cls, **options):
		# Other tests may have left families that they had to commit.
		options = {"today": date(2026, 11, 24), "force": True, "report": cls.lines.append, **options}
		return load.load(FAMILIES, SEED, **options)

	def family(self, scenario: str) -> str:
		return self.state.scenarios[scenario]

	def invoices(self, scenario: str, month: date = world.BILLED_MONTH) -> list:
		return frappe.get_all(
			"Invoice",
			# By the run: what corrections made of some is tested below.
			filters={"family": self.family(scenario), "month": month, "billing_run": ("is", "set")},
			fields=["name", "status", "outcome", "total", "charged", "carried_over", "recipient", "payer"],
			order_by="total",
		)

	# ---------------------------------------------------------------- the whole

	def test_r23_some_children_have_allergies_that_forms_accept_and_readings_are_logged(self):
		children = frappe.db.count("Family Member", {"role": "Child"})
		records = frappe.get_all("Health Record", pluck="name")
		self.assertTrue(0.06 < len(records) / children < 0.25, f"{len(records)} of {children}")
		for name in records[:8]:
			frappe.get_doc("Health Record", name).save()
		for doctype in ("Health Allergy", "Health Diet", "Health Plan", "Health Access Log"):
			self.assertTrue(frappe.db.count(doctype), doctype)
		self.assertEqual(frappe.db.count("Health Access Log", {"user": "Administrator", "source": "Form"}), 0)

	def test_every_odd_case_pays_what_was_worked_out_by_hand(self):
		"""R26, R30, R35: September of each odd case, to the cent."""
		self.assertEqual(set(SEPTEMBER), set(SCENARIOS))
		paid = {
			key: [f"{decimal_of(invoice.total):.2f}" for invoice in self.invoices(key)] for key in SCENARIOS
		}
		self.assertEqual(paid, SEPTEMBER)

	def test_invoices_lines_and_charges_agree_to_the_cent(self):
		"""R2: charges sum to lines, lines to invoices, invoices to the run; nothing has more than two decimals."""
		run = frappe.get_doc("Billing Run", {"month": world.BILLED_MONTH})
		self.assertEqual(run.status, "Issued")
		invoices = frappe.get_all(
			"Invoice", filters={"billing_run": run.name}, fields=["name", "outcome", "total"]
		)
		sent = Decimal(0)
		for invoice in invoices:
			total = decimal_of(invoice.total)
			lines = [decimal_of(value) for value in self.amounts("Invoice Line", {"parent": invoice.name})]
			charges = [decimal_of(value) for value in self.amounts("Charge", {"invoice": invoice.name})]
			self.assertEqual(sum(lines), total)
			self.assertEqual(sum(charges), total)
			for amount in (total, *lines, *charges):
				self.assertEqual(amount, amount.quantize(Decimal("0.01")))
			sent += total if invoice.outcome == "To Send" else 0
		self.assertEqual(decimal_of(run.total_due), sent)
		self.assertEqual(len(invoices), len({invoice.name for invoice in invoices}))

	def test_r34_some_invoices_were_corrected_and_adjustments_wait_for_october(self):
		corrections = frappe.get_all(
			"Invoice Correction", fields=["scope", "amount", "reissue", "credit_note", "replacements"]
		)
		self.assertEqual({row.scope for row in corrections}, {"Days", "Amount", "Whole"})
		for row in corrections:
			note = frappe.db.get_value("Invoice", row.credit_note, ["kind", "total", "number"], as_dict=True)
			self.assertEqual((note.kind, decimal_of(note.total)), ("Credit Note", -decimal_of(row.amount)))
			self.assertTrue(note.number)
			self.assertEqual(bool(row.replacements), row.reissue == "At Once")
		self.assertEqual(frappe.db.count("Manual Adjustment", {"status": "Waiting"}), 2)

	def amounts(self, doctype: str, filters: dict) -> list:
		return frappe.get_all(doctype, filters=filters, pluck="amount")

	def test_broken_families_are_listed_and_the_others_billed(self):
		"""R14: a QF that is missing for some days is a problem line, not a guess."""
		run = frappe.get_doc("Billing Run", {"month": world.BILLED_MONTH})
		self.assertEqual(
			{(row.family, row.rule) for row in run.problems},
			{(self.family("quotient_gap"), "R14"), (self.family("quotient_of_last_year_only"), "R14")},
		)

	def test_two_months_are_ticked_and_one_is_open(self):
		"""R31: nothing is left unticked in a month that is billed or ready to be."""
		planned = {
			month: frappe.db.count(
				"Attendance",
				{
					"status": "Planned",
					"attendance_date": ("between", (date(2026, month, 1), date(2026, month, 28))),
				},
			)
			for month in (9, 10, 11)
		}
		self.assertEqual((planned[9], planned[10]), (0, 0))
		self.assertGreater(planned[11], 0)
		self.assertFalse(
			frappe.db.exists(
				"Attendance",
				{"status": ("not in", ("Planned", "Cancelled")), "attendance_date": (">", "2026-11-24")},
			)
		)
		for status in ("Present", "Absent", "Justified"):
			self.assertTrue(frappe.db.exists("Attendance", {"status": status}))
		self.assertFalse(frappe.db.exists("Attendance", {"status": "Justified", "reason": ("is", "not set")}))

	def test_loading_again_changes_nothing(self):
		before = frappe.db.count("Person"), frappe.db.count("Attendance"), frappe.db.count("Invoice")
		self.load()
		self.assertEqual(
			before, (frappe.db.count("Person"), frappe.db.count("Attendance"), frappe.db.count("Invoice"))
		)
		self.assertIn("already", self.lines[-1])

	def test_another_demo_on_the_same_site_is_refused(self):
		with self.assertRaises(state.DemoRefused):
			load.load(FAMILIES + 1, SEED, report=self.lines.append)

	def test_a_site_with_families_of_another_origin_is_refused(self):
		frappe.db.savepoint("no_demo")
		frappe.db.set_global(state.KEY, None)
		try:
			with self.assertRaises(state.DemoRefused):
				load.load(FAMILIES, SEED, report=self.lines.append)
			with self.assertRaises(state.DemoRefused):
				users.make()
		finally:
			frappe.db.rollback(save_point="no_demo")
			frappe.clear_cache()

	# ---------------------------------------------------------------- some odd cases, closer

	def test_addresses_of_the_odd_cases(self):
		"""R17, R19, R22: who is written to."""
		first_lines = {
			key: sorted(invoice.recipient.splitlines()[0] for invoice in self.invoices(key))
			for key in ("married_couple", "two_payers_alternate_weeks", "guardianship_udaf", "childrens_home")
		}
		self.assertEqual(
			first_lines,
			{
				"married_couple": ["Monsieur et Madame COURTOIS Gregory"],
				"two_payers_alternate_weeks": ["Madame AUBRY Delphine", "Monsieur PASQUIER Sebastien"],
				"guardianship_udaf": ["UDAF du Val d'Aubrelle"],
				"childrens_home": ["Lieu de vie La Clairière"],
			},
		)

	def test_a_foster_carer_gets_two_invoices(self):
		"""R18: one adult, one invoice as a parent and one as foster carer."""
		payers = [
			self.invoices(key)[0].payer for key in ("foster_carer_own_family", "foster_carer_placed_child")
		]
		persons = {frappe.db.get_value("Payer", payer, "person") for payer in payers}
		self.assertEqual((len(set(payers)), len(persons)), (2, 1))

	def test_the_threshold_holds_and_sends(self):
		"""R35: 8.40 and 14.96 are held, 15.00 is sent, nothing due is nothing sent."""
		status = {
			key: [invoice.outcome for invoice in self.invoices(key)]
			for key in ("held_under_threshold", "two_payers_by_share", "exactly_at_threshold", "trainee")
		}
		self.assertEqual(
			status,
			{
				"held_under_threshold": ["Held"],
				"two_payers_by_share": ["Held", "To Send"],
				"exactly_at_threshold": ["To Send"],
				"trainee": ["Nothing Due"],
			},
		)

	def test_names_are_stored_without_accents(self):
		"""R13: those that went through forms and those that were written in bulk."""
		for doctype, fields in (
			("Person", ("last_name", "first_name", "usage_name", "full_name")),
			("Family", ("family_name",)),
		):
			for row in frappe.get_all(doctype, fields=list(fields)):
				for value in filter(None, row.values()):
					self.assertTrue(value.isascii(), value)
		mother = frappe.db.get_value("Person", {"first_name": "Beatrice"}, ["last_name", "full_name"])
		self.assertEqual(mother, ("ETIENNE-D'ORVE", "ETIENNE-D'ORVE Beatrice"))

	def test_the_crowd_is_what_the_forms_would_have_stored(self):
		"""Bulk rows pass the validations of the forms, and saving them changes no field."""
		hand_made = list(self.state.scenarios.values())
		crowd = frappe.get_all("Family", filters={"name": ("not in", hand_made)}, pluck="name")
		self.assertEqual(len(crowd), FAMILIES - len(SCENARIOS))
		persons = frappe.get_all("Family Member", filters={"parent": ("in", crowd)}, pluck="person")
		belonging = {"family": ("in", crowd)}
		for doctype, filters in (
			("Person", {"name": ("in", persons)}),
			("Family", {"name": ("in", crowd)}),
			("Payer", belonging),
			("Custody Calendar", belonging),
			("Enrolment", belonging),
		):
			for name in frappe.get_all(doctype, filters=filters, pluck="name"):
				doc = frappe.get_doc(doctype, name)
				before = self.stored(doc)
				doc.save()
				self.assertEqual(self.stored(frappe.get_doc(doctype, name)), before, doctype)

	def stored(self, doc) -> dict:
		"""Values of a document and its rows, without who and when; empty is empty, whatever the kind."""
		own = {
			field.fieldname: doc.get(field.fieldname) or None
			for field in doc.meta.fields
			if field.fieldtype not in frappe.model.no_value_fields
		}
		tables = {
			field.fieldname: [
				{child.fieldname: row.get(child.fieldname) or None for child in row.meta.fields}
				for row in doc.get(field.fieldname)
			]
			for field in doc.meta.get_table_fields()
		}
		return own | tables

	def test_r12_a_family_was_entered_twice_and_the_report_finds_it(self):
		"""Two dossiers, their mother and their daughter: each pair is in the report, and typing it anew asks."""
		from concerto_education.families import duplicates
		from concerto_education.families.report.likely_duplicates import likely_duplicates

		pair = [self.family("entered_twice"), self.family("entered_twice_again")]
		_columns, rows, _message = likely_duplicates.execute({"kind": "Family"})
		among_odd_cases = [
			row for row in rows if {row["first"], row["second"]} <= set(self.state.scenarios.values())
		]
		self.assertEqual([{row["first"], row["second"]} for row in among_odd_cases], [set(pair)])
		_columns, rows, _message = likely_duplicates.execute({"kind": "Person"})
		persons = frappe.get_all("Family Member", {"parent": ("in", pair)}, pluck="person")
		self.assertEqual(sum({row["first"], row["second"]} <= set(persons) for row in rows), 2)
		typed = frappe.get_doc(
			{
				"doctype": "Person",
				"last_name": "Delaunay Morain",
				"first_name": "Louison",
				"birth_date": "2018-06-14",
			}
		)
		typed.run_method("before_validate")
		self.assertTrue({row.name for row in duplicates.likely(typed)} & set(persons))

	def test_r24_incomplete_dossiers_are_counted_week_by_week_and_some_were_reminded(self):
		weeks = {row.week for row in frappe.get_all("Incomplete Week", fields=["week"])}
		self.assertEqual((len(weeks), max(weeks)), (8, date(2026, 11, 23)))
		self.assertTrue(all(week.weekday() == 0 for week in weeks))
		self.assertTrue(
			frappe.db.count("Document Reminder", {"state": "Sent", "sent_at": ("<", "2026-11-23")})
		)

	def test_r17_who_was_told_of_a_placement_is_somebody(self):
		"""The logins are there before the dossiers: coordinator of the school, director of the sites."""
		told = {
			key: frappe.db.get_value("Placement", {"family": self.family(key)}, "notified")
			for key in ("foster_carer_placed_child", "placed_since_october", "childrens_home")
		}
		self.assertIn("mrobin@", told["foster_carer_placed_child"])
		self.assertIn("jpicard@", told["placed_since_october"])
		self.assertIn("jpicard@", told["childrens_home"])

	# ---------------------------------------------------------------- nobody real, no open door

	def test_nobody_can_be_reached(self):
		"""Telephone numbers are those kept for fiction, e-mail addresses end in a domain that can't exist."""
		for row in frappe.get_all("Person", fields=["phone", "email"]):
			self.assertTrue(not row.phone or row.phone.startswith("+33-53649"), row.phone)
			self.assertTrue(not row.email or row.email.endswith(".example"), row.email)

	def test_each_role_has_a_login_and_its_sites(self):
		"""R6–R11: initial and surname; the sites are User Permissions."""
		from concerto_education.authority import roles

		self.assertEqual({login.role for login in users.LOGINS}, set(roles.STAFF))
		self.assertEqual(len({login.email for login in users.LOGINS}), len(users.LOGINS))
		for login in users.LOGINS:
			self.assertIn(login.role, frappe.get_roles(login.email))
			given = frappe.get_all(
				"User Permission", filters={"user": login.email, "allow": "Site"}, pluck="for_value"
			)
			self.assertEqual(sorted(given), sorted(login.sites))
		self.assertEqual(users.LOGINS[1].email, "mrobin@concerto.example")

	def test_the_screen_says_that_it_is_a_demo(self):
		"""R11."""
		self.assertTrue(state.is_demo())
		label = frappe.db.get_single_value("Authority Settings", "environment_label")
		self.assertIn("Démonstration", label)

	def test_the_tablet_of_the_nursery_notes_times_that_give_half_hours(self):
		"""R36: 8:05 to 11:40 is eight started half-hours; the garderie of Wednesdays goes by the clock too."""
		times = ("2026-11-24 08:05", "2026-11-24 11:40")
		row = half_hours("sgarnier@concerto.example", world.NURSERY, services.NURSERY, *times)
		self.assertEqual(row, ("Present", "08:05", "11:40", 240))
		self.assertEqual(frappe.db.get_value("Activity", services.NOON_CARE, "clock_mode"), 1)

	# ---------------------------------------------------------------- the month that is ready

	def test_october_brings_the_corrections(self):
		"""R14, R34, R35: a late certificate and a late QF come back as credits, a held amount is carried over."""
		from concerto_education.billing import run as runs

		frappe.db.savepoint("october")
		october = frappe.get_doc({"doctype": "Billing Run", "month": world.READY_MONTH}).insert().name
		frappe.db.set_value("Billing Run", october, "status", "Computing")
		runs.compute(october)
		# 6 weeks of the canteen to 16 October: 10 meals, 5 evenings of Tuesday and Thursday.
		meals, evenings = 10, 5
		adjusted = {
			key: sum(
				decimal_of(row.amount)
				for row in frappe.get_all(
					"Charge",
					filters={"billing_run": october, "family": self.family(key), "is_adjustment": 1},
					fields=["amount"],
				)
			)
			for key in ("certificate_after_issue", "quotient_recorded_late", "married_couple")
		}
		self.assertEqual(
			adjusted,
			{
				"certificate_after_issue": Decimal("-5.60"),  # 2 meals
				"quotient_recorded_late": Decimal("-6.00"),  # 10 meals from 14 September, 0.60 less each
				"married_couple": Decimal(0),
			},
		)
		totals = {
			key: decimal_of(self.invoices(key, world.READY_MONTH)[0].total)
			for key in ("certificate_after_issue", "held_then_sent", "held_under_threshold")
		}
		self.assertEqual(
			totals,
			{
				"certificate_after_issue": meals * Decimal("2.80")
				+ evenings * Decimal("1.50")
				- Decimal("5.60"),
				"held_then_sent": Decimal("16.80"),
				"held_under_threshold": Decimal("14.00"),
			},
		)
		frappe.db.rollback(save_point="october")
