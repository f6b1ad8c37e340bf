"""Notes that are shown when a dossier opens, until each user has acknowledged them (R17)."""
