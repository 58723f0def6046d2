"""The monitor's tests run in whatever torch the interpreter has; without one, all are skipped."""

import warnings

import pytest

with warnings.catch_warnings():
    # Where numpy is missing torch says so as it is imported, and warnings are errors here.
    warnings.simplefilter("ignore")
    pytest.importorskip("torch")
