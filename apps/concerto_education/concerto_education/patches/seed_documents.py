"""Types of documents and authorisations, and the words of reminders, for sites that were installed before them (R7, R24)."""

from concerto_education.authority import seeds
from concerto_education.families.documents import texts


def execute() -> None:
	seeds.seed_tables()
	texts.seed()
