"""Nurseries (R36): the national scale (`scale.py`), contracts (`contracts.py`). What a child did and what is billed
is in `attendance/nursery/`."""
