"""What the roll-over refuses, one class each."""

from concerto_education.activities.errors import ActivitiesError


class RolloverBusy(ActivitiesError):
	"""The next school year is being prepared by another process."""


class RolloverDone(ActivitiesError):
	"""It has come to its end."""
