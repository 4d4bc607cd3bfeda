"""Climatology as a distribution: every month of a unit's own history, each as likely as the other."""

from __future__ import annotations

from .conflictology import ConflictologyFamily

__all__ = ["CLIMATOLOGY_SAMPLES"]

CLIMATOLOGY_SAMPLES = ConflictologyFamily("climatology", None)
