import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.activities.capacity import waiting


class WaitingListEntry(Document):
	"""Somebody waits for a place (R40). Its steps are in ``activities/capacity/offers.py``."""

	def validate(self):
		self._keep_what_is_computed()
		waiting.complete(self)

	def _keep_what_is_computed(self):
		"""A person writes the points by decision and the date of the request; the rest follows from the steps."""
		before = self.get_doc_before_save()
		if self.flags.ignore_permissions or not before:
			return
		for field in ("status", "scope", "deadline"):
			self.set(field, before.get(field))
		self.set("days", before.days)
		self.set("offers", before.offers)

	def on_trash(self):
		if self.status == waiting.OFFERED:
			frappe.throw(_("{0}: a place is offered. Record the answer first").format(self.name))


def on_doctype_update():
	# The list of an activity at a site, and the entries of an enrolment.
	frappe.db.add_index("Waiting List Entry", ["site", "activity", "status"])
	frappe.db.add_index("Waiting List Entry", ["enrolment", "status"])
