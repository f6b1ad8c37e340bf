import re

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.activities import sites
from concerto_education.activities.errors import (
	ClosuresOverlap,
	InvalidPostcode,
	NegativeCapacity,
	PeriodEndsBeforeStart,
)
from concerto_education.activities.periods import first_overlap, require_order


class Site(Document):
	"""A school, leisure centre, nursery, kitchen or youth centre: who answers for it and when it is closed (R7)."""

	def onload(self):
		self.set_onload("headline", sites.headline(self))

	def validate(self):
		sites.set_default_role(self)
		sites.check_managers(self)
		if (self.capacity or 0) < 0:
			frappe.throw(_("Capacity: it can't be negative; 0 means no limit"), NegativeCapacity)
		if self.postcode and not re.fullmatch(r"\d{5}", self.postcode):
			frappe.throw(_("Postcode: a postcode has five digits"), InvalidPostcode)
		for row in self.closures:
			require_order(
				row.starts_on, row.ends_on, PeriodEndsBeforeStart, _("Closures, row {0}").format(row.idx)
			)
		overlap = first_overlap(self.closures)
		if overlap:
			frappe.throw(
				_("Closures: rows {0} and {1} overlap").format(overlap[0].idx, overlap[1].idx),
				ClosuresOverlap,
			)
