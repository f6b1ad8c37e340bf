from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from concerto_education.activities import tariffs
from concerto_education.activities.errors import InvalidTariff, PeriodEndsBeforeStart
from concerto_education.activities.periods import require_order
from concerto_education.authority.money import decimal_of


class Tariff(Document):
	"""A dated price of one activity, for all or one category, at all sites or one (R7, R26)."""

	def validate(self):
		require_order(self.valid_from, self.valid_to, PeriodEndsBeforeStart, _("Valid To"))
		self._keep_rows_of_method()
		tariffs.check_offered(self)
		tariffs.check_rows(self)
		tariffs.check_alone(self)

	def _keep_rows_of_method(self):
		"""What another method left behind would mislead whoever reads the record."""
		if self.method == "Flat":
			self.set("bands", [])
			if self.price is None or self.price == "":
				frappe.throw(_("Price: enter it, 0 if the service is free (R26)"), InvalidTariff)
		else:
			self.price = 0

	@frappe.whitelist()
	def simulate(self, day: date | str, quotient: str | float | int | None = None) -> dict:
		"""Button of the form: price of one unit on a day for a quotient, with its reasons (R26)."""
		self.check_permission("read")
		return tariffs.simulate(self, getdate(day), None if quotient in (None, "") else decimal_of(quotient))
