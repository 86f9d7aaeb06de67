"""What a backfill knew, every ordinary night from then on knows too."""

from datetime import timedelta

import pytest

from pipelines.provenance.made_of import read_provenance
from pipelines.stages import Night, knowing_what_was_known
from tests.pipelines.two_nights import LATER, NEXT, NIGHT, Office

pytestmark = pytest.mark.slow


def known_by(office: Office, days: int) -> int:
    """By how many days after the first night a delivery must have come, so that an ordinary night knows of it."""
    day = NIGHT + timedelta(days=days)
    night = Night(day, office.inbox, office.lake, office.database_url, day)
    return (knowing_what_was_known(night).received_by - NIGHT).days


@pytest.mark.parametrize("told", [NIGHT, NEXT])
def test_a_night_knows_what_any_earlier_one_was_told_by_a_backfill(office: Office, told: object) -> None:
    assert [known_by(office, days) for days in (0, 1, 2)] == [0, 1, 2]
    known = read_provenance(office.lake, NIGHT if told == NIGHT else NEXT)
    known.model_copy(update={"known_by": LATER}).keep(office.lake)
    later = (LATER - NIGHT).days
    assert [known_by(office, days) for days in (0, 1, 2, later + 1)] == [
        later if told == NIGHT else 0,
        later,
        later,
        later + 1,
    ]
