"""How long does a survey of all wheels take, from an empty cache and again?"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from compat import paths
from compat.bench.lines import Line, not_measured
from compat.contract import load_contract
from compat.survey import Scope, take_survey
from compat.surveying.cache import Cache
from compat.surveying.declarations import Sought
from compat.surveying.web import Web, WebError

if TYPE_CHECKING:
    from collections.abc import Iterator


def survey_lines() -> Iterator[Line]:
    """Yield a line for the cold survey and one for the warm, or why there is none."""
    sought = Sought.of(load_contract(paths.CONTRACT))
    with tempfile.TemporaryDirectory() as folder:
        for what in ("survey: cold, from an empty cache", "survey: warm"):
            web, begin = Web(), time.perf_counter()
            cache = Cache(folder=Path(folder), sought=sought.digest, again=False)
            try:
                survey = take_survey(web, sought, cache, scope=Scope())
            except WebError as error:
                yield not_measured(what, f"no index ({error})")
                return
            finally:
                web.close()
            taken = time.perf_counter() - begin
            cost = f"{taken:.3g} s, {web.received / 1e6:,.1f} MB"
            yield Line(what=f"{what}, {len(survey.releases)} releases", figure=cost)
