"""Which files lie in a wheel on a server, and what do some of them hold, read by ranges alone?

A zip file ends with its directory. One range at the end, of a size that nearly always holds it, brings
the directory; members that lie near each other then come in one range. Each is held against the
directory's own checksum, so a truncated or mixed-up answer is noticed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from compat.surveying.web import WebError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compat.surveying.web import Web

END, END64 = 22, 56
"""Bytes of the record that ends a zip file without a comment, and of the one for files beyond 4 GiB."""
BEYOND = 0xFFFFFFFF
"""What stands in the former where the latter tells."""
MEMBER = b"PK\x03\x04"
HEADER = 30
"""Bytes of a member's own header, before its name and extra fields."""
SLACK = 512
"""Bytes for the name and the extra fields of a member, of which only its own header tells the length."""
GAP = 1 << 15
"""Bytes not asked for that cost less to read than another request."""
LONGEST = 8 << 20
"""Bytes of one range at most, so that a long stretch comes over several connections."""
GUESS_SHARE, GUESS_LEAST, GUESS_MOST = 400, 1 << 16, 2 << 20
LARGEST = 64 << 20
"""Bytes of a directory, and of an unpacked member, at most: more is no wheel that we know."""


class Member(NamedTuple):
    """One file in a wheel, as the directory tells it; small, for a wheel has ten thousand of them."""

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool

    @property
    def same(self) -> tuple[str, int, int]:
        """What members of several wheels share if they are the same file."""
        return self.name, self.size, self.crc


@dataclass(frozen=True, kw_only=True)
class RemoteZip:
    """A wheel on a server, with its directory."""

    url: str
    size: int
    start: int
    """Where the directory begins, and so the last member ends."""
    members: tuple[Member, ...]


def open_wheel(web: Web, url: str, size: int | None = None) -> RemoteZip:
    """Read the directory of a wheel.

    Args:
        web: fetches.
        url: where it lies.
        size: what the index says of its size, by which the first range is chosen.

    Raises:
        WebError: it could not be read, has another size, or is no zip file.

    """
    guess = min(max((size or 0) // GUESS_SHARE, GUESS_LEAST), GUESS_MOST)
    tail, whole = web.tail(url, guess)
    if size is not None and whole != size:
        raise WebError(f"{shown(url)}: it has {whole:,} bytes, but the index says {size:,}")
    start = _directory_start(url, tail, whole)
    if start < whole - len(tail):
        tail = web.range(url, start, whole - len(tail) - 1, whole) + tail
    try:
        with zipfile.ZipFile(_Tail(tail, whole)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError) as error:
        raise WebError(f"{shown(url)}: its directory is damaged ({error})") from error
    members = tuple(
        Member(
            name=entry.filename,
            offset=entry.header_offset,
            packed=entry.compress_size,
            size=entry.file_size,
            crc=entry.CRC,
            deflated=entry.compress_type == zipfile.ZIP_DEFLATED,
        )
        for entry in entries
        if entry.compress_type in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED) and not entry.flag_bits & 1
    )
    return RemoteZip(url=url, size=whole, start=start, members=members)


def ranges(wheel: RemoteZip, members: Iterable[Member]) -> list[tuple[int, int, list[Member]]]:
    """Return the ranges (first byte, end, members in them) that bring these members with few requests."""
    found: list[tuple[int, int, list[Member]]] = []
    for member in sorted(members, key=lambda each: each.offset):
        end = min(member.offset + HEADER + len(member.name) + SLACK + member.packed, wheel.start)
        if found:
            first, last, held = found[-1]
            if member.offset - last <= GAP and end - first <= LONGEST:
                held.append(member)
                found[-1] = first, max(last, end), held
                continue
        found.append((member.offset, end, [member]))
    return found


def read_range(
    web: Web, wheel: RemoteZip, first: int, end: int, members: Sequence[Member]
) -> Iterator[tuple[Member, bytes]]:
    """Fetch one range and yield its members with what they hold.

    Raises:
        WebError: it could not be fetched, or a member is damaged.

    """
    content = memoryview(web.range(wheel.url, first, end - 1, wheel.size))
    for member in members:
        yield member, _unpacked(wheel.url, member, content[member.offset - first :])


def _unpacked(url: str, member: Member, content: memoryview) -> bytes:
    damaged = f"{shown(url)}: {member.name} in it is damaged"
    try:
        signature, name, extra = struct.unpack("<4s22xHH", content[:HEADER])
        begin = HEADER + name + extra
        data = bytes(content[begin : begin + member.packed])
        whole = len(data) == member.packed
        if member.deflated:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, min(member.size, LARGEST) + 1)
    except (struct.error, zlib.error) as error:
        raise WebError(f"{damaged} ({error})") from error
    if signature != MEMBER or not whole:
        raise WebError(f"{damaged} (no member begins there)")
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise WebError(f"{damaged} (it does not fit its checksum)")
    return data


def _directory_start(url: str, tail: bytes, size: int) -> int:
    """Return where the directory begins, from the record at the end."""
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < END:
        raise WebError(f"{shown(url)}: it is no zip file, or a truncated one: its end is missing")
    length, start = map(int, struct.unpack("<12xLL2x", tail[place : place + END]))
    if BEYOND in (start, length):
        length, start = _zip64(url, tail, place)
    if not 0 <= start <= size - length or length > LARGEST:
        raise WebError(f"{shown(url)}: its directory lies where nothing can be")
    return start


def _zip64(url: str, tail: bytes, place: int) -> tuple[int, int]:
    """Return length and start of the directory of a zip file beyond 4 GiB."""
    locator = tail.rfind(b"PK\x06\x06", 0, place)
    if locator < 0 or place - locator < END64:
        raise WebError(f"{shown(url)}: it says that it is larger than 4 GiB, and does not tell where")
    length, start = map(int, struct.unpack("<40xQQ", tail[locator : locator + END64]))
    return length, start


class _Tail(io.RawIOBase):
    """A file of which only the end is at hand."""

    def __init__(self, tail: bytes, size: int) -> None:
        super().__init__()
        self._tail, self._size, self._place = tail, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning of the file")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        begin = self._place - (self._size - len(self._tail))
        if begin < 0:
            raise ValueError("it points outside of the directory")
        content = self._tail[begin : begin + len(view)]
        view[: len(content)] = content
        self._place += len(content)
        return len(content)
