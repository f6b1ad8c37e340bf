"""Types of documents and authorisations for sites that were installed before them (R7)."""

from concerto_education.authority import seeds


def execute() -> None:
	seeds.seed_tables()
