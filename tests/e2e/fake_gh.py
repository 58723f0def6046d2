"""A stand-in for gh that keeps issues and pull requests in a file, and notes what it was asked."""

import json
import os
import sys
from pathlib import Path

STATE = Path(os.environ["FAKE_GH"])


def option(name: str) -> str:
    """Return what stands behind an option."""
    return sys.argv[sys.argv.index(name) + 1]


def main() -> None:
    """Answer one command."""
    state = json.loads(STATE.read_text()) if STATE.is_file() else {"issue": [], "pr": [], "said": []}
    kind, verb = sys.argv[1:3]
    if verb != "list":
        state["said"].append(f"{kind} {verb}")
    text = sys.stdin.read() if "--body-file" in sys.argv else ""
    if kind == "label":
        pass
    elif verb == "list":
        wanted = option("--json").split(",")
        status = option("--state").upper()
        print(json.dumps([{k: e[k] for k in wanted} for e in state[kind] if status in ("ALL", e["state"])]))
    elif verb == "create":
        number = len(state["issue"]) + len(state["pr"]) + 1
        state[kind].append(
            {
                "number": number,
                "title": option("--title"),
                "body": text,
                "state": "OPEN",
                "isCrossRepository": False,
            }
        )
        print(f"https://example.org/{kind}/{number}")
    else:
        entry = next(each for each in state[kind] if each["number"] == int(sys.argv[3]))
        entry |= {"title": option("--title"), "body": text} if verb == "edit" else {"state": "CLOSED"}
    STATE.write_text(json.dumps(state))


main()
