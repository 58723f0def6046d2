"""The survey: what an index and its wheels say, and what is still known when a server is no good."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat import survey_command as command
from compat.contract import load_contract
from compat.errors import ConfigurationError, ExitCode
from compat.survey import (
    FORMAT,
    Release,
    Scope,
    Survey,
    load_survey,
    read_index,
    take_survey,
    write_survey,
)
from compat.surveying.cache import Cache
from compat.surveying.declarations import Sought
from compat.surveying.web import Limits, Web, WebError
from tests.wheels import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOUGHT = Sought.of(load_contract(paths.CONTRACT))
QUICK = Limits(connect=2.0, silence=2.0, answer=0.5, slowest=1e9, pause=0.0)
LINUX = "manylinux1_x86_64"


@pytest.fixture
def served() -> Iterator[Served]:
    """An index without a file yet."""
    with serving() as index:
        yield index


def taken(served: Served, folder: Path, *, before: Survey | None = None, **scope: Any) -> Survey:
    cache = Cache(folder=folder / "cache", sought=SOUGHT.digest)
    web = Web(limits=QUICK)
    try:
        return take_survey(web, SOUGHT, cache, scope=Scope(index=served.url, **scope), before=before)
    finally:
        web.close()


def stocked(served: Served) -> None:
    for name, changes in {
        f"torch-2.10.0-cp311-cp311-{LINUX}.whl": {"upload-time": "2026-01-21T10:00:00Z", "size": 30},
        f"torch-2.6.0-cp39-cp39-{LINUX}.whl": {"upload-time": "2025-01-30T10:00:00Z", "size": 20},
        f"torch-2.6.0-cp310-cp310-{LINUX}.whl": {"upload-time": "2025-01-29T10:00:00Z", "size": 21},
        "torch-2.6.0-cp312-cp312-win_amd64.whl": {},
        "torch-2.6.0-cp313-cp313t-manylinux_2_28_x86_64.whl": {},
        f"torch-1.9.0-cp37-cp37m-{LINUX}.whl": {"upload-time": "2021-06-15", "size": 5, "yanked": "broken"},
        f"torch-1.8.1-cp39-cp39-{LINUX}.whl": {},
        f"torch-2.11.0rc1-cp311-cp311-{LINUX}.whl": {"upload-time": "2026-02-01", "size": 1},
        "torch-2.6.0.tar.gz": {},
    }.items():
        served.files[name] = b"nothing"
        served.entries[name] = changes


def brief(survey: Survey) -> list[tuple[str, str, tuple[str, ...], bool, int]]:
    return [(each.torch, each.date, each.pythons, each.yanked, each.bytes) for each in survey.releases]


FINAL = [
    ("1.9.0", "2021-06-15", ("3.7",), True, 5),
    ("2.6.0", "2025-01-29", ("3.9", "3.10"), False, 21),
    ("2.10.0", "2026-01-21", ("3.11",), False, 30),
]


def test_a_page_gives_releases_for_the_platform_in_order(served: Served) -> None:
    stocked(served)
    known = read_index(served.url, today=dt.date(2026, 11, 23))
    assert brief(known) == FINAL
    assert (known.format, known.date) == (FORMAT, "2026-11-23")
    assert known.releases[1].platforms == (LINUX, "win_amd64")
    assert known.find("2.6.0") == known.releases[1]
    assert known.find("2.6") is None
    pre = [each.torch for each in read_index(served.url, pre=True).releases]
    assert pre == ["1.9.0", "2.6.0", "2.10.0", "2.11.0rc1"]


def test_an_index_in_html_tells_the_same_but_dates_and_sizes(served: Served) -> None:
    stocked(served)
    served.html = True
    known = brief(read_index(served.url))
    assert known == [(torch, "", pythons, yanked, 0) for torch, _, pythons, yanked, _ in FINAL]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (b'{"files": []}', "lists no torch wheel for linux_x86_64"),
        (b'{"files": [{"filename": "x.whl"}]}', "no JSON simple API"),
        (b'{"files": ["x.whl"]}', "no JSON simple API"),
        (b'{"files": [', "no JSON simple API"),
        (b"[" * 100_000, "no JSON simple API"),
        (b"\x00\xff", "neither the JSON nor the HTML simple API"),
        (b"", "neither the JSON nor the HTML simple API"),
    ],
)
def test_a_page_that_is_no_index_is_refused(served: Served, page: bytes, says: str) -> None:
    served.page = page
    with pytest.raises(WebError, match=says) as caught:
        read_index(served.url, web=Web(limits=QUICK))
    assert caught.value.exit_code is ExitCode.INCONCLUSIVE


@pytest.mark.parametrize(("how", "says"), [("503", "answers 503"), ("404", "answers 404")])
def test_an_index_that_does_not_answer_is_named(served: Served, how: str, says: str) -> None:
    served.behave = {"/torch/": how}
    with pytest.raises(WebError, match=rf"cannot read the index at .*/simple/torch/.*{says}.*--index URL"):
        read_index(served.url, web=Web(limits=QUICK))


def test_a_wheel_tells_what_it_declares_by_a_few_ranges(served: Served, tmp_path: Path) -> None:
    name = served.offer("2.6.0")
    served.offer("2.6.0", tags="cp312-cp312-manylinux_2_28_x86_64")
    (release,) = taken(served, tmp_path).releases
    facts = release.wheel
    assert facts is not None
    assert (release.unread, facts.file, facts.cuda, facts.requires_python) == (None, name, "13.0", ">=3.9")
    assert facts.stub == (
        "def _foreach_norm(self: tuple[Tensor, ...] | list[Tensor], ord: Number = 2) -> tuple[Tensor, ...]",
    )
    assert facts.schemas == ("aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]",)
    assert facts.headers == ("_foreach_norm_ops.h",)
    assert facts.callers == ("nn/utils/clip_grad.py",)
    assert facts.requires == ("filelock", "sympy")
    assert facts.relatives["torch.nn.utils.get_total_norm"] is True
    assert facts.relatives["torch.foreach.norm"] is False
    assert facts.relatives["torch._foreach_powsum"] is False
    ranges = [asked for path, asked in served.asked if path.endswith(".whl")]
    assert 1 < len(ranges) < 6
    assert all(ranges)


def test_what_wheels_share_is_read_once(served: Served, tmp_path: Path) -> None:
    served.offer("2.6.0")
    served.offer("2.6.1", **{"clip_grad.py": "nothing here\n"})
    one, other = taken(served, tmp_path).releases
    assert one.wheel is not None
    assert other.wheel is not None
    assert one.wheel.stub == other.wheel.stub
    assert (one.wheel.callers, other.wheel.callers) == (("nn/utils/clip_grad.py",), ())


def test_a_second_survey_reads_the_page_alone(served: Served, tmp_path: Path) -> None:
    served.offer("2.6.0")
    first = taken(served, tmp_path)
    served.asked.clear()
    assert taken(served, tmp_path).releases == first.releases
    assert [path for path, _ in served.asked] == ["/simple/torch/"]


@pytest.mark.parametrize("damage", ["", "{", '{"facts": {}, "digest": ""}', None])
def test_a_damaged_cache_is_read_again(served: Served, tmp_path: Path, damage: str | None) -> None:
    served.offer("2.6.0")
    first = taken(served, tmp_path)
    (entry,) = (tmp_path / "cache").iterdir()
    text = entry.read_text(encoding="utf-8")
    entry.write_text(text.replace("13.0", "12.0") if damage is None else damage, encoding="utf-8")
    served.asked.clear()
    assert taken(served, tmp_path).releases == first.releases
    assert any(path.endswith(".whl") for path, _ in served.asked)


def test_another_file_of_the_same_name_is_read_again(served: Served, tmp_path: Path) -> None:
    served.offer("2.6.0")
    taken(served, tmp_path)
    served.offer("2.6.0", **{"version.py": "cuda = None\n"})
    (release,) = taken(served, tmp_path).releases
    assert release.wheel is not None
    assert release.wheel.cuda is None


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("whole", "ignores ranges and would send the whole file, which is not downloaded"),
        ("503", "answers 503"),
        ("404", "answers 404"),
        ("cut", ""),
        ("garbage", "no zip file, or a truncated one"),
        ("drips", "too slow"),
    ],
)
def test_a_bad_server_costs_one_release_and_says_why(
    served: Served, tmp_path: Path, how: str, says: str
) -> None:
    bad = served.offer("2.6.0")
    served.offer("2.7.0", **{"clip_grad.py": "another\n"})
    served.behave = {bad: how}
    first, second = taken(served, tmp_path).releases
    assert (first.wheel, second.unread) == (None, None)
    assert first.unread is not None
    assert says in first.unread
    assert second.wheel is not None
    sent = sum(path.endswith(bad) for path, _ in served.asked)
    assert sent <= 3


def test_a_passing_failure_is_tried_again(served: Served, tmp_path: Path) -> None:
    served.behave = {served.offer("2.6.0"): "503 once"}
    assert taken(served, tmp_path).releases[0].unread is None


def test_a_size_that_the_index_got_wrong_is_no_wheel(served: Served, tmp_path: Path) -> None:
    served.entries[served.offer("2.6.0")] = {"size": 77}
    assert "but the index says 77" in (taken(served, tmp_path).releases[0].unread or "")


def test_what_was_read_before_of_a_release_stays_known(served: Served, tmp_path: Path) -> None:
    name = served.offer("2.6.0")
    before = taken(served, tmp_path / "one")
    served.behave = {name: "503"}
    after = taken(served, tmp_path / "two", before=before)
    assert (after.releases[0].wheel, after.releases[0].unread) == (before.releases[0].wheel, None)


@pytest.mark.parametrize("platform", ["macosx_arm64", "win_amd64"])
def test_another_platform_has_wheels_of_its_own(served: Served, tmp_path: Path, platform: str) -> None:
    served.offer("2.6.0")
    served.offer("2.6.0", tags="cp311-none-macosx_11_0_arm64")
    served.offer("2.6.0", tags="cp311-cp311-win_amd64")
    (release,) = taken(served, tmp_path, platform=platform).releases
    assert release.wheel is not None
    assert release.wheel.file.endswith(f"{platform.rpartition('_')[2]}.whl")


@pytest.fixture
def run(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Take a survey as the command does."""
    monkeypatch.setattr(paths, "SURVEY_CACHE", tmp_path / "cache")
    monkeypatch.setattr(command, "Web", lambda: Web(limits=QUICK))

    def survey(*, again: bool = False) -> command.Taken:
        scope = Scope(index=served.url)
        bar = nullcontext(lambda _done, _all: None)
        return command.take_and_write(tmp_path / "survey.json", SOUGHT, scope=scope, again=again, bar=bar)

    return survey


def test_the_command_says_what_is_new_gone_yanked_and_unread(
    served: Served, run: Any, tmp_path: Path
) -> None:
    served.offer("2.6.0")
    first = run()
    assert first.told.startswith("1 release, of them new: 2.6.0; ")
    assert (first.remarks, first.incomplete) == ((), False)
    served.files.clear()
    served.behave = {served.offer("2.7.0"): "503"}
    served.entries = {served.offer("2.8.0"): {"yanked": "broken"}}
    second = run()
    assert "of them new: 2.7.0, 2.8.0" in second.told
    assert second.incomplete
    assert [
        each
        for word in ("2.6.0 is no longer", "2.8.0 is yanked", "2.7.0 could not be read")
        for each in second.remarks
        if word in each
    ] == list(second.remarks)
    assert [each.torch for each in load_survey(tmp_path / "survey.json").releases] == ["2.7.0", "2.8.0"]


def test_without_an_index_the_survey_on_file_stays(served: Served, run: Any, tmp_path: Path) -> None:
    served.offer("2.6.0")
    run()
    before = (tmp_path / "survey.json").read_bytes()
    served.behave = {"/torch/": "503"}
    with pytest.raises(WebError, match=r"What is known is the survey of .*, which stays"):
        run()
    assert (tmp_path / "survey.json").read_bytes() == before


def test_again_reads_every_wheel(served: Served, run: Any) -> None:
    served.offer("2.6.0")
    run()
    served.asked.clear()
    run(again=True)
    assert any(path.endswith(".whl") for path, _ in served.asked)


def test_a_survey_comes_back_from_its_file(served: Served, tmp_path: Path) -> None:
    served.offer("2.6.0")
    known = taken(served, tmp_path)
    write_survey(known, tmp_path / "reports" / "survey.json")
    assert load_survey(tmp_path / "reports" / "survey.json") == known


def test_the_survey_on_file_is_one() -> None:
    known = load_survey(paths.SURVEY)
    assert len(known.releases) >= 38
    assert all(each.wheel is not None for each in known.releases)


RELEASE = Release(torch="2.6.0", date="2025-01-29", pythons=("3.9",), yanked=False, bytes=1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a survey"),
        ("[]", "not a survey"),
        ('{"format": 1, "date": "2026-11-23", "releases": []}', "format 1, but this program reads format 2"),
        ('{"format": 99, "date": 3}', "format 99, but this program reads format 2"),
        ('{"format": 2, "date": "2026-11-23"}', "releases: Field required"),
        ('{"format": 2, "date": "x", "releases": [{}, {}]}', "and "),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_survey_says_how_to_renew_it(tmp_path: Path, text: str | None, says: str) -> None:
    path = tmp_path / "survey.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_survey(path)
    assert says in str(caught.value)
    assert "Write it anew with: python -m compat survey" in str(caught.value)


def test_equal_surveys_are_equal_bytes(tmp_path: Path) -> None:
    known = Survey(format=FORMAT, date="2026-11-23", releases=(RELEASE,))
    for name in "ab":
        write_survey(known, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert json.loads((tmp_path / "a").read_bytes())["releases"][0]["torch"] == "2.6.0"
