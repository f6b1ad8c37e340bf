import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from concerto_education.authority import templates
from concerto_education.billing.payments.errors import InvalidLevels


class PaymentSettings(Document):
	def validate(self):
		levels = [cint(row.level) for row in self.levels]
		if sorted(levels) != list(range(1, len(levels) + 1)):
			frappe.throw(_("Levels: number them 1, 2, 3 … without a gap"), InvalidLevels)
		for row in self.levels:
			if not (row.letter_text or "").strip():
				frappe.throw(_("Level {0}: write the text of the letter").format(row.level), InvalidLevels)
			for text in (row.letter_text, row.closing_text):
				templates.check(text or "", _("Level {0}").format(row.level))
		if not 1 <= cint(self.reminder_day) <= 28:
			frappe.throw(_("On Day of the Month: a day from 1 to 28"), InvalidLevels)
