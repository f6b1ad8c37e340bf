"""The fictional *communauté de communes*: see README.md in this folder."""
