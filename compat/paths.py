"""Where things lie, relative to the checkout; the only module that spells these names."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MATRIX = ROOT / "matrix.toml"
REPORTS = ROOT / "reports"
RECORDS = REPORTS / "records"
SURVEY = REPORTS / "survey.json"
SPEED = REPORTS / "speed"
SURVEY_CACHE = ROOT / ".nox" / "survey"
CONTRACTS = ROOT / "compat" / "contracts"
CONTRACT = CONTRACTS / "foreach_norm"
