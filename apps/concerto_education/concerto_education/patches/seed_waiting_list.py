from concerto_education.activities.capacity import seeds


def execute():
	"""Criteria of the waiting list and the message of an offer, for sites that were installed before them (R40)."""
	seeds.seed()
