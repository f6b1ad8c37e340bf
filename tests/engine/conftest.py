"""The engine needs no site and no framework: its tests run from a plain checkout, in seconds."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from hypothesis import settings

if find_spec("concerto_education") is None:  # no bench set up: take the app from the tree
	sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "apps" / "concerto_education"))

# Timing of single examples says nothing on a busy machine; the number of examples is what counts. A developer's runs
# search at random; CI repeats the same examples, so that a commit is not refused for what an earlier one broke.
settings.register_profile("engine", deadline=None, max_examples=100, derandomize=bool(os.environ.get("CI")))
settings.load_profile("engine")
