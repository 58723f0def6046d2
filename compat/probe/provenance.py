"""Where a record comes from: the torch build, Python, the machine, and all else that was installed."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any


def of_torch(torch: Any, device: str) -> dict[str, Any]:
    """Return what the imported torch says of itself."""
    known = {
        "torch_version": str(torch.__version__),
        "git_version": getattr(torch.version, "git_version", None),
        "cuda": torch.version.cuda,
        "cpu_capability": _capability(torch),
        "threads": torch.get_num_threads(),
    }
    if device == "cuda":
        known["gpu"] = torch.cuda.get_device_name(0)
        known["gpu_capability"] = ".".join(str(part) for part in torch.cuda.get_device_capability(0))
    return known


def of_host() -> dict[str, Any]:
    """Return what is known without torch: interpreter, platform, processor and installed packages."""
    return {
        "python_version": platform.python_version(),
        "platform": f"{platform.system()}-{platform.machine()}",
        "libc": "-".join(platform.libc_ver()),
        "cpu": cpu(),
        "cpus": os.cpu_count(),
        "packages": packages(),
    }


def packages() -> dict[str, str]:
    """Return the version of every installed distribution, by name."""
    found = {}
    for distribution in metadata.distributions():
        name, version = distribution.metadata["Name"], distribution.version
        if name and version:  # what an interrupted installation leaves behind has neither
            found[name.lower().replace("_", "-")] = version
    return dict(sorted(found.items()))


def cpu() -> str | None:
    """Return the processor's model name, or None where the system does not tell."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or None
    for line in text.splitlines():
        if line.lower().startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or None


def _capability(torch: Any) -> str | None:
    backend = getattr(torch.backends, "cpu", None)
    ask = getattr(backend, "get_cpu_capability", None)
    return str(ask()) if ask is not None else None
