"""Two nights, for all tests of past nights to read; and a copy of them, to change."""

from pathlib import Path

import pytest

from engines.lake import Lake
from schemas.catalogue import Catalogue, load_catalogue
from tests.pipelines.two_nights import Office, copied, two_nights


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return two_nights(tmp_path_factory)


@pytest.fixture
def office(original: Office, tmp_path: Path) -> Office:
    """A copy of the lake and the review, to change."""
    return copied(original, tmp_path / "office")


@pytest.fixture(scope="module")
def lake(original: Office) -> Lake:
    return original.lake


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()
