import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families.health.errors import HealthLogIsKept


class HealthAccessLog(Document):
	"""Who read whose health, when and from where. Written by ``families/health/access_log.py`` only."""

	def validate(self):
		if not self.is_new() or not self.flags.from_access_log:
			frappe.throw(
				_("The log of health readings is never written nor changed by hand"), HealthLogIsKept
			)

	def on_trash(self):
		frappe.throw(_("The log of health readings is never deleted"), HealthLogIsKept)
