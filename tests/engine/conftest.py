"""The engine needs no site and no framework: its tests run from a plain checkout, in seconds."""

import sys
from pathlib import Path

from hypothesis import settings

APP = Path(__file__).resolve().parents[2] / "apps" / "concerto_education"
if str(APP) not in sys.path:
	sys.path.insert(0, str(APP))

# Timing of single examples says nothing on a busy machine; the number of examples is what counts.
settings.register_profile("engine", deadline=None, max_examples=100)
settings.load_profile("engine")
