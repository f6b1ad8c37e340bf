"""What a line of an invoice is called."""

from __future__ import annotations

from frappe import _

from concerto_education.billing.facts import Context
from concerto_education.billing.special_facts import LATE_PICKUP
from concerto_education.engine.invoicing import InvoiceLine


def line_label(context: Context, line: InvoiceLine) -> str:
	"""« Restauration – Enfant », with the unit where the activity has several."""
	label = line.activity
	if line.category:
		label = f"{label} – {line.category}"
	if line.unit == LATE_PICKUP:
		return _("{0}, late pick-up").format(label)
	units = context.units.get(line.activity, {})
	if len(units) > 1 and line.unit:
		# A combination names its units, in the order of the day.
		named = set(line.unit.split("+"))
		text = " + ".join(name for unit, name in units.items() if unit in named)
		if text:
			label = f"{label}, {text}"
	return label
