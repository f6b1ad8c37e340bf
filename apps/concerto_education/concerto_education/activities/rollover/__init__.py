"""The next school year in one step (R7): what goes over from one year to the next, shown before it is done.

| file | responsibility |
|---|---|
| `plan.py` | what would be made, what is left and why; reads only |
| `carry.py` | makes it; run again, it makes nothing twice |
| `job.py` | the background job, its progress, going on after a kill |
| `api.py` | what the page calls |

What has no end goes on by itself and is left alone. A plan is computed anew from what is recorded, so that a second
run finds what the first has made.
"""
