"""Chinese texts by their sound: pinyin without tones, as names of files, fields and columns write it."""

import os
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

_NO_SOUND = re.compile(r"[^a-z0-9]+")


@cache
def _reader() -> Callable[..., list[str]]:
    """Loaded when something is to be read: most nights hold no name in pinyin, and its tables take 10 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # the table of phrases takes 46 MB, and longer than all else
    from pypinyin import lazy_pinyin

    def read(text: str, other: Any) -> list[str]:
        sounds: list[str] = lazy_pinyin(text, errors=other)
        return sounds

    return read


@lru_cache(maxsize=4_096)
def sounds_of(text: str) -> tuple[str, ...]:
    """The sound of each Chinese character; what is none is left out."""
    return tuple(sound.replace("ü", "v") for sound in _reader()(text, "ignore"))


@lru_cache(maxsize=4_096)
def all_sounds_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Of each Chinese character every sound that it may have."""
    _reader()
    from pypinyin import Style, pinyin

    found: Any = pinyin(text, Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(tuple(dict.fromkeys(sound.replace("ü", "v") for sound in sounds)) for sounds in found)


def spelled(text: str) -> str:
    """The text by its sound, as an identifier; what is no Chinese character stays, set off."""
    sounds = "".join(_reader()(text, lambda other: f"_{other}_"))
    return _NO_SOUND.sub("_", sounds.lower()).strip("_")
