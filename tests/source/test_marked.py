"""A marked note is replaced, and nothing else of its file."""

from __future__ import annotations

import pytest

from compat.errors import ConfigurationError
from compat.source.marked import BEGIN, END, marked_blocks, with_note

NOTE = "# NOTE: one\n#   two"


@pytest.mark.parametrize(
    ("text", "renewed"),
    [
        (f"a\n{BEGIN}\n{END}\nb", f"a\n{BEGIN}\n# NOTE: one\n#   two\n{END}\nb"),
        (f"{BEGIN}\n# old\n{END}\n", f"{BEGIN}\n# NOTE: one\n#   two\n{END}\n"),
        (f"\t{BEGIN}\r\n\tx\r\n\t{END}\r\n", f"\t{BEGIN}\r\n\t# NOTE: one\r\n\t#   two\r\n\t{END}\r\n"),
        (f"a\f\n{BEGIN}\n{END}", f"a\f\n{BEGIN}\n# NOTE: one\n#   two\n{END}"),
        (
            f"{BEGIN}\n{END}\n  {BEGIN}\n  {END}\n",
            f"{BEGIN}\n# NOTE: one\n#   two\n{END}\n  {BEGIN}\n  # NOTE: one\n  #   two\n  {END}\n",
        ),
    ],
)
def test_the_note_stands_between_its_marks(text: str, renewed: str) -> None:
    assert with_note(text, NOTE, "x.py") == renewed
    assert with_note(renewed, NOTE, "x.py") == renewed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "x.py: no marked note. Put these two lines"),
        (f"{BEGIN}\n", "x.py:1: a marked note begins here and never ends"),
        (f"a\n{END}\n", "x.py:2: a marked note ends, and never began"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", "x.py:2: a marked note begins again before it ends"),
    ],
)
def test_marks_that_do_not_pair_are_told_with_their_line(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        with_note(text, NOTE, "x.py")
    assert says in str(caught.value)


def test_the_mark_within_code_is_none() -> None:
    assert marked_blocks(f'x = "{BEGIN}"\n', "x.py") == ()
