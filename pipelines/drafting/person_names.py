"""What may be a person's name: where in doubt, it is one, so that nobody's name stands in a draft."""

from schemas.header_words import header_words, pieces_of
from schemas.masks import COMPOUND_SURNAMES, NAME_DOTS
from schemas.shown_names import SURNAMES

LONGEST_NAME = 4


def may_be_a_name(text: str) -> bool:
    """Whether it is two to four characters that begin with a surname, or joined by a dot, and no words of headers."""
    if any(dot in text[1:-1] for dot in NAME_DOTS):
        return all(_is_han(sign) or sign in NAME_DOTS for sign in text)
    if not (2 <= len(text) <= LONGEST_NAME and all(map(_is_han, text))) or text in header_words():
        return False
    surname = text[0] in SURNAMES or text[:2] in COMPOUND_SURNAMES
    return surname and not all(piece.word for piece in pieces_of(text))


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or sign == "〇" or sign >= "\U00020000"
