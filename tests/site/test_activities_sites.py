"""Who answers for a site, and its closures (R7, R9)."""

import frappe
import pytest

from concerto_education.activities import errors, sites
from concerto_education.authority import roles
from tests import builders as make


def test_those_who_are_named_get_the_messages():
	manager, silent, gone = (make.user(roles.SCHOOL_COORDINATOR) for _ in range(3))
	frappe.db.set_value("User", gone, "enabled", 0)
	place = make.site(
		managers=[
			{"user": manager, "duty": "Manager", "receives_messages": 1},
			{"user": silent, "duty": "Référent", "receives_messages": 0},
			{"user": gone, "duty": "Deputy", "receives_messages": 1},
		]
	)
	assert sites.responsible_users(place.name) == [manager]
	assert sites.referents(place.name) == [silent]


def test_without_names_the_role_at_this_site_gets_them():
	place = make.site(kind="Nursery (HG)")
	assert place.manager_role == roles.NURSERY_DIRECTOR
	director = make.user(roles.NURSERY_DIRECTOR, sites=(place.name,))
	make.user(roles.NURSERY_DIRECTOR, sites=(make.site().name,))
	make.user(roles.ATTENDANCE_AGENT, sites=(place.name,))
	assert sites.responsible_users(place.name) == [director]


def test_nobody_is_named_twice():
	user = make.user(roles.SCHOOL_COORDINATOR)
	with pytest.raises(errors.DuplicateManager):
		make.site(managers=[{"user": user, "duty": "Manager"}, {"user": user, "duty": "Deputy"}])


def test_closures_do_not_overlap():
	with pytest.raises(errors.ClosuresOverlap):
		make.site(
			closures=[
				{"starts_on": "2026-12-21", "ends_on": "2026-12-26"},
				{"starts_on": "2026-12-26", "ends_on": "2026-12-31"},
			]
		)
