"""The PyPI copy of Frappe: its wheel turned back into Frappe's own tree, and the build files the wheel lacks."""
