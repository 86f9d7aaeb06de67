"""32 reviewers decide while a night publishes, on a real PostgreSQL: nothing is lost, nobody waits for ever."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from review.accounts.models import Account
from review.audit.chain import verify
from review.case_life.acting import act
from review.case_life.acting_on_many import act_on_many
from review.case_life.refusals import BusyError, ConflictError, NotNowError
from review.configure import configure
from review.models import AuditEntry, Case, CaseStep, Decision, Flag
from review.publishing import publish_night
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SECOND, SUMMARY, THIRD, empty_tables, flag, table
from tests.review.people import person

pytestmark = pytest.mark.slow
REVIEWERS = 32
CASES = 120
EACH = 12
Work = list[tuple[str, int]]


def decide(account: Account, work: Work) -> Counter[str]:
    """Decide each case as it was when everybody looked; what became of it."""
    came = Counter[str]()
    try:
        for case_no, version in work:
            try:
                with as_account(account):
                    act(account, case_no, "decide", {"outcome": "legitimate", "note": account.username}, version)
                came["decided"] += 1
            except ConflictError as told:
                came["told"] += 1 if told.changes else 0
    finally:
        connections.close_all()
    return came


def decide_together(account: Account, work: Work) -> Counter[str]:
    """The same, all in one act."""
    try:
        with as_account(account):
            result = act_on_many(account, work, "decide", {"outcome": "legitimate", "note": account.username})
    except BusyError:
        return Counter(told=len(work))
    finally:
        connections.close_all()
    assert all(isinstance(why, ConflictError | NotNowError) for why in result.refused.values())
    return Counter(decided=len(result.done), told=len(result.refused))


def publish() -> None:
    try:
        for night in (SECOND, THIRD):
            changed = (flag(f"H{n}", row=f"new in {night}") for n in range(CASES // 2))
            same = (flag(f"H{n}") for n in range(CASES // 2, CASES))
            publish_night(night, table(*changed, *same), SUMMARY)
    finally:
        connections.close_all()


@pytest.mark.parametrize("seed", range(2))
def test_32_reviewers_decide_while_nights_publish(postgresql_address: str, seed: int) -> None:
    configure(postgresql_address)
    empty_tables()
    publish_night(FIRST, table(*(flag(f"H{n}") for n in range(CASES))), SUMMARY)
    chance = random.Random(seed)  # noqa: S311
    seen = list(Case.objects.values_list("case_no", "version"))
    people = [person("county", username=f"reviewer-{n}") for n in range(REVIEWERS)]
    connection.close()
    with ThreadPoolExecutor(REVIEWERS + 1) as pool:
        night = pool.submit(publish)
        done = [
            pool.submit(decide_together if n % 8 == 0 else decide, account, chance.sample(seen, EACH))
            for n, account in enumerate(people)
        ]
        night.result(timeout=120)
        came = sum((one.result(timeout=120) for one in done), Counter[str]())
    assert came["decided"] + came["told"] == REVIEWERS * EACH
    # No update lost: every decision that was told as made is there, once a case and never two on one version.
    assert Decision.objects.count() == came["decided"] > 0
    assert CaseStep.objects.filter(action="decide").count() == came["decided"]
    assert AuditEntry.objects.filter(action="case.decide").count() == came["decided"]
    assert Decision.objects.values("case").distinct().count() == came["decided"]
    for case in Case.objects.filter(state="decided"):
        assert case.steps.get().actor == case.decisions.get().decided_by
    # The nights are there whole, and reopened nothing: what is decided and not closed is its people's.
    assert Flag.objects.filter(reason_zh__contains="new in").count() == CASES // 2
    assert AuditEntry.objects.filter(action="night.published").count() == 3
    assert not Case.objects.filter(state="reopened").exists()
    assert verify() is None
