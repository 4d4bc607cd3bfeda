"""Message catalogues: a ``.po`` file a language under ``locale/``, English being what the others translate."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale

from ...features.errors import UnknownNameError
from .messages import ENGLISH, FOLDER, read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FEATURE", "LANGUAGES", "MISSION", "REGION", "Catalogue", "catalogue", "read"]

#: Languages of the brief.
LANGUAGES = ("en", *sorted({file.stem for file in FOLDER.glob("*.po")} - {"en"}))
#: Context of the words for features, which are the data's and not the interface's; their kind follows.
FEATURE = "feature."
#: Context of the name of a region, where a language has one of its own; its code follows.
REGION = "region."
#: Context of the name of a mission, where a language has an official one of its own.
MISSION = "mission"
#: English as it is written where day comes before month and lists have no last comma.
_LOCALES = {"en": Locale("en", "GB")}

#: Spaces that French has inside quotation marks and before signs of two parts, where no line may end.
_FRENCH_SPACE = re.compile(r"(?<=«) | (?=[:;!?%»])")


@dataclass(frozen=True)
class Catalogue:
    """What the brief says in a language.

    Attributes
    ----------
    lang
        ISO 639-1.
    locale
        How it writes numbers, dates and lists.
    messages
        By key, a text with ``{fields}`` or its plural forms (one, several).
    features
        What the scores' drivers tell of, by kind and English words.
    regions
        Names of regions by their codes, where they are others than the data's.
    missions
        Names of missions by the data's, likewise.
    """

    lang: str
    locale: Locale
    messages: Mapping[str, str | tuple[str, ...]]
    features: Mapping[tuple[str, str], str]
    regions: Mapping[str, str]
    missions: Mapping[str, str]


def spaced(lang: str, text: str) -> str:
    """Keep a sign with its word, as a language writes it.

    Examples
    --------
    >>> spaced("fr", "« oui » : 90 %").replace(chr(160), "~")
    '«~oui~»~: 90~%'
    """
    return _FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", text) if lang == "fr" else text


@functools.cache
def catalogue(lang: str) -> Catalogue:
    """Give what the brief says in a language; what a catalogue does not translate is said in English.

    Raises
    ------
    UnknownNameError
        If there is no catalogue for it.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    if lang == "en":
        return Catalogue(lang, _LOCALES["en"], ENGLISH, {}, {}, {})
    messages: dict[str, str | tuple[str, ...]] = dict(ENGLISH)
    features: dict[tuple[str, str], str] = {}
    regions: dict[str, str] = {}
    missions: dict[str, str] = {}
    for message in read(lang):
        english = message.id if isinstance(message.id, str) else tuple(message.id)
        said = message.string if isinstance(message.string, str) else tuple(message.string or ())
        context = message.context or ""
        if context.startswith(FEATURE) and isinstance(english, str) and isinstance(said, str):
            features[context.removeprefix(FEATURE), english] = said
        elif context.startswith(REGION) and isinstance(said, str):
            regions[context.removeprefix(REGION)] = said
        elif context == MISSION and isinstance(english, str) and isinstance(said, str):
            missions[english] = said
        elif (
            message.context
            and all((said,) if isinstance(said, str) else said)
            and ENGLISH.get(message.context) == english
        ):
            kept = [spaced(lang, form) for form in ((said,) if isinstance(said, str) else said)]
            messages[message.context] = kept[0] if isinstance(said, str) else tuple(kept)
    return Catalogue(lang, Locale.parse(lang), messages, features, regions, missions)
