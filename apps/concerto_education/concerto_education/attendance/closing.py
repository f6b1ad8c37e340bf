"""The monthly close of a site (R33): whether a day may still be ticked."""

from __future__ import annotations

from datetime import date


def is_closed(site: str, day: date) -> bool:
	"""Whether the month of ``day`` is closed at ``site``. No month is, as long as closing is not recorded."""
	return False
