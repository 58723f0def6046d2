"""The only code that runs beside the measured torch (Python >= 3.9, standard library and torch).

``python -m compat.probe --out FILE`` writes one record. The process that a person starts
supervises and never imports torch; a worker process imports it and measures, so that a crash,
a hang or a lost import is an outcome in the record and not the end of it.
"""

from __future__ import annotations

from pathlib import Path

#: The checkout that this package lies in; the probe's processes run there, wherever they are started from.
ROOT = Path(__file__).resolve().parent.parent.parent
