"""Dossiers that were there before the search: write the index once (R12)."""

from concerto_education.families import search_index


def execute() -> None:
	search_index.rebuild()
