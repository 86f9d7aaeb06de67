"""What a night's publication does, and that its order and repetition do not matter."""

import itertools
import random
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection

from review.models import AuditEntry, Case, Evidence, Flag, Night
from review.publishing import PublishCounts, publish_night
from review.staging import FlagsError
from tests.review.made_nights import FIRST, FOURTH, SECOND, SUMMARY, THIRD, empty_tables, everything, flag, table

pytestmark = pytest.mark.usefixtures("database")


def publish(night: date, *flags: dict[str, Any]) -> PublishCounts:
    return publish_night(night, table(*flags), SUMMARY)


def counts(**other: int) -> PublishCounts:
    nothing = dict.fromkeys(("opened", "new", "seen_again", "changed", "cleared", "reopened"), 0)
    return PublishCounts(**(nothing | other))


def known(household: str, record: str = "1") -> Flag:
    return Flag.objects.get(pk=flag(household, record)["flag_id"])


def test_a_first_night_opens_a_case_a_household() -> None:
    assert publish(FIRST, flag("H1", "1"), flag("H1", "2"), flag("H2", "3")) == counts(opened=2, new=3)
    assert list(Case.objects.order_by("pk").values_list("case_no", "household_id", "state", "opened_night")) == [
        ("2020-520102-000001", "H1", "opened", FIRST),
        ("2020-520102-000002", "H2", "opened", FIRST),
    ]
    night = Night.objects.get()
    assert night.versions == SUMMARY["versions"]
    assert night.types == SUMMARY["types"]
    assert night.counts["linked"] == 12
    assert night.counts["publication"]["new"] == 3


def test_a_flag_keeps_every_value_it_came_with() -> None:
    sent = flag("H1", period="2020-09", severity=3)
    publish(FIRST, sent)
    kept = dict(Flag.objects.values().get())
    for name in kept.keys() & sent.keys():
        assert kept[name] == sent[name], name
    assert Case.objects.get().head_name == sent["head_name"]


def test_what_is_not_known_is_blank() -> None:
    publish(FIRST, flag("H1", member_id=None, member_name=None, member_id_number=None, amount=None))
    kept = Flag.objects.get()
    assert (kept.member_id, kept.member_name, kept.member_id_number, kept.period) == ("", "", "", "")
    assert kept.amount is None


def test_evidence_keeps_its_place_and_values() -> None:
    publish(FIRST, flag("H1"))
    record = Evidence.objects.values().get()
    assert (record["position"], record["type"], record["role"], record["row_key"]) == (
        0,
        "motor_vehicle",
        "owner",
        "1|02",
    )
    assert (record["delivery_id"], record["delivery_date"], record["row_number"]) == ("d1", date(2020, 10, 28), 7)
    assert record["facts"] == {"brand": "五菱", "plate_number": "贵A·***45"}


def test_case_numbers_run_on_by_county_and_year() -> None:
    publish(FIRST, flag("H1"), flag("H2", division="520103001001"))
    publish(SECOND, flag("H3"), flag("H2", division="520103001001"))
    publish(date(2021, 1, 1), flag("H4"))
    assert dict(Case.objects.values_list("household_id", "case_no")) == {
        "H1": "2020-520102-000001",
        "H2": "2020-520103-000001",
        "H3": "2020-520102-000002",
        "H4": "2021-520102-000001",
    }


def test_the_same_night_twice_changes_nothing_at_all() -> None:
    flags = [flag("H1", "1"), flag("H1", "2"), flag("H2")]
    publish(FIRST, flags[0], flag("H9"))
    publish(SECOND, *flags)
    before = everything()
    for night, again in ((SECOND, flags), (SECOND, flags[::-1]), (FIRST, [flags[0], flag("H9")])):
        assert publish(night, *again) == counts(seen_again=len(again))
        assert everything() == before


def test_a_night_streamed_in_small_batches_is_the_same_night() -> None:
    whole = table(*(flag(f"H{number}") for number in range(20)))
    reader = pa.RecordBatchReader.from_batches(whole.schema, whole.to_batches(max_chunksize=3))
    assert publish_night(FIRST, reader, SUMMARY) == counts(opened=20, new=20)
    assert publish_night(FIRST, whole, SUMMARY) == counts(seen_again=20)


def test_a_ground_that_is_gone_clears_its_flag_and_deletes_nothing() -> None:
    publish(FIRST, flag("H1"), flag("H2"))
    assert publish(SECOND, flag("H1")) == counts(seen_again=1, cleared=1)
    gone = known("H2")
    assert (gone.first_night, gone.last_night, gone.cleared_night) == (FIRST, FIRST, SECOND)
    assert gone.case.state == "opened"
    assert gone.case.last_changed_night == SECOND
    assert known("H1").case.last_changed_night == FIRST
    assert gone.evidence.count() == 1


def test_flags_of_a_rule_that_could_not_be_run_stand_until_it_is_run_again() -> None:
    other = flag("H2", rule="vehicle_owned_by_others")
    publish(FIRST, flag("H1"), other)
    rule = str(flag("H1")["rule"])
    assert publish_night(SECOND, table(), SUMMARY, not_checked=[rule]) == counts(cleared=1)
    assert known("H1").cleared_night is None
    assert Flag.objects.get(pk=other["flag_id"]).cleared_night == SECOND
    assert publish_night(THIRD, table(flag("H3")), SUMMARY, not_checked=[rule]) == counts(opened=1, new=1)
    assert publish(FOURTH, flag("H3")) == counts(seen_again=1, cleared=1)
    assert (known("H1").first_night, known("H1").cleared_night) == (FIRST, FOURTH)


def test_a_night_without_flags_clears_them_all() -> None:
    publish(FIRST, flag("H1"), flag("H2"))
    assert publish(SECOND) == counts(cleared=2)


def test_a_ground_that_comes_back_opens_its_flag_again() -> None:
    publish(FIRST, flag("H1"))
    publish(SECOND)
    assert publish(THIRD, flag("H1")) == counts(changed=1)
    back = known("H1")
    assert (back.first_night, back.last_night, back.cleared_night, back.returned_night) == (FIRST, None, None, THIRD)
    assert back.case.last_changed_night == THIRD


def test_a_later_night_brings_new_words_and_new_evidence() -> None:
    publish(FIRST, flag("H1"))
    assert publish(SECOND, flag("H1", row="brand changed")) == counts(changed=1)
    now = flag("H1", row="brand changed")
    assert known("H1").evidence_hash == now["evidence_hash"]
    assert known("H1").reason_zh == now["reason_zh"]
    assert Evidence.objects.count() == 1
    assert known("H1").case.last_changed_night == SECOND


def test_the_same_record_delivered_again_is_the_same_evidence_from_a_newer_delivery() -> None:
    publish(FIRST, flag("H1"))
    assert publish(SECOND, flag("H1", delivery="d2", rule_version="2")) == counts(seen_again=1)
    assert Evidence.objects.get().delivery_id == "d2"
    assert known("H1").rule_version == "2"
    assert known("H1").case.last_changed_night == FIRST


def test_a_night_published_again_with_other_flags_is_corrected() -> None:
    publish(FIRST, flag("H1"), flag("H2"))
    assert publish(FIRST, flag("H1"), flag("H3")) == counts(opened=1, new=1, seen_again=1, cleared=1)
    taken_back = known("H2")
    assert (taken_back.last_night, taken_back.cleared_night) == (FIRST, FIRST)
    assert publish(FIRST, flag("H1"), flag("H2")) == counts(seen_again=1, changed=1, cleared=1)
    assert known("H2").cleared_night is None


def test_an_older_night_fills_in_and_never_overwrites() -> None:
    publish(FIRST, flag("H1", row="newest"), flag("H2"))
    publish(THIRD, flag("H1", row="newest"))
    older = (flag("H1", row="old", head_name="old head"), flag("H2", row="newer than the first"), flag("H3"))
    assert publish(SECOND, *older) == counts(opened=1, new=1, seen_again=1, changed=1)
    assert known("H1").reason_zh == flag("H1", row="newest")["reason_zh"]
    assert known("H1").cleared_night is None
    assert known("H1").case.head_name == "张三"
    assert (known("H2").last_night, known("H2").cleared_night) == (SECOND, THIRD)
    assert known("H2").reason_zh == older[1]["reason_zh"]
    assert (known("H3").first_night, known("H3").last_night, known("H3").cleared_night) == (SECOND, SECOND, THIRD)


def test_an_older_night_moves_the_first_night_back() -> None:
    publish(THIRD, flag("H1"))
    number = Case.objects.get().case_no
    publish(FIRST, flag("H1"))
    assert (known("H1").first_night, known("H1").cleared_night) == (FIRST, None)
    assert (known("H1").case.opened_night, known("H1").case.case_no) == (FIRST, number)


def test_an_older_night_that_lacks_a_flag_never_clears_an_open_one() -> None:
    publish(FIRST, flag("H1"))
    publish(THIRD, flag("H1"))
    assert publish(SECOND) == counts()
    assert known("H1").cleared_night is None


def test_a_household_that_moves_takes_its_case_along() -> None:
    publish(FIRST, flag("H1"))
    publish(SECOND, flag("H1", division="520103001001", head_name="王五"))
    case = Case.objects.get()
    assert (case.case_no, case.division, case.head_name) == ("2020-520102-000001", "520103001001", "王五")


def state_of_flags() -> list[tuple[Any, ...]]:
    """All that must not depend on the order in which nights were published."""
    flags = Flag.objects.order_by("pk").values_list(
        "pk", "first_night", "last_night", "cleared_night", "reason_zh", "division", "case__household_id",
        "case__head_name", "case__division", "case__opened_night", "case__state",
    )  # fmt: skip
    evidence = Evidence.objects.order_by("flag_id", "position").values_list("flag_id", "row_hash", "delivery_id")
    return [*flags, *evidence]


def invented_night(chance: random.Random) -> list[dict[str, Any]]:
    chosen = chance.sample([("H1", "1"), ("H1", "2"), ("H2", "1"), ("H3", "1"), ("H4", "1")], chance.randint(0, 5))
    heads = {household: chance.choice(["赵一", "钱二"]) for household in ("H1", "H2", "H3", "H4")}
    return [
        flag(house, record, row=chance.choice("ab"), delivery=chance.choice("cd"), head_name=heads[house])
        for house, record in chosen
    ]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_repetition_of_nights_gives_the_same_flags(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    nights = {night: invented_night(chance) for night in (FIRST, SECOND, THIRD, FOURTH)}
    expected: list[tuple[Any, ...]] | None = None
    for order in itertools.permutations(nights):
        empty_tables()
        for night in order:
            publish(night, *nights[night])
            if chance.random() < 0.3:
                again = chance.choice(order[: order.index(night) + 1])
                before = everything()
                publish(again, *nights[again])
                assert everything() == before
        found = state_of_flags()
        expected = expected or found
        assert found == expected, order
    open_now = set(Flag.objects.filter(cleared_night__isnull=True).values_list("pk", flat=True))
    assert open_now == {each["flag_id"] for each in nights[FOURTH]}


def test_flags_that_miss_a_column_change_nothing() -> None:
    publish(FIRST, flag("H1"))
    before = everything()
    with pytest.raises(FlagsError, match="reason_en"):
        publish_night(SECOND, table(flag("H2")).drop_columns(["reason_en"]), SUMMARY)
    assert everything() == before


def test_a_flag_that_comes_twice_changes_nothing_and_names_its_rule() -> None:
    publish(FIRST, flag("H1"))
    before = everything()
    with pytest.raises(FlagsError, match="vehicle_owned"):
        publish(SECOND, flag("H2"), flag("H2", row="other"))
    assert everything() == before
    assert publish(SECOND, flag("H2")).new == 1


def test_a_publication_that_fails_half_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(FIRST, flag("H1"))
    before = everything()

    def fails(*_arguments: object) -> int:
        raise InterruptedError

    monkeypatch.setattr("review.publishing.reopen", fails)
    with pytest.raises(InterruptedError):
        publish(SECOND, flag("H2"))
    monkeypatch.undo()
    assert everything() == before
    assert publish(SECOND, flag("H2")) == counts(opened=1, new=1, cleared=1)


def test_the_audit_log_names_each_publication_once() -> None:
    publish(FIRST, flag("H1"))
    publish(FIRST, flag("H1"))
    publish(SECOND, flag("H1"))
    assert [entry.detail["night"] for entry in AuditEntry.objects.order_by("pk")] == [str(FIRST), str(SECOND)]


def test_no_temporary_table_stays_behind() -> None:
    publish(FIRST, flag("H1"))
    with connection.cursor() as cursor:
        names = {"incoming_flag", "compared_flag", "cleared_flag", "rewritten_flag", "changed_case"}
        assert not names & set(connection.introspection.table_names(cursor))
        for name in sorted(names):
            cursor.execute(f"CREATE TEMPORARY TABLE {name} (a INTEGER)")
            cursor.execute(f"DROP TABLE {name}")
