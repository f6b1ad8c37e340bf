"""Fixtures of all tests; they live in tests/support, one file per thing they give.

tests/engine needs none of them: no site, no database, seconds.
"""

pytest_plugins = [
	"tests.support.site",
	"tests.support.meals",
	"tests.support.web",
	"tests.support.browser",
	"tests.support.billing",
	"tests.support.committed",
	"tests.support.pointage",
	"tests.support.tablets",
]
