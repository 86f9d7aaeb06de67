"""The report on even-handedness: whom a night flags, how often people confirm it, and whom the control sample draws.

Read in the report alone. No rule sees what is read here: it is asked for after the flags are published, in one query
that leaves nothing behind.
"""
