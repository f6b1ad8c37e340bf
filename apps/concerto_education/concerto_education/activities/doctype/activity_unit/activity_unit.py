from frappe.model.document import Document

HOURS = ("starts_at", "ends_at")


class ActivityUnit(Document):
	"""A part of the day that is planned and ticked by itself: morning, noon, day… Its hours are optional."""

	def update_if_missing(self, d):
		"""Called with the defaults of a new row, where Frappe gives an empty Time field the present hour."""
		super().update_if_missing({name: value for name, value in d.items() if name not in HOURS})
