import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt


class WaitingListSettings(Document):
	"""How places are offered, who comes first, how far one may go over (R40)."""

	def validate(self):
		if cint(self.answer_hours) < 1:
			frappe.throw(_("Hours to Answer: give the family at least one hour"))
		seen = set()
		for row in self.criteria:
			if row.criterion in seen:
				frappe.throw(
					_("Priority Criteria, row {0}: {1} is there twice").format(row.idx, _(row.criterion))
				)
			seen.add(row.criterion)
		for row in self.margins:
			if not 0 <= flt(row.percent) <= 100:
				frappe.throw(_("Margins, row {0}: from 0 to 100 %").format(row.idx))
