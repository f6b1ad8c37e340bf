"""R12: under a second on 20,000 families, whatever was typed."""

from __future__ import annotations

import os

from tests.benchmark.search import measure


def test_r12_a_search_takes_less_than_a_second():
	figures = measure(int(os.environ.get("FAMILIES", "20000")))
	slow = {
		label: seconds for label, seconds in figures.items() if label.startswith("search ") and seconds >= 1
	}
	assert slow == {}
