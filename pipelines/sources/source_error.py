"""What keeps a source from being read, for the person who must act."""


class SourceError(RuntimeError):
    """A source could not be read: what is wrong, and what to do.

    Neither holds an address, a password or anything about a person: what drivers and servers say is not repeated.
    """

    def __init__(self, problem: str, fix: str, subject: str = "") -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{subject}{': ' if subject else ''}{problem}: {fix}")

    def of(self, subject: str) -> "SourceError":
        """The same, said of ``subject``."""
        return SourceError(self.problem, self.fix, subject)
