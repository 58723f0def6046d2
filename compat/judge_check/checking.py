"""Does any damage pass for good news? Damages the sample's records one at a time and asks the judge.

What comes of each is one line of a table. The undamaged records come first: if the contract did not hold by
them, no damage could show.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat.errors import ConfigurationError, ExitCode
from compat.judge_check import answers, controls, files, numbers, sample
from compat.probe.record import file_name
from compat.records import Ledger
from compat.statuses import Status
from compat.verdict import judge_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compat.judge_check.damage import Damage
    from compat.verdict import Verdict

DAMAGES = (*files.DAMAGES, *controls.DAMAGES, *answers.DAMAGES, *numbers.DAMAGES)

Row = tuple[str, str, str]
"""torch, Python, device."""

DAMAGED: Row = (sample.NEWEST, "3.9", "cpu")
"""The row whose record is damaged, unless another is asked for."""

UNDAMAGED = "undamaged"
REFUSED = "refused"
"""The status of a row where the judge would not read the records at all."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the judge said of one damage."""

    name: str
    family: str
    good: bool
    code: ExitCode
    status: str
    why: str

    @property
    def line(self) -> str:
        """One line of the table."""
        good = "yes" if self.good else "NO"
        return f"{self.name:44} {self.family:12} {good:5}{int(self.code):<5}{self.status:13} {self.why:.119}"


HEADING = f"{'planted into records':44} {'family':12} {'good':5}{'exit':5}{'status':13} why"


def check_judge(damages: Iterable[Damage] = DAMAGES, row: Row = DAMAGED) -> Iterator[Judged]:
    """Yield what the judge says of the undamaged records, then, if they hold, of each damage to one row's."""
    undamaged = judged(None, row)
    yield undamaged
    for damage in damages if undamaged.good else ():
        if damage.only_on in (None, row[2]):
            yield judged(damage, row)


def judged(damage: Damage | None, row: Row = DAMAGED) -> Judged:
    """Damage one row's record, or none, and judge the records as `python -m compat verdict` would."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample.write(folder, sample.records())
        if damage is not None:
            damage.do(folder / file_name(*row))
        try:
            ledger = Ledger.read(folder, digests=sample.DIGESTS)
        except ConfigurationError as error:
            code, status, told = error.exit_code, REFUSED, [str(error).replace(f"{folder}/", "")]
        else:
            verdict = judge_all(sample.contract(), ledger, sample.PLANNED, sample.INDEX)
            code, (status, *told) = verdict.exit_code, _told(verdict, row)
    if damage is None:
        good = code is ExitCode.HOLDS and status == Status.COMPATIBLE
        return Judged(name=UNDAMAGED, family="", good=good, code=code, status=status, why=told[0])
    reasons = [each for each in told if damage.says in each]
    harmless = code is ExitCode.HOLDS and not damage.is_caveat
    good = bool(reasons) and not harmless and (status != Status.COMPATIBLE or code is not ExitCode.HOLDS)
    why = next(iter(reasons), f"nothing says {damage.says!r}: {told[0]}")
    return Judged(name=damage.name, family=damage.family, good=good, code=code, status=status, why=why)


def _told(verdict: Verdict, row: Row) -> tuple[str, ...]:
    """Return the row's status, its reason, and all the other reasons that a report gives."""
    place = next(each for each in verdict.releases if (each.torch, each.python, each.device) == row)
    others = (each.why for each in verdict.releases if each is not place)
    claims = (f"{each.id} {each.verdict}: {each.because}" for each in verdict.claims)
    details = (detail for each in verdict.claims for detail in each.details)
    return (place.status, place.why, verdict.sentence, *claims, *details, *others)
