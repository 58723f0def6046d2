"""The judge is checked as well: damage done to records on disk must never pass for good news.

``sample`` holds records of which the judge must say that the contract holds; ``damage`` is a list of ways
of damaging them, one at a time; ``checking`` does so and asks the judge again.
"""
