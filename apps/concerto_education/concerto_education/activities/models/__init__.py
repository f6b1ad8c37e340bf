"""Activities made from ready models (R1).

| file | responsibility |
|---|---|
| `data/*.json` | the models that a new site starts with, one a file |
| `seed.py` | puts them in once; what an administrator changes or deletes stays so |
| `service.py` | from a model and the answers of the wizard to an Activity and its first tariffs |
| `wizard.py` | what the wizard's page calls |
"""
