from concerto_education.attendance.closing import letters


def execute():
	"""E-mails of the monthly close for sites that were installed before it (R33)."""
	letters.seed()
