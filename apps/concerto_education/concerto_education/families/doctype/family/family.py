from frappe.model.document import Document

from concerto_education.families import members, names, payers, quotients


class Family(Document):
	"""The *dossier famille*: representatives, children and contacts (R12–R17)."""

	def before_validate(self):
		members.complete(self)
		self.family_name = names.family_name(self.family_name)

	def validate(self):
		members.check(self)

	def on_update(self):
		# A caller that records the first QF itself, in the same transaction, says so.
		if not self.flags.quotient_follows:
			quotients.ensure_one(self.name)
		before = self.get_doc_before_save()
		if before:
			payers.refresh_recipients(self.name)
			if before.family_name != self.family_name:
				quotients.rename_family(self.name, self.family_name)
