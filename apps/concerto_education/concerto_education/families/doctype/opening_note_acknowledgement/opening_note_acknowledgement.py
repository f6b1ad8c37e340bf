import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families.errors import AcknowledgementIsKept


class OpeningNoteAcknowledgement(Document):
	"""Who has read a note, which revision of it, and when. Written by ``notes.service``, never changed."""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("An acknowledgement is never changed"), AcknowledgementIsKept)
