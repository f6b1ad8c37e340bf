"""Each rule of config/lint finds what it is for, and nothing else."""

from pathlib import PurePosixPath

import pytest

from config.lint.__main__ import check
from config.lint.finding import Source


def codes(path: str, text: str) -> list[str]:
	return [finding.code for finding in check(Source(path, PurePosixPath(path), text))]


@pytest.mark.parametrize(
	("path", "text"),
	[
		("families/service.py", "from concerto_education.billing import service"),
		("families/service.py", "import concerto_education.activities.service"),
		("families/service.py", "from concerto_education import billing"),
		("families/service.py", "from ..billing import service"),
		(
			"families/doctype/family/family.py",
			"def f():\n\tfrom concerto_education.billing.runs import start",
		),
		("engine/money.py", "from concerto_education.families import quotient"),
	],
)
def test_C1_imports_against_the_direction(path, text):
	assert codes(path, text) == ["C1"]


@pytest.mark.parametrize(
	("path", "text"),
	[
		("billing/service.py", "from concerto_education.families import service"),
		("billing/service.py", "from concerto_education.engine.money import Money"),
		("billing/service.py", "from . import runs"),
		("hooks.py", "from concerto_education.billing import service"),
		("families/service.py", "from concerto_education import permissions"),
	],
)
def test_C1_allows_imports_in_the_direction(path, text):
	assert codes(path, text) == []


@pytest.mark.parametrize(
	"text", ["import frappe", "from frappe.utils import getdate", "x = float('1.10')", "flt(x)"]
)
def test_C2_engine_without_framework_and_floats(text):
	assert codes("engine/pricing.py", text) == ["C2"]
	assert codes("billing/service.py", text) == []


ENDPOINT = "@frappe.whitelist({options})\ndef f({arguments}):\n\t{body}\n"


@pytest.mark.parametrize(
	("options", "arguments", "body", "found"),
	[
		("", "name: str", "return name", []),
		("", "name", "return name", ["C3"]),
		("", "name: str", "doc.save()", ["C3"]),
		('methods=["GET", "POST"]', "name: str", "frappe.db.set_value(name)", ["C3"]),
		('methods=["POST"]', "name: str", "doc.save()", []),
		('methods=["POST"]', "self", "self.submit()", []),
	],
)
def test_C3_what_the_web_can_call(options, arguments, body, found):
	assert codes("billing/api.py", ENDPOINT.format(options=options, arguments=arguments, body=body)) == found


@pytest.mark.parametrize(
	("text", "found"),
	[
		("doc.insert(ignore_permissions=True)", ["C4"]),
		("doc.flags.ignore_permissions = True", ["C4"]),
		("doc.insert(ignore_permissions=False)", []),
		("doc.insert(ignore_permissions=True)  # nobody is logged in while the app installs", []),
		("# nobody is logged in while the app installs\ndoc.insert(ignore_permissions=True)", []),
		("# the lock of the server, which qb cannot name\nfrappe.db.sql('select 1')", []),
		("frappe.db.sql('select 1')", ["C4"]),
		("# why\nfrappe.db.sql(f'select {x}')", ["C4"]),
		("# why\nfrappe.db.sql('select %s' % x)", ["C4"]),
		("# open to visitors\n@frappe.whitelist(allow_guest=True)\ndef f():\n\treturn 1", []),
		("@frappe.whitelist(allow_guest=True)\ndef f():\n\treturn 1", ["C4"]),
	],
)
def test_C4_a_guard_is_switched_off_with_a_reason(text, found):
	assert codes("billing/service.py", text) == found


@pytest.mark.parametrize(
	("text", "found"),
	[
		('_(f"{x} is missing")', ["C5"]),
		('_("{0} is missing".format(x))', ["C5"]),
		('_("missing: " + x)', ["C5"]),
		('_("%s is missing" % x)', ["C5"]),
		('_("{0} is missing").format(x)', []),
		("_(doc.status)", []),
	],
)
def test_C5_translated_texts_are_plain(text, found):
	assert codes("billing/service.py", text) == found


@pytest.mark.parametrize(
	("text", "found"),
	[
		("__(`${x} is missing`)", ["C5"]),
		('__("missing: " + x)', ["C5"]),
		('__("{0} is missing", [x])', []),
		("__(`plain`)", []),
		("console.log(x)", ["C7"]),
	],
)
def test_C5_C7_javascript(text, found):
	assert codes("public/js/desk.js", text) == found


def test_C6_length():
	assert codes("billing/service.py", "x = 1\n" * 400) == []
	assert codes("billing/service.py", "x = 1\n" * 401) == ["C6"]
	assert codes("demo/data/names.py", "x = 1\n" * 401) == []


@pytest.mark.parametrize(
	("text", "found"),
	[
		('doc_events = {"Site": {"validate": "a.b"}, "Site": {"on_update": "c.d"}}', ["C8"]),
		('doc_events = {"Site": {"validate": "a.b", "validate": "c.d"}}', ["C8"]),
		('scheduler_events = {"cron": {"0 4 * * *": ["a"], "0 5 * * *": ["b"], "0 4 * * *": ["c"]}}', ["C8"]),
		('_A = "a."\ndoc_events = {_A: 1, _A: 2}', ["C8"]),
		('after_install = "a.b"\nx = 1\nafter_install = "c.d"', ["C8"]),
		('doc_events = {"Site": {"validate": "a.b"}, "Family": {"validate": "a.b"}}', []),
		('a = {"x": 1, **b, **c}', []),
	],
)
def test_C8_equal_keys_of_hooks_hide_each_other(text, found):
	assert codes("hooks.py", text) == found


def test_C8_says_where_the_hidden_one_is():
	text = 'doc_events = {\n\t"Site": 1,\n\t"Site": 2,\n}'
	source = Source("hooks.py", PurePosixPath("hooks.py"), text)
	(finding,) = check(source)
	assert (finding.line, "line 2" in finding.message) == (3, True)
