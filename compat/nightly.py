"""What does tonight's torch change? Measured like a row, held against copies of the accepted records."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.ci.merging import NAME
from compat.errors import CompatError, ConfigurationError, ExitCode
from compat.installs import NUMPY
from compat.probe.record import file_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from compat.matrix_run import Place

INDEX_VARIABLE = "COMPAT_NIGHTLY_INDEX"
"""Names the package index to take the nightly wheels from; there is none by default."""


class NightlyError(CompatError):
    """Tonight's torch could not be measured, which says nothing about it."""

    exit_code = ExitCode.INCONCLUSIVE


@dataclass(frozen=True, kw_only=True)
class Nightly:
    """Where one night's records lie: ``folder/records``, made anew."""

    folder: Path

    @property
    def records(self) -> Path:
        """The accepted records and tonight's."""
        return self.folder / "records"

    def measure(
        self,
        place: Place,
        index: str | None,
        *,
        accepted: Path,
        pins: Sequence[str],
        environment: Mapping[str, str],
    ) -> str:
        """Install the newest wheel of an index and measure it.

        Args:
            place: an empty environment.
            index: the index's URL.
            accepted: the folder of the records to hold it against.
            pins: what is installed beside every torch.
            environment: variables for uv.

        Returns:
            Tonight's version, as the record spells it.

        Raises:
            ConfigurationError: no index is named.
            NightlyError: nothing could be installed or measured.

        """
        if not index:
            raise ConfigurationError(
                f"{INDEX_VARIABLE} names no index of nightly wheels: set it to the URL that "
                "PyTorch's installation page gives for its preview builds (for CPU)."
            )
        shutil.rmtree(self.folder, ignore_errors=True)
        self.records.mkdir(parents=True)
        log, found = self.folder / "install.log", self.folder / "nightly.json"
        if place.install(("--index", index, "torch", *pins, NUMPY), environment, log) != 0:
            words = log.read_text(encoding="utf-8", errors="replace").strip() or "nothing"
            raise NightlyError(f"no nightly torch could be installed. uv said last:\n{words[-2000:]}")
        code = place.python(("-m", "compat.probe", "--out", str(found), "--wheels", "index"), environment)
        if not found.is_file():
            raise NightlyError(f"the probe ended with exit code {code} before it wrote its record")
        for path in accepted.glob("*.json"):
            if NAME.fullmatch(path.name):
                shutil.copyfile(path, self.records / path.name)
        content = json.loads(found.read_text(encoding="utf-8"))
        version = str(content["torch"])
        name = file_name(version, content["python"], content["device"])
        if (self.records / name).exists():
            raise NightlyError(f"the index gave torch {version}, which is released: no nightly was measured.")
        found.rename(self.records / name)
        return version
