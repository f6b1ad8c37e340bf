"""Who was expected and not ticked: the coordinator chooses A or AJ, for one child or a whole class (R30, R31)."""
