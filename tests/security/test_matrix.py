"""docs/permissions.md is what the app grants: nothing is reachable that has no row there (R6–R10).

A difference is a change of somebody's rights. If it is meant, `make matrix` writes the tables anew; the diff is
reviewed like code.
"""

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.permissions import SITE_FIELD
from tests.security.matrix import attempts, current, inventory, table, world

# Methods that answer visitors who are not signed in. Whoever adds one says here why it must be open.
GUEST_METHODS: dict[str, str] = {}
KINDS = ("Report", "Page", "Workspace")


def compare(now: table.Table, writes: bool) -> None:
	if writes:
		table.write([now])
		return
	before = table.read(now.title, now.extra)
	assert sorted(before.rows) == sorted(now.rows), "a row is missing or too many: see the head of this file"
	for name in now.rows:
		assert before.rows[name] == now.rows[name], name


@pytest.fixture(scope="module")
def writes(request):
	return request.config.getoption("--write-matrix")


def test_every_doctype_has_a_row_with_its_rights(writes):
	compare(current.records(), writes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_page_and_workspace_has_a_row_with_its_roles(kind, writes):
	compare(current.reached(kind), writes)


@pytest.mark.parametrize("kind", KINDS)
def test_no_screen_is_open_to_everybody(kind):
	assert [name for name, held in inventory.reached_by_roles(kind).items() if not held] == []


def test_every_method_lets_in_whom_the_matrix_says(writes):
	"""Each is called as each role at the own and at another site, and undone."""
	compare(attempts.methods(world.build()), writes)


def test_visitors_reach_reviewed_methods_only():
	assert {method.name for method in inventory.methods() if method.guest} == set(GUEST_METHODS)


def test_no_right_is_given_to_roles_outside_the_matrix():
	known = {*inventory.COLUMNS}
	for doctype in inventory.doctypes():
		assert set(inventory.rights(doctype)) <= known, doctype
	for kind in KINDS:
		for name, held in inventory.reached_by_roles(kind).items():
			assert held <= known, name


def test_families_are_granted_no_doctype():
	"""The portal gives explicit fields of what is the family's own; the role itself reads nothing (R3)."""
	assert not any(roles.FAMILY in inventory.rights(doctype) for doctype in inventory.doctypes())


def test_what_belongs_to_a_site_is_narrowed_by_it():
	"""A DocType with a link to Site is scoped, or known to be common to all sites."""
	common = {"Tariff", "Charge"}  # prices are public, charges are for finance
	for doctype in inventory.doctypes():
		meta = frappe.get_meta(doctype)
		if meta.issingle or doctype in SITE_FIELD or doctype in common:
			continue
		assert not meta.has_field("site"), doctype


def test_whoever_is_let_into_a_report_may_also_run_it():
	"""The framework asks for the right “report” on the report's DocType besides the report's own roles."""
	for name, held in inventory.reached_by_roles("Report").items():
		doctype = frappe.db.get_value("Report", name, "ref_doctype")
		may = {role for role, letters in inventory.rights(doctype).items() if "l" in letters.split(" ")[0]}
		assert held <= may, f"{name} on {doctype}: {sorted(held - may)}"
