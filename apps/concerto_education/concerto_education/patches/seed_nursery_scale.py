"""Effort rates and bounds of resources of nurseries, on sites that were there before them (R36)."""

from concerto_education.activities.nursery import scale


def execute() -> None:
	scale.seed()
