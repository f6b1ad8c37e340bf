"""Health of children and of adults who eat: once per person, for every activity, read only by who needs it (R23).

| file | what |
|---|---|
| `allergens.py` | the words: the 14 allergens, severities |
| `checks.py` | what a health record completes by itself, and what it refuses |
| `service.py` | what other rooms ask: marks of many persons on a day, counts for the kitchen |
| `view.py`, `api.py` | the health tab of persons and dossiers |
| `lists.py` | marks on the lists and tablets of those who receive the children |
| `access_log.py` | who read whose health: every reading is recorded, nothing of it is changed |
| `rights.py`, `files.py` | whose health one may read; documents stay private |
| `unite.py` | two persons become one |
"""
