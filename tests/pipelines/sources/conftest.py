"""An inbox and a lake that sources are pulled into, and servers on this machine that a department might have."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engines.lake import Lake
from pipelines.intake.inbox import find_deliveries
from pipelines.sources.access import FROM_ENVIRONMENT
from pipelines.sources.declaration import Source
from pipelines.sources.pull import Again, pull
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED
from tests.pipelines.sources.servers import SftpPlace, WebPlace, sftp_server, web_server


class Exchange:
    """A lake, an inbox, and a source that is pulled into it."""

    def __init__(self, folder: Path, contract: Contract) -> None:
        self.contract, self.inbox, self.lake = contract, folder / "inbox", Lake(folder / "lake")

    def pull(self, source: Source, night: date = DELIVERED, again: Again | None = None) -> list[Path]:
        return pull(self.contract, source, self.inbox, self.lake, night, FROM_ENVIRONMENT, again)

    @property
    def waiting(self) -> list[str]:
        found, misnamed = find_deliveries(self.inbox, [self.contract], delivered_by=date.max, received_by=date.max)
        assert misnamed == []
        return [file.source.removeprefix("finance/payment/") for file in found]


@pytest.fixture
def exchange(tmp_path: Path, contract: Contract) -> Exchange:
    return Exchange(tmp_path, contract)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.retries.LONGEST_PAUSE", 0.0)
    monkeypatch.setattr("pipelines.sources.pull.LOOK_AGAIN_AFTER", 0.01)


@pytest.fixture
def web() -> Iterator[WebPlace]:
    with web_server() as place:
        yield place


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SftpPlace]:
    with sftp_server(tmp_path) as place:
        yield place
