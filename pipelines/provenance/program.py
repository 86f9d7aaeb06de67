"""Which program made a night: what another made does not stand when the night is run again."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("engines", "expectations", "matchers", "pipelines", "review", "rules", "schemas")
"""Whatever decides on a link, a flag or a case, or draws a page of a delivery, lies in these."""
KINDS = frozenset({".csv", ".j2", ".json", ".py", ".sql", ".txt", ".yaml"})
_ROOT = Path(__file__).parents[2]


@cache
def program_version(engine: str) -> str:
    """The hash (12 hex digits) of the program's text and of what runs its statements, with ``engine``."""
    told = sha256(f"{engine} duckdb {version('duckdb')}".encode())
    for package in PACKAGES:
        for file in sorted(path for path in (_ROOT / package).rglob("*") if path.suffix in KINDS):
            told.update(str(file.relative_to(_ROOT)).encode())
            told.update(file.read_bytes())
    return told.hexdigest()[:12]
