"""Measures what a private PyTorch function really promises, release by release.

Two floors live in this package: ``compat.probe`` runs beside the measured torch
(Python >= 3.9, standard library and torch only); everything else runs upstairs
(Python >= 3.11). This file is read on both floors and therefore imports nothing.
"""

__version__ = "0.1.0"
