# ruff: noqa: INP001 - a script of its own, in no package
"""How many tests passed in all of this run's pytest sessions? One plain closing line over all of them."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def tally(folder: Path) -> tuple[int, int, int]:
    """Return how many tests passed, failed and were skipped, by the JUnit files in a folder."""
    passed = failed = skipped = 0
    for file in sorted(folder.glob("*.xml")):
        for suite in ET.parse(file).getroot().iter("testsuite"):  # noqa: S314 - written by our own pytest
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            left_out = int(suite.get("skipped", 0))
            passed += int(suite.get("tests", 0)) - bad - left_out
            failed += bad
            skipped += left_out
    return passed, failed, skipped


def main(folder: str) -> int:
    """Print the closing line; exit code 1 when a test failed or none ran."""
    passed, failed, skipped = tally(Path(folder))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
