import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.activities import activity_words, camps, terms
from concerto_education.activities.errors import (
	DuplicateSite,
	ImputationNeeded,
	InvalidActivityPeriod,
	NegativeCapacity,
	PeriodEndsBeforeStart,
	UnitInUse,
)
from concerto_education.activities.periods import first_overlap, require_order


class Activity(Document):
	"""A service of the authority: when, for whom, where, how it is booked and what is billed (R1, R7, R27)."""

	def autoname(self):
		if self.kind == camps.CAMP:
			camps.require_complete(self)
			self.activity_name = camps.name_of(self)
		self.name = self.activity_name

	def validate(self):
		if self.kind == camps.CAMP:
			camps.require_complete(self)
		terms.check(self)
		terms.check_unique(self, "sites", "site", DuplicateSite)
		for row in self.sites:
			if (row.capacity or 0) < 0:
				frappe.throw(
					_("Sites, row {0}: the capacity can't be negative; 0 means no limit").format(row.idx),
					NegativeCapacity,
				)
		self._validate_removed_units()
		self._validate_dates()
		if self.billing_rule != "Not Billed" and not self.imputation:
			frappe.throw(
				_("Imputation: what is billed needs its accounting code"),
				ImputationNeeded,
			)

	def onload(self):
		"""What the form says at its top and beside the rules."""
		self.set_onload("words", activity_words.of(self))

	def _validate_removed_units(self):
		before = self.get_doc_before_save()
		if not before:
			return
		for unit in {row.unit for row in before.units} - {row.unit for row in self.units}:
			pattern, enrolment = (frappe.qb.DocType("Enrolment Pattern"), frappe.qb.DocType("Enrolment"))
			used = (
				frappe.qb.from_(pattern)
				.join(enrolment)
				.on(pattern.parent == enrolment.name)
				.select(enrolment.name)
				.where((enrolment.activity == self.name) & (pattern.unit == unit))
				.limit(1)
			).run()
			if used:
				frappe.throw(
					_("Units: {0} can't be removed, the enrolment {1} uses it").format(unit, used[0][0]),
					UnitInUse,
				)

	def _validate_dates(self):
		require_order(self.valid_from, self.valid_to, PeriodEndsBeforeStart, _("Last Day"))
		for row in self.periods:
			require_order(row.starts_on, row.ends_on, PeriodEndsBeforeStart, row.label)
		overlap = first_overlap(self.periods)
		if overlap:
			frappe.throw(
				_("Enrolment Periods: {0} and {1} overlap").format(overlap[0].label, overlap[1].label),
				InvalidActivityPeriod,
			)


@frappe.whitelist(methods=["POST"])
def rename_camp(activity: str) -> str:
	"""Button of the form: a camp whose number, place or dates have changed takes its new name (R7)."""
	doc = frappe.get_doc("Activity", activity)
	doc.check_permission("write")
	return camps.rename(doc)


@frappe.whitelist(methods=["GET", "POST"])
def words(doc: str | dict) -> dict:
	"""What a form that is being filled says: the summary and its rules. Saves nothing."""
	if not frappe.has_permission("Activity", "read"):
		frappe.throw(_("You may not read activities"), frappe.PermissionError)
	return activity_words.of_form(frappe.parse_json(doc))
