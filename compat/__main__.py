"""``python -m compat``: the same as the installed command."""

from __future__ import annotations

import gc
import sys

from compat.cli import main

gc.disable()  # what is read lives until the end, and looking for garbage among it takes as long as the rest
sys.exit(main())
