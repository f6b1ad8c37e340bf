from frappe.model.document import Document

from concerto_education.families.health import access_log, checks


class HealthRecord(Document):
	"""Allergies, diets, PAI, doctor, vaccinations and medicines of one person: once, for every activity (R23).

	Everything but the person is permlevel 1. Every reading is logged (``families/health/access_log.py``).
	"""

	def before_validate(self):
		checks.complete(self)

	def validate(self):
		checks.check(self)

	def on_update(self):
		# Whoever saves is answered with the whole record.
		access_log.reading(self, "Saved")

	def before_print(self, settings=None):
		access_log.reading(self, "Print")

	def apply_fieldlevel_read_permissions(self):
		"""The framework's last step before it hands a document to somebody."""
		access_log.reading(self)
		super().apply_fieldlevel_read_permissions()
