"""Gradient norms of a host network and the seed that grows in it. Needs torch alone, 1.11.0 or newer."""

from monitor.errors import (
    FIRST_RELEASE,
    ForeachNormMissingError,
    NothingRegisteredError,
    UnsupportedLayoutError,
)
from monitor.health import GradientHealth, Thresholds
from monitor.monitor import GradientHealthMonitor, PendingGradientHealth

__all__ = [
    "FIRST_RELEASE",
    "ForeachNormMissingError",
    "GradientHealth",
    "GradientHealthMonitor",
    "NothingRegisteredError",
    "PendingGradientHealth",
    "Thresholds",
    "UnsupportedLayoutError",
]
