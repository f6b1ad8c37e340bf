"""Several children and several activities in one pass: "enrol the siblings in canteen and garderie" (R4, R25).

| file      | responsibility                                                                     |
|-----------|------------------------------------------------------------------------------------|
| offers.py | who may be enrolled where, and why not: by age, site, dates, category               |
| passes.py | one pass: what would be made, what is refused and why, then made all or what can be |

``activities/enrol_api.py`` holds the endpoints, ``public/js/enrolment`` the screen.
"""
