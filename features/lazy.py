"""Names that a package offers, each imported from its module when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["offered"]


def offered(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package.

    Parameters
    ----------
    package
        Its ``__name__``.
    homes
        Module of each name, relative to the package.

    Returns
    -------
    A function that gives what a name stands for, and raises AttributeError with the names there are for any other.
    """

    def of_module(name: str) -> Any:
        if name in homes:
            return getattr(import_module(f".{homes[name]}", package), name)
        msg = f"module {package!r} has no attribute {name!r}; it has {', '.join(sorted(homes))}."
        raise AttributeError(msg, name=name)

    return of_module
