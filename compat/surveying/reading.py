"""Reads what the wheels of many releases declare, over many connections, each file that they share once.

First every wheel's directory is read; then every member that matters, from the first wheel that has it, near
ones in one range. Torch's patch releases share most of their Python files, which saves more than half.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from compat.surveying import declarations
from compat.surveying.facts import WheelFacts
from compat.surveying.remote_zip import open_wheel, ranges, read_range
from compat.surveying.web import WebError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future

    from compat.surveying.declarations import Looked, Sought
    from compat.surveying.remote_zip import Member, RemoteZip
    from compat.surveying.simple_index import IndexFile
    from compat.surveying.web import Web

_T = TypeVar("_T")

Key = tuple[str, int, int]
"""What members of several wheels share if they are the same file."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """What came of the wheels: their facts, or why there are none, by file name."""

    facts: Mapping[str, WheelFacts]
    unread: Mapping[str, str]


def read_wheels(
    web: Web, files: Sequence[IndexFile], sought: Sought, progress: Callable[[int, int], None]
) -> Read:
    """Read what each wheel declares.

    Args:
        web: fetches.
        files: the wheels.
        sought: what to look for.
        progress: called with how many steps are done, and how many there are.

    """
    unread: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=web.connections) as pool:
        try:
            opened: dict[str, RemoteZip] = {}
            jobs = {pool.submit(open_wheel, web, each.url, each.size): each.filename for each in files}
            for done, job in _finished(jobs):
                progress(done, 2 * len(jobs))
                try:
                    opened[jobs[job]] = job.result()
                except WebError as error:
                    unread[jobs[job]] = str(error)
            found, lost = _members(web, pool, opened, sought, progress)
        except BaseException:
            web.close()  # those that still read are refused, and the pool ends soon
            raise
    facts: dict[str, WheelFacts] = {}
    for file in files:
        if file.filename not in opened:
            continue
        try:
            facts[file.filename] = _facts(opened[file.filename], file, sought, found, lost)
        except WebError as error:
            unread[file.filename] = str(error)
    return Read(facts=facts, unread=unread)


def _members(
    web: Web,
    pool: ThreadPoolExecutor,
    opened: Mapping[str, RemoteZip],
    sought: Sought,
    progress: Callable[[int, int], None],
) -> tuple[dict[Key, bytes | Looked], dict[Key, str]]:
    """Read every member that matters once; return what each holds, and why some could not be read."""
    owned: dict[str, list[Member]] = defaultdict(list)
    seen: set[Key] = set()
    for name in sorted(opened):
        for member in opened[name].members:
            if _matters(member.name, sought) and member.same not in seen:
                seen.add(member.same)
                owned[name].append(member)
    found: dict[Key, bytes | Looked] = {}
    lost: dict[Key, str] = {}

    def fetch(wheel: RemoteZip, first: int, end: int, members: Sequence[Member]) -> dict[Key, bytes | Looked]:
        return {
            member.same: declarations.look(member.name, content, sought)
            if declarations.is_searched(member.name) and member.name != declarations.VERSION
            else content
            for member, content in read_range(web, wheel, first, end, members)
        }

    jobs = {
        pool.submit(fetch, opened[name], first, end, members): members
        for name, wanted in owned.items()
        for first, end, members in ranges(opened[name], wanted)
    }
    for done, job in _finished(jobs):
        progress(len(jobs) + done, 2 * len(jobs))
        try:
            found |= job.result()
        except WebError as error:
            lost |= {member.same: str(error) for member in jobs[job]}
    return found, lost


def _finished(jobs: Mapping[Future[_T], object]) -> Iterable[tuple[int, Future[_T]]]:
    """Yield jobs as they end, with how many have; short waits let an interruption through."""
    open_, done = set(jobs), 0
    while open_:
        ended, open_ = wait(open_, timeout=0.5, return_when=FIRST_COMPLETED)
        for job in ended:
            done += 1
            yield done, job


def _matters(name: str, sought: Sought) -> bool:
    return (
        declarations.is_searched(name)
        or name == sought.stub
        or _is_metadata(name)
        or sought.header.fullmatch(name) is not None
    )


def _is_metadata(name: str) -> bool:
    return name.endswith(".dist-info/METADATA") and name.count("/") == 1


def _facts(
    wheel: RemoteZip,
    file: IndexFile,
    sought: Sought,
    found: Mapping[Key, bytes | Looked],
    lost: Mapping[Key, str],
) -> WheelFacts:
    """Put together what one wheel declares; WebError where a part of it could not be read."""
    texts: dict[str, str] = {}
    looked: dict[str, Looked] = {}
    for member in wheel.members:
        if not _matters(member.name, sought):
            continue
        if member.same in lost:
            raise WebError(lost[member.same])
        content = found[member.same]
        if isinstance(content, bytes):
            texts[member.name] = content.decode("utf-8", errors="replace")
        else:
            looked[member.name] = content
    metadata = next((text for name, text in texts.items() if _is_metadata(name)), "")
    requires, requires_python = declarations.requirements(metadata)
    headers = sorted(name for name in texts if sought.header.fullmatch(name))
    stub = texts.get(sought.stub, "")
    return WheelFacts(
        file=file.filename,
        sha256=file.sha256,
        stub=declarations.signatures(stub, sought.name),
        schemas=tuple(sorted({each for name in headers for each in declarations.schemas(texts[name])})),
        headers=tuple(name.removeprefix(declarations.OPERATORS) for name in headers),
        callers=tuple(sorted(_inside(name) for name, each in looked.items() if each.calls)),
        mentions=tuple(sorted(_inside(name) for name, each in looked.items() if each.names)),
        relatives=_relatives(sought, looked, stub),
        searched=len(looked),
        cuda=declarations.build_facts(texts.get(declarations.VERSION, "")).get("cuda"),
        requires=requires,
        requires_python=requires_python or file.requires_python,
    )


def _inside(name: str) -> str:
    return name.removeprefix(declarations.PACKAGE)


def _relatives(sought: Sought, looked: Mapping[str, Looked], stub: str) -> dict[str, bool | None]:
    """Return whether each relative is declared; None where only running torch would tell."""
    found: dict[str, bool | None] = {}
    for relative in sought.relatives:
        modules = sought.modules_of(relative)
        if modules == (sought.stub,):
            found[relative] = bool(declarations.signatures(stub, relative.rpartition(".")[2]))
        elif any(relative in looked[each].binds for each in modules if each in looked):
            found[relative] = True
        else:
            unclear = any(relative in looked[each].unclear for each in modules if each in looked)
            found[relative] = None if unclear else False
    return found
