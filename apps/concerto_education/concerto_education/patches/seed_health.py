"""Diets and vaccines for sites that were there before health records (R23)."""

from concerto_education.authority import seeds


def execute() -> None:
	seeds.seed_tables()
