"""What the rules of places refuse (R40), one class each."""

from concerto_education.activities.errors import ActivitiesError


class CapacityFull(ActivitiesError):
	"""A day has no place left. ``shortfalls`` says which, for whoever catches it."""

	shortfalls: tuple = ()


class UnknownGroup(ActivitiesError):
	"""The activity has no group of that name at that site."""


class OverCapacityRefused(ActivitiesError):
	"""Nobody may go that far over a capacity, whatever the reason."""


class WrongWaitingStep(ActivitiesError):
	"""The entry of the waiting list is not at the step that this action needs."""


class NothingToWaitFor(ActivitiesError):
	"""All days that the entry waits for are past."""


class ReasonMissing(ActivitiesError):
	"""Points by decision, or a change of capacity, need their reason."""
