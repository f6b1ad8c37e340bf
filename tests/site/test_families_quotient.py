"""The quotient familial: R14."""

from datetime import date
from decimal import Decimal

import frappe
import pytest
from frappe.utils import get_datetime, getdate, today

from concerto_education.authority import roles
from concerto_education.families import errors, service
from concerto_education.families.quotients import school_year_of
from tests.builders import family, quotient, user


def test_r14_a_family_without_quotient_gets_9999_for_the_school_year_and_is_told():
	doc = family()
	row = frappe.get_doc("Quotient", {"family": doc.name})
	assert (row.value, row.source) == (9999, "Unknown")
	assert (getdate(row.valid_from), getdate(row.valid_to)) == (
		school_year_of(getdate(today())).start,
		school_year_of(getdate(today())).end,
	)
	assert any("9999" in str(message) for message in frappe.get_message_log())


def test_r14_saving_again_adds_no_second_quotient():
	doc = family()
	doc.save()
	assert frappe.db.count("Quotient", {"family": doc.name}) == 1


@pytest.mark.parametrize("value", [-1, -0.01, "-5"])
def test_r14_a_negative_quotient_is_refused(value):
	with pytest.raises(errors.InvalidQuotient):
		quotient(family(), value)


@pytest.mark.parametrize("value", ["abc", "12,5 euros", "nan", "inf", None, ""])
def test_r14_a_quotient_that_is_no_number_is_refused(value):
	with pytest.raises(errors.InvalidQuotient):
		quotient(family(), value)


def test_r14_zero_is_a_quotient():
	assert quotient(family(), 0).value == 0


def test_r14_unknown_is_9999_and_9999_is_unknown():
	doc = family()
	assert quotient(doc, None, source="Unknown").value == 9999
	assert quotient(doc, 9999, source="MSA").source == "Unknown"
	with pytest.raises(errors.InvalidQuotient):
		quotient(doc, 500, source="Unknown")


def test_r14_default_span_is_the_school_year():
	row = quotient(family(), valid_from="2027-01-15")
	assert (str(row.valid_from), str(row.valid_to)) == ("2027-01-15", "2027-08-31")
	assert school_year_of(date(2026, 9, 1)).start == date(2026, 9, 1)
	assert school_year_of(date(2026, 8, 31)).start == date(2025, 9, 1)


def test_r14_the_end_is_not_before_the_start():
	assert quotient(family(), valid_from="2026-09-01", valid_to="2026-09-01").name
	with pytest.raises(errors.QuotientEndsBeforeStart):
		quotient(family(), valid_from="2026-09-02", valid_to="2026-09-01")


def test_r14_a_quotient_is_never_changed():
	row = quotient(family())
	row.value = 1
	with pytest.raises(errors.QuotientIsImmutable):
		row.save()
	with pytest.raises((errors.QuotientIsImmutable, frappe.ValidationError)):
		frappe.rename_doc("Quotient", row.name, "QF-0")


def test_r14_a_quotient_is_never_deleted():
	row = quotient(family())
	with pytest.raises(errors.QuotientIsKept):
		row.delete()


def test_r14_nobody_may_change_or_delete_one_whatever_the_controller_says():
	row = quotient(family())
	for role in (roles.SCHOOL_COORDINATOR, roles.SCHOOL_ADMINISTRATOR, roles.FINANCE_CLERK):
		account = user(role)
		assert frappe.has_permission("Quotient", "read", doc=row, user=account)
		assert not frappe.has_permission("Quotient", "write", doc=row, user=account)
		assert not frappe.has_permission("Quotient", "delete", doc=row, user=account)
	assert not [rule for rule in frappe.get_meta("Quotient").permissions if rule.delete]


def test_r14_who_opens_dossiers_adds_quotients_r10():
	doc = family()
	for role in (*roles.DOSSIER_CREATORS, roles.SCHOOL_ADMINISTRATOR):
		frappe.set_user(user(role))
		quotient(doc, 500)
		frappe.set_user("Administrator")
	frappe.set_user(user(roles.SERVICE_REFERENT))
	with pytest.raises(frappe.PermissionError):
		quotient(doc, 500)


def test_the_list_of_quotients_follows_the_familys_name():
	doc = family()
	doc.reload()
	doc.family_name = "Renommée"
	doc.save()
	assert frappe.db.get_value("Quotient", {"family": doc.name}, "family_name") == "RENOMMEE"


def test_r14_the_recording_time_is_the_servers():
	row = quotient(family(), recorded_at="2001-01-01 00:00:00")
	assert getdate(row.recorded_at) == getdate(today())


def test_r14_the_latest_recorded_holds_on_a_day():
	doc = family()
	quotient(doc, 400, valid_from="2026-09-01", valid_to="2027-08-31")
	quotient(doc, 340, valid_from="2027-01-01", valid_to="2027-08-31")
	history = service.quotient_histories([doc.name])[doc.name]
	assert history.on(date(2026, 12, 31)).value == Decimal(400)
	assert history.on(date(2027, 1, 1)).value == Decimal(340)


def test_r14_cents_survive_the_way_through_the_database():
	doc = family()
	quotient(doc, "349.99", valid_from="2026-09-01")
	assert service.quotient_histories([doc.name])[doc.name].on(date(2026, 9, 1)).value == Decimal("349.99")


def test_histories_of_many_families_take_one_query():
	names = [family().name for _ in range(3)]
	with count_queries() as counter:
		found = service.quotient_histories([*names, "DOS-none"])
	assert counter.count == 1
	assert set(found) == {*names, "DOS-none"}
	assert not found["DOS-none"].records


def test_r14_a_caller_that_takes_over_a_history_gives_its_times():
	doc = frappe.get_doc({"doctype": "Quotient", "family": family().name, "value": 1, "source": "MSA"})
	doc.flags.recorded_at = get_datetime("2026-08-20 09:00:00")
	assert doc.insert().recorded_at == get_datetime("2026-08-20 09:00:00")


class count_queries:
	"""Counts the statements that reach the database inside the block."""

	def __enter__(self):
		self.count = 0
		self._sql = frappe.db.sql

		def counting(*args, **kwargs):
			self.count += 1
			return self._sql(*args, **kwargs)

		frappe.db.sql = counting
		return self

	def __exit__(self, *error):
		frappe.db.sql = self._sql
