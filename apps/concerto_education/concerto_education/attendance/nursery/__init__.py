"""What children do in nurseries, and what is billed of it, each apart (R36, R37): see `hours.py`."""
