"""One exception class for each rule about health that refuses, so that a test says which rule it was."""

from concerto_education.families.errors import FamiliesError


class UnknownAllergen(FamiliesError):
	"""An allergen is one of the 14, or another one with its name."""


class AllergenNotNamed(FamiliesError):
	"""“Other” alone tells the kitchen nothing."""


class UnknownSeverity(FamiliesError):
	"""A severity is one of the four."""


class HealthEndsBeforeStart(FamiliesError):
	"""An allergy, diet or treatment ends before it starts."""


class SameAllergyTwice(FamiliesError):
	"""One allergen is there once at a time: two rows could say two different things to do."""


class SameDietTwice(FamiliesError):
	"""One diet is there once at a time."""


class ReviewBeforePlan(FamiliesError):
	"""A PAI is reviewed after its date, not before."""


class VaccinationInFuture(FamiliesError):
	"""A vaccination that has not been given yet protects nobody."""


class SecondHealthRecord(FamiliesError):
	"""A person has one health record."""


class HealthFileNotPrivate(FamiliesError):
	"""A document about health is never public."""


class HealthInLists(FamiliesError):
	"""Health is read in the record, where each reading is recorded, and not through lists and exports."""


class HealthLogIsKept(FamiliesError):
	"""The log of readings is neither written by hand, nor changed, nor deleted."""
