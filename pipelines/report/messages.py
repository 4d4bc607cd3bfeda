"""What the brief says, in English: ``locale/en.po``, which the other catalogues translate.

A message is a text with ``{fields}``, or a pair of texts (one, several) chosen by the field ``n``. The key is its
context, the English text its id: where that changes, a translation no longer counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.pofile import read_po

from ...models.probabilities.driver_words import AMOUNTS

if TYPE_CHECKING:
    from babel.messages import Catalog

__all__ = ["ENGLISH", "FOLDER", "read"]

#: Folder of the catalogues, a ``.po`` file a language.
FOLDER: Final = Path(__file__).parent / "locale"


def read(lang: str) -> Catalog:
    """Read the ``.po`` file of a language: the key of a message is its context, its English text the id."""
    with (FOLDER / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


#: English by key; how much of a driver there was is said by the models.
ENGLISH: Final[dict[str, str | tuple[str, ...]]] = {
    **{
        message.context: message.id if isinstance(message.id, str) else tuple(message.id)
        for message in read("en")
        if message.context
    },
    **{f"driver.{kind}.{amount}": words for kind, told in AMOUNTS.items() for amount, words in told.items()},
}
