"""The text of the message with a meal order, on sites that were installed before it existed (R41)."""

from concerto_education.attendance.meals.mail import seed_template


def execute() -> None:
	seed_template()
