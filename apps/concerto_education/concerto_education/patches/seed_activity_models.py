"""Sites that were there before the wizard get its ready models."""

from concerto_education.activities.models import seed


def execute() -> None:
	seed.seed()
