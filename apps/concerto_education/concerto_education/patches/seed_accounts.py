"""The message that a new account gets."""

from concerto_education.authority.accounts import letters


def execute() -> None:
	letters.seed()
