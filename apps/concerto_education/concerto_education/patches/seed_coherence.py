from concerto_education.authority.coherence import settings, weekly


def execute():
	"""Severities and letters of the coherence check for sites that were installed before it (R7)."""
	settings.seed()
	weekly.seed()
