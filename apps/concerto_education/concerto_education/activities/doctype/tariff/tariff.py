from datetime import date

import frappe
from frappe.model.document import Document

from concerto_education.activities.tariffs import checks, coverage, scripts, simulator


class Tariff(Document):
	"""A dated price of one activity, for all or one category, at all sites or one (R7, R26)."""

	def onload(self):
		self.set_onload("scripts_allowed", scripts.allowed())
		if self.activity and not self.is_new():
			self.set_onload("gaps", coverage.warnings(self.activity))

	def validate(self):
		checks.validate(self)

	def on_update(self):
		coverage.tell(self)

	@frappe.whitelist()
	def simulate(
		self,
		day: date | str,
		quotient: str | float | int | None = None,
		answers: dict | str | None = None,
	) -> dict:
		"""Button of the form: what this tariff asks on a day, with its reasons (R26). The form may be unsaved."""
		self.check_permission("read")
		return simulator.of_form(self, day, quotient, answers)

	@frappe.whitelist()
	def questions(self) -> dict:
		"""What the simulator has to ask for this tariff."""
		self.check_permission("read")
		return simulator.questions_of_form(self)
