"""A kitchen that cooks for two schools, for the tests of meal orders."""

from datetime import date

from concerto_education.attendance.meals import orders, services
from tests import builders as make

MONDAY, TUESDAY, THURSDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 17)


class Town:
	"""A kitchen that cooks for two schools, each with a canteen of its own children."""

	def __init__(self, **settings):
		make.school_year()
		self.kitchen = make.site(kind="Kitchen").name
		self.first, self.second = make.site().name, make.site().name
		self.canteen = make.activity(
			self.first,
			self.second,
			categories=("Enfant", "Enfant panier repas", "Gratuité", "Autres"),
			billing_rule="Planned Unless Justified",
		)
		rows = [
			{"site": at, "activity": self.canteen.name, "unit": "midi"} for at in (self.first, self.second)
		]
		self.doc = make.insert("Meal Service", kitchen=self.kitchen, sites=rows, **settings)

	@property
	def service(self):
		return services.service(self.kitchen)

	def child(self, school_class="CP", at=None, category="Enfant", birth_date="2020-01-01"):
		kid = make.child(school_class=school_class, birth_date=birth_date)
		home = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
		return make.enrolment(home, self.canteen, site=at or self.first, category=category)

	def adult(self, category="Autres"):
		who = make.person(birth_date="1980-01-01")
		return make.enrolment(
			make.family(make.member(who, "Representative 1")), self.canteen, category=category
		)

	def order(self, day=TUESDAY, at=None, origin=orders.BY_HAND):
		return orders.make(self.service, at or self.first, day, origin)
