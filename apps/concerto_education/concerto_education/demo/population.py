"""Families at random: pure Python, no database, the same family for the same seed and number.

Each family draws from a generator of its own, seeded by ``(seed, number)``: family 17 is the same whether 30
families are made or 20,000, and a load that was cut resumes at any number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from concerto_education.demo import names, world

UNKNOWN_QUOTIENT = Decimal(9999)


@dataclass(slots=True)
class PersonPlan:
	last_name: str
	first_name: str
	sex: str
	birth_date: date | None
	usage_name: str | None = None
	spouse_name: str | None = None
	phone: str | None = None
	email: str | None = None
	school: str | None = None
	school_class: str | None = None

	@property
	def civility(self) -> str:
		"""Adults only; children have none."""
		if self.school_class or (self.birth_date and self.birth_date.year >= 2010):
			return ""
		return "Mme" if self.sex == "F" else "M."


@dataclass(slots=True)
class MemberPlan:
	person: PersonPlan
	role: str
	relation: str
	may_collect: int = 1
	emergency: int = 1
	forbidden: int = 0


@dataclass(slots=True)
class QuotientPlan:
	value: Decimal
	source: str
	valid_from: date
	valid_to: date
	recorded_on: date


@dataclass(slots=True)
class EnrolmentPlan:
	"""``pattern`` maps a unit to ISO weekdays (1 is Monday)."""

	person: PersonPlan
	activity: str
	site: str
	pattern: dict[str, tuple[int, ...]]
	category: str = world.CHILD


@dataclass(slots=True)
class FamilyPlan:
	number: int
	family_name: str
	town: world.Town
	former_town: str | None
	address: str
	phone: str
	email: str | None
	benefit_scheme: str
	beneficiary_number: str | None
	members: list[MemberPlan] = field(default_factory=list)
	quotients: list[QuotientPlan] = field(default_factory=list)
	enrolments: list[EnrolmentPlan] = field(default_factory=list)
	# Two parents who live apart: both pay, a week each (R19).
	separated: bool = False

	@property
	def representatives(self) -> list[PersonPlan]:
		return [member.person for member in self.members if member.role.startswith("Representative")]

	@property
	def children(self) -> list[PersonPlan]:
		return [member.person for member in self.members if member.role == "Child"]


def families(seed: int, first: int, last: int) -> Iterator[FamilyPlan]:
	"""Families number ``first`` to ``last``, both included."""
	for number in range(first, last + 1):
		yield family(seed, number)


def family(seed: int, number: int) -> FamilyPlan:
	rng = Random(f"{seed}/{number}")
	town = rng.choices(world.TOWNS, [town.weight for town in world.TOWNS])[0]
	name = rng.choice(names.surnames())
	scheme = rng.choices(
		("General (CAF)", "Agricultural (MSA)", "Special Scheme", "Other", ""), (86, 9, 2, 2, 1)
	)[0]
	plan = FamilyPlan(
		number=number,
		family_name=name,
		town=town,
		former_town=rng.choice(town.former) if town.former else None,
		address=names.street_address(rng),
		phone=world.phone(rng.randrange(10_000)),
		email=None,
		benefit_scheme=scheme,
		beneficiary_number=f"{rng.randrange(10**7):07d}" if scheme[:1] in ("G", "A") else None,
	)
	taken: set[str] = set()
	_add_parents(rng, plan, taken)
	_add_children(rng, plan, taken)
	_add_contact(rng, plan, taken)
	_add_quotients(rng, plan)
	for child in plan.children:
		if child.school_class:
			plan.enrolments.extend(_enrolments(rng, child))
	return plan


# ---------------------------------------------------------------- people


def _add_parents(rng: Random, plan: FamilyPlan, taken: set[str]) -> None:
	kind = rng.choices(("married", "couple", "mother", "father", "separated"), (44, 27, 19, 3, 7))[0]
	plan.separated = kind == "separated"
	father = mother = None
	if kind != "mother":
		father = _adult(rng, plan, "M", plan.family_name, taken)
	if kind != "father":
		own_name = rng.choice(names.surnames())
		mother = _adult(rng, plan, "F", own_name, taken)
		if kind == "married" and own_name != plan.family_name and rng.random() < 0.8:
			# R16: her own name stays the family name; the married one is used.
			mother.usage_name = mother.spouse_name = plan.family_name
		if kind == "mother" and rng.random() < 0.5:
			mother.last_name = plan.family_name
	parents = [(mother, "mère"), (father, "père")]
	if kind in ("married", "couple") and rng.random() < 0.4:
		parents.reverse()
	roles = iter(("Representative 1", "Representative 2"))
	for person, relation in parents:
		if person:
			plan.members.append(MemberPlan(person, next(roles), relation))
	plan.email = plan.members[0].person.email if rng.random() < 0.7 else None


def _adult(rng: Random, plan: FamilyPlan, sex: str, last_name: str, taken: set[str]) -> PersonPlan:
	first_name = names.first_name(rng, sex, "adult", taken)
	return PersonPlan(
		last_name=last_name,
		first_name=first_name,
		sex=sex,
		birth_date=date(1977, 1, 1) + timedelta(days=rng.randrange(22 * 365)),
		phone=world.phone(rng.randrange(10_000)),
		email=f"{names.letters(first_name)[0]}.{names.letters(last_name)}{plan.number}@{world.FAMILY_MAIL_DOMAIN}",
	)


def _add_children(rng: Random, plan: FamilyPlan, taken: set[str]) -> None:
	count = rng.choices((1, 2, 3, 4), (40, 41, 15, 4))[0]
	birth_year = rng.randint(2016, 2023)
	for rank in range(count):
		if rank:
			birth_year -= rng.randint(1, 4)
		if birth_year < 2012:
			birth_year = rng.randint(2016, 2025)
		sex = rng.choice("FM")
		school_class = world.school_class(birth_year)
		child = PersonPlan(
			last_name=plan.family_name,
			first_name=names.first_name(rng, sex, "child", taken),
			sex=sex,
			birth_date=date(birth_year, 1, 1) + timedelta(days=rng.randrange(365)),
			school=plan.town.school if school_class else None,
			school_class=school_class,
		)
		plan.members.append(MemberPlan(child, "Child", "fille" if sex == "F" else "fils"))


def _add_contact(rng: Random, plan: FamilyPlan, taken: set[str]) -> None:
	if rng.random() > 0.55:
		return
	sex = rng.choice("FFM")
	person = PersonPlan(
		last_name=rng.choice((plan.family_name, rng.choice(names.surnames()))),
		first_name=names.first_name(rng, sex, "older", taken),
		sex=sex,
		birth_date=None,
		phone=world.phone(rng.randrange(10_000)),
	)
	# R22: a contact may collect the child by default, and is called in an emergency.
	forbidden = int(rng.random() < 0.015)
	plan.members.append(
		MemberPlan(
			person,
			"Contact",
			"grand-mère" if sex == "F" else "grand-père",
			may_collect=1 - forbidden,
			emergency=1 - forbidden,
			forbidden=forbidden,
		)
	)


# ---------------------------------------------------------------- quotient familial (R14)


def _add_quotients(rng: Random, plan: FamilyPlan) -> None:
	source = {"A": "MSA", "": "Tax Notice"}.get(plan.benefit_scheme[:1], "CDAP (CAF)")
	if rng.random() < 0.05:
		source = "Tax Notice"
	value = _quotient(rng)
	if rng.random() < 0.6:
		last_year = max(value + rng.randint(-90, 60), Decimal(0))
		plan.quotients.append(
			QuotientPlan(
				last_year, source, world.PREVIOUS_YEAR_START, world.PREVIOUS_YEAR_END, date(2025, 8, 27)
			)
		)
	if rng.random() < 0.03:
		value, source = UNKNOWN_QUOTIENT, "Unknown"
	plan.quotients.append(
		QuotientPlan(value, source, world.YEAR_START, world.YEAR_END, date(2026, 8, rng.randint(17, 28)))
	)


def _quotient(rng: Random) -> Decimal:
	"""Half of the families between 520 and 1 150, one in eight under 350; whole euros as the CAF gives them; a few 0."""
	if rng.random() < 0.01:
		return Decimal(0)
	return Decimal(min(round(rng.lognormvariate(6.62, 0.62)), 4200))


# ---------------------------------------------------------------- who comes when (R4, R25–R27)

_SCHOOL_DAYS = (1, 2, 4, 5)


def _enrolments(rng: Random, child: PersonPlan) -> Iterator[EnrolmentPlan]:
	if rng.random() < 0.95:
		days = _SCHOOL_DAYS if rng.random() < 0.78 else _some_days(rng, rng.randint(1, 3))
		category = world.CHILD_OWN_MEAL if rng.random() < 0.008 else world.CHILD
		yield EnrolmentPlan(child, world.CANTEEN, child.school, {world.NOON: days}, category)
	if rng.random() < 0.55:
		pattern = {}
		if rng.random() < 0.6:
			pattern[world.MORNING] = _some_days(rng, rng.randint(1, 4))
		if not pattern or rng.random() < 0.75:
			pattern[world.EVENING] = _some_days(rng, rng.randint(1, 4))
		yield EnrolmentPlan(child, world.CARE, child.school, pattern)
	if rng.random() < 0.16:
		yield EnrolmentPlan(child, world.WEDNESDAY, world.LEISURE_CENTRE, {world.DAY: (3,)})


def _some_days(rng: Random, count: int) -> tuple[int, ...]:
	return tuple(sorted(rng.sample(_SCHOOL_DAYS, count)))
