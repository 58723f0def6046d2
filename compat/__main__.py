"""``python -m compat``: the same as the installed command."""

from __future__ import annotations

import sys

from compat.cli import main

sys.exit(main())
