"""What is a person told of what was found in the source?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compat.claims import Decision
from compat.report.text import counted, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compat.source.calls import Shape, Use
    from compat.source.checking import Checked, Finding

_WORDS = {
    Decision.REFUTED: "contradicted",
    Decision.INCONCLUSIVE: "not decided",
    Decision.SUPPORTED: "holds",
}
_LONG, _REASON = 160, 300


def told(checked: Checked, report: str) -> str:
    """Return a block for each finding that is not good news, and a line that counts all."""
    blocks = [
        _block(each)
        for decision in (Decision.REFUTED, Decision.INCONCLUSIVE)
        for each in checked.of(decision)
    ]
    counts = ", ".join(f"{len(checked.of(each))} {words}" for each, words in _WORDS.items())
    blocks += [printable(each) for each in checked.unreadable]
    return "\n\n".join([*blocks, f"{counted(checked.files, 'file')}, by {report}: {counts}"])


def _block(finding: Finding) -> str:
    judgement = finding.judgement
    records = f", {counted(judgement.records, 'record')}" if judgement.records else ""
    lines = [
        f"{finding.path}:{finding.line}: {_WORDS[judgement.decision]}: {finding.words or finding.sentence}",
        f"    it says   {shortened(finding.sentence, _LONG)}",
        f"    but       {shortened(judgement.because, _REASON)}",
        f"    evidence  {judgement.claim}{records}; see: compat explain {judgement.claim}"
        if judgement.records
        else f"    evidence  {judgement.claim}",
    ]
    return printable("\n".join(lines))


def as_json(checked: Checked) -> str:
    """Return the same for machines, the sentences that hold included."""
    content: dict[str, Any] = {
        "files": checked.files,
        "exit_code": int(checked.exit_code),
        "findings": [
            {
                "path": str(each.path),
                "line": each.line,
                "kind": each.kind,
                "sentence": each.sentence,
                "words": each.words,
                "decision": str(each.judgement.decision),
                "because": each.judgement.because,
                "claim": each.judgement.claim,
            }
            for each in checked.findings
        ],
        "unreadable": list(checked.unreadable),
    }
    return json.dumps(content, indent=2)


def told_uses(uses: Iterable[Use], measured: Mapping[Shape, tuple[str, ...]]) -> str:
    """Return a line for each use: where, how, and whether its shape was measured."""
    lines, calls, open_ = [], 0, 0
    for use in uses:
        lines.append(printable(f"{use.path}:{use.line}: {use.how}: {shortened(use.code, _LONG)}"))
        if use.shape is not None:
            calls += 1
            ids = measured.get(use.shape, ())
            open_ += not ids
            lines.append(f"    {use.shape.text}  {covered(use.shape, ids)}")
    total = f"{counted(calls, 'call')}, {open_} of a shape that was not measured"
    return "\n".join([*lines, total])


def covered(shape: Shape, ids: tuple[str, ...]) -> str:
    """Say which questions cover a shape."""
    if ids:
        return f"measured: {', '.join(ids[:3])}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}"  # noqa: PLR2004
    return "not measured: its arguments are not known here" if shape.starred else "not measured"


def uses_json(uses: Iterable[Use], measured: Mapping[Shape, tuple[str, ...]]) -> str:
    """Return the same for machines."""
    return json.dumps(
        [
            {
                "path": str(use.path),
                "line": use.line,
                "how": use.how,
                "code": use.code,
                "shape": use.shape.text if use.shape else None,
                "questions": list(measured.get(use.shape, ())) if use.shape else [],
            }
            for use in uses
        ],
        indent=2,
    )
