"""How a table is laid out in a text file: where its rows begin, and what each is made of."""

from dataclasses import dataclass

from pipelines.intake.separators import Separator

BY_COMMAS = Separator()


@dataclass(frozen=True)
class Layout:
    """Where the rows of a table begin, and how they are written."""

    cells: int
    """In each row."""
    named: int = 0
    """Of these, those the header has: each row ends with some more, and they are empty. 0 stands for all."""
    separator: Separator = BY_COMMAS
    first_line: int = 2
    """The number of the first line below the header."""

    @property
    def octet(self) -> bytes:
        """The byte at which cells are cut."""
        return self.separator.octet

    @property
    def columns(self) -> int:
        """How many cells of a row may hold something."""
        return self.named or self.cells
