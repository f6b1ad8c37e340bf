import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from concerto_education.families import members, names, payers
from concerto_education.families.errors import BirthDateInFuture, InvalidName


class Person(Document):
	"""One record per human, child or adult, in any number of families (R18, R26)."""

	def before_validate(self):
		self.last_name = names.family_name(self.last_name)
		self.usage_name = names.family_name(self.usage_name)
		self.spouse_name = names.family_name(self.spouse_name)
		self.first_name = names.first_name(self.first_name)
		self.full_name = names.full_name(self.last_name, self.first_name, self.usage_name)

	def validate(self):
		for field in ("last_name", "first_name", "usage_name", "spouse_name"):
			value = self.get(field)
			if value and not names.is_name(value):
				frappe.throw(
					_("{0}: “{1}” is not a name. Use letters only (R13)").format(
						_(self.meta.get_label(field)), value
					),
					InvalidName,
				)
		if self.birth_date and getdate(self.birth_date) > getdate(today()):
			frappe.throw(_("Birth Date: it cannot be in the future"), BirthDateInFuture)

	def on_update(self):
		before = self.get_doc_before_save()
		if before and any(
			before.get(field) != self.get(field)
			for field in ("full_name", "first_name", "birth_date", "civility", "usage_name", "email")
		):
			self._refresh_copies()
		if before and before.user != self.user:
			# A copy that follows, also in dossiers that the user can't see.
			frappe.db.set_value("Payer", {"person": self.name}, "user", self.user or None)

	def _refresh_copies(self):
		"""Bring the copies of name and birth date in the families up to date, and the address blocks."""
		member = frappe.qb.DocType("Family Member")
		# Straight on the table: a copy for display; saving each family would check rules that didn't change.
		(
			frappe.qb.update(member)
			.set(member.full_name, self.full_name)
			.set(member.birth_date, self.birth_date or None)
			.where(member.person == self.name)
		).run()
		# Whatever the user may read: the address block of a family he can't see is his change too.
		for family in frappe.get_all(
			"Family Member", filters={"person": self.name}, pluck="parent", distinct=True
		):
			payers.refresh_recipients(family)
			members.refresh_people(family)
