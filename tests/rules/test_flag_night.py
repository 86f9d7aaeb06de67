"""The flags of a night: their schema, identity, evidence and order; and what stops the run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rules.declaration import RuleBookError
from rules.grounds import Manner
from rules.policy import Policy, load_policy
from rules.query import with_policy
from rules.rule import load_rules
from rules.run import FLAGS, flag_night
from tests.rules.golden_world import (
    NIGHT,
    REGISTERS,
    Case,
    World,
    flags_of_night,
    judged_in,
    read_cases,
    world_of_night,
)

pytestmark = pytest.mark.slow

CASES = {case.id: case for case in read_cases()}
BOOK = {rule.id: rule for rule in load_rules()}
RULES = tuple(BOOK[name] for name in ("deceased_recipient", "property_over_limit", "vehicle_owned"))
"""Those that the cases here break, each one alone: to plan the whole book takes seconds."""
OF_THE_NIGHT = [case for case in CASES.values() if case.night == NIGHT]
CAR = CASES["vehicle_owned.car"]
BOTH_RECORDS = CASES["deceased_recipient.two_records_one_death"]


def with_car(case: Case, **changes: Any) -> Case:
    (car,) = case.content["held"]["motor_vehicle"]
    return replace(case, content={**case.content, "held": {"motor_vehicle": [{**car, **changes}]}})


def only_flag(case: Case, night: date = NIGHT) -> dict[str, Any]:
    (flag,) = flags_of_night([case], night, RULES).to_pylist()
    return dict(flag)


@cache
def golden() -> duckdb.DuckDBPyConnection:
    return world_of_night(OF_THE_NIGHT, NIGHT)


@cache
def all_flags() -> pa.Table:
    return judged_in(golden(), OF_THE_NIGHT, NIGHT).flags


def world(*cases: Case) -> duckdb.DuckDBPyConnection:
    made = World(NIGHT)
    for case in cases:
        made.add(case)
    connection = duckdb.connect()
    made.write(connection, {name for rule in load_rules() for name in rule.reads} | REGISTERS)
    return connection


def test_a_flag_says_whose_it_is_and_under_which_versions() -> None:
    flag = only_flag(CAR)
    assert flag["rule_version"] == BOOK["vehicle_owned"].version
    assert flag["policy_version"] == load_policy().version
    assert (flag["direction"], flag["scheme"], flag["division"]) == ("doubt", "dibao", "520102001001")
    assert flag["head_name"] == flag["member_name"] == CAR.content["people"]["head"]["name"]
    assert len(flag["member_id_number"]) == 18
    assert flag["record_key"] == "motor_vehicle:贵A12343|01"


def test_the_flag_id_is_the_hash_of_its_ground() -> None:
    flag = only_flag(CAR)
    ground = [flag[name] for name in ("rule", "scheme", "household_id", "member_id", "record_key", "period")]
    expected = sha256("|".join(part or "" for part in ground).encode()).hexdigest()[:32]
    assert flag["flag_id"] == expected


def test_a_flag_of_a_household_names_no_member() -> None:
    flag = only_flag(CASES["property_over_limit.two_homes"])
    assert (flag["member_id"], flag["member_name"], flag["member_id_number"]) == (None, None, None)
    assert flag["head_name"]


def test_evidence_holds_the_record_as_it_stood() -> None:
    (seen,) = json.loads(only_flag(CAR)["evidence"])
    assert {name: seen[name] for name in ("type", "role", "row_key", "link_reason", "delivery_date", "row_number")} == {
        "type": "motor_vehicle",
        "role": "owner",
        "row_key": "贵A12343|01",
        "link_reason": "exact",
        "delivery_date": "2020-10-31",
        "row_number": 1,
    }
    assert seen["facts"]["plate_number"] == "贵A12343"
    assert seen["facts"]["registered_on"] == "2020-08-11"
    assert len(seen["row_hash"]) == 64


@pytest.mark.parametrize(
    ("reason", "probability", "confidence"),
    [
        ("exact", None, "1.00"),
        ("upgraded", None, "0.99"),
        ("repaired", None, "0.97"),
        ("probabilistic", 0.9999, "0.95"),
        ("probabilistic", 0.9137, "0.91"),
        ("household", None, "0.90"),
    ],
)
def test_a_flag_is_as_sure_as_its_link(reason: str, probability: float | None, confidence: str) -> None:
    with world(CAR) as connection:
        connection.execute("UPDATE links SET reason = ?, probability = ?", [reason, probability])
        (flag,) = flag_night(connection, NIGHT, RULES, load_policy()).to_pylist()
    assert (flag["link_reason"], flag["confidence"]) == (reason, Decimal(confidence))


def test_a_flag_on_two_links_is_as_sure_as_the_weaker() -> None:
    with world(BOTH_RECORDS) as connection:
        connection.execute("UPDATE links SET reason = 'repaired' WHERE type = 'cremation'")
        (flag,) = flag_night(connection, NIGHT, RULES, load_policy()).to_pylist()
    assert (flag["link_reason"], flag["confidence"]) == ("repaired", Decimal("0.97"))


def test_the_same_death_in_two_records_is_one_flag_with_two_pieces_of_evidence() -> None:
    evidence = json.loads(only_flag(BOTH_RECORDS)["evidence"])
    assert [seen["type"] for seen in evidence] == ["cremation", "death_cancellation"]


def test_a_second_record_of_the_same_ground_is_new_evidence_for_the_same_flag() -> None:
    held = BOTH_RECORDS.content["held"]
    first = replace(BOTH_RECORDS, content={**BOTH_RECORDS.content, "held": {"cremation": held["cremation"]}})
    one, two = only_flag(first), only_flag(BOTH_RECORDS)
    assert one["flag_id"] == two["flag_id"]
    assert one["evidence_hash"] != two["evidence_hash"]


def test_the_same_record_delivered_again_is_the_same_evidence() -> None:
    once, again = world(CAR), world(CAR)
    with once, again:
        again.execute("UPDATE motor_vehicle SET delivery_id = 'later', delivery_date = '2020-10-30', row_number = 9")
        again.execute("UPDATE links SET delivery_id = 'later' WHERE type = 'motor_vehicle'")
        (one,) = flag_night(once, NIGHT, RULES, load_policy()).to_pylist()
        (two,) = flag_night(again, NIGHT, RULES, load_policy()).to_pylist()
    assert one["evidence"] != two["evidence"]
    assert (one["flag_id"], one["evidence_hash"]) == (two["flag_id"], two["evidence_hash"])


def test_a_changed_fact_of_the_record_is_new_evidence() -> None:
    one, two = only_flag(with_car(CAR, brand="甲牌")), only_flag(with_car(CAR, brand="乙牌"))
    assert one["flag_id"] == two["flag_id"]
    assert one["evidence_hash"] != two["evidence_hash"]


def test_a_link_made_on_an_older_delivery_does_not_hold() -> None:
    with world(CAR) as connection:
        connection.execute("UPDATE motor_vehicle SET delivery_id = 'newer'")
        assert flag_night(connection, NIGHT, RULES, load_policy()).num_rows == 0


def test_flags_come_typed_in_order_and_the_same_every_time() -> None:
    first, second = all_flags(), flags_of_night(OF_THE_NIGHT, NIGHT)
    assert first.schema.equals(FLAGS)
    assert first.equals(second)
    grounds = [
        (flag["rule"], flag["scheme"], flag["household_id"], flag["member_id"] or "", flag["record_key"])
        for flag in first.to_pylist()
    ]
    assert grounds == sorted(grounds)
    assert len(set(first["flag_id"].to_pylist())) == first.num_rows


def test_the_order_in_which_rows_are_stored_does_not_matter() -> None:
    expected, world = all_flags(), golden()
    for name in ("links", "person_memberships", "dibao_roster", "real_estate", "cremation"):
        world.execute(f"CREATE OR REPLACE TABLE {name} AS FROM {name} ORDER BY hash(row_key), rowid DESC")
    assert judged_in(world, OF_THE_NIGHT, NIGHT).flags.equals(expected)


@pytest.mark.parametrize("name", ["household_mismatch", "buffer_entitled", "unprotected_poor"])
def test_a_rule_finds_alone_what_it_finds_among_all_rules(name: str) -> None:
    """Alone it reads views; among all rules, tables that were computed once for it and others."""
    among_all = all_flags()
    alone = judged_in(golden(), OF_THE_NIGHT, NIGHT, (BOOK[name],)).flags
    assert alone.num_rows > 0
    assert alone.equals(among_all.filter(pc.equal(among_all["rule"], name)))


def test_a_night_without_anybody_has_no_flags() -> None:
    with world() as connection:
        flags = flag_night(connection, NIGHT, load_rules(), load_policy())
    assert flags.equals(FLAGS.empty_table())


def test_a_type_without_a_view_stops_the_night() -> None:
    with world(CAR) as connection:
        connection.execute("DROP TABLE cremation")
        with pytest.raises(RuleBookError, match=r"\['cremation'\], which have no as-of view on 2020-10-31"):
            flag_night(connection, NIGHT, RULES, load_policy())


def test_a_parameter_without_a_value_on_the_night_stops_it() -> None:
    with world(CAR) as connection, pytest.raises(RuleBookError, match=r"\w+: no value on 2019-12-31"):
        flag_night(connection, date(2019, 12, 31), load_rules(), load_policy())


def moved(province: str, *names: str) -> Policy:
    """The policy of another province; without ``names``."""
    policy = load_policy()
    parameters = {
        parameter.name: parameter.model_copy(
            update={
                "values": tuple(
                    one.model_copy(update={"division": province + one.division[2:]}) for one in parameter.values
                )
            }
        )
        for parameter in policy
        if parameter.name not in names
    }
    return replace(policy, parameters=parameters)


def test_another_provinces_night_is_as_sure_as_its_own_policy_says() -> None:
    with world(BOTH_RECORDS) as connection:
        connection.execute("UPDATE dibao_roster SET division = '53' || substr(division, 3)")
        connection.execute("UPDATE links SET reason = 'repaired' WHERE type = 'cremation'")
        (flag,) = flag_night(connection, NIGHT, RULES, moved("53")).to_pylist()
    assert (flag["division"][:2], flag["confidence"]) == ("53", Decimal("0.97"))


def test_a_confidence_without_a_value_stops_the_night_and_is_named() -> None:
    with world(CAR) as connection, pytest.raises(RuleBookError, match="confidence_repaired_percent"):
        flag_night(connection, NIGHT, RULES, moved("52", "confidence_repaired_percent"))


def test_a_policy_of_two_provinces_is_refused() -> None:
    policy = load_policy()
    limit = policy["home_limit"]
    elsewhere = limit.model_copy(update={"values": (limit.values[0].model_copy(update={"division": "5301"}),)})
    mixed = replace(policy, parameters={**policy.parameters, "home_limit": elsewhere})
    with world(CAR) as connection, pytest.raises(RuleBookError, match="of the provinces 52, 53"):
        flag_night(connection, NIGHT, RULES, mixed)


def rule_with(sql: str) -> Any:
    return BOOK["vehicle_owned"].model_copy(update={"sql": sql})


def test_a_rule_that_yields_too_little_is_named_with_what_is_missing() -> None:
    rule = rule_with("SELECT scheme, household_id FROM linked_motor_vehicle")
    with world(CAR) as connection, pytest.raises(RuleBookError, match=r"vehicle_owned: .*'evidence'.*add them"):
        flag_night(connection, NIGHT, [rule], load_policy())


def test_a_text_with_dashes_in_it_is_no_comment() -> None:
    """Between many rules the places are computed with the columns that are named: this one alone names ``verdict``."""
    sql = (
        "SELECT scheme, household_id, member_id, 'a' AS record_key, NULL AS period, NULL AS amount, "
        "' -- ' || verdict || ' -- ' || sex AS reason_zh, '' AS reason_en, [evidence] AS evidence FROM membership -- "
    )
    made = BOOK["identity_invalid"].model_copy(update={"sql": sql})
    with world(CAR) as connection:
        flags = flag_night(connection, NIGHT, [made], load_policy()).to_pylist()
    assert [flag["reason_zh"] for flag in flags] == [" -- sound -- 1"]


def test_a_rule_that_asks_for_an_unknown_column_is_named() -> None:
    with world(CAR) as connection, pytest.raises(RuleBookError, match="vehicle_owned: the SQL does not fit the views"):
        flag_night(connection, NIGHT, [rule_with("SELECT colour FROM linked_motor_vehicle")], load_policy())


def test_an_error_on_a_value_does_not_repeat_the_value() -> None:
    broken = rule_with(BOOK["vehicle_owned"].sql.replace("monthly_amount AS amount", "plate_number::DECIMAL AS amount"))
    with world(CAR) as connection, pytest.raises(RuleBookError, match="ConversionException") as caught:
        flag_night(connection, NIGHT, [broken], load_policy())
    assert CAR.content["held"]["motor_vehicle"][0]["plate_number"] not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_countys_own_parameter_reaches_the_sql() -> None:
    policy = load_policy()
    kinds = policy["exempt_vehicle_kinds"]
    of_county = kinds.values[0].model_copy(update={"division": "520102", "value": ("K33",)})
    looser = kinds.model_copy(update={"values": (*kinds.values, of_county)})
    changed = replace(policy, parameters={**policy.parameters, "exempt_vehicle_kinds": looser})
    with world(CAR) as connection:
        assert flag_night(connection, NIGHT, RULES, policy).num_rows == 1
        assert flag_night(connection, NIGHT, RULES, changed).num_rows == 0


@pytest.fixture(scope="module")
def flagged_world() -> Iterator[duckdb.DuckDBPyConnection]:
    with world() as connection:
        flag_night(connection, NIGHT, [], load_policy())
        yield connection


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("mask_plate('贵A12343')", "贵A****3"),
        ("mask_name('欧阳小川')", "欧阳**"),
        ("mask_id('52990119800101123X')", "529901************"),
        ("mask_id('529901800101123')", "529901*********"),
        ("mask_number('U0001')", "****"),
        ("mask_number('G52990119800101123X')", "****"),
        ("mask_number('520102001001GB00001F00010001')", "****0001"),
        ("as_of()", NIGHT),
        ("province()", "52"),
        ("delivered('cremation')", True),
        ("policy('home_limit', '520102001001')", 1),
        ("policy('home_limit', '53')", None),
    ],
)
def test_macros(flagged_world: duckdb.DuckDBPyConnection, call: str, shown: object) -> None:
    assert flagged_world.sql(with_policy(f"SELECT {call}")).fetchall() == [(shown,)]


def test_a_column_that_a_view_adds_keeps_the_records_own_beside_it() -> None:
    """A cooperative member's ``role`` is the contract's, and the link has one too."""
    case = CASES["enterprise_controlled.cooperative_director"]
    sql = (
        "SELECT scheme, household_id, member_id, own_role AS record_key, NULL AS period, NULL AS amount, "
        "role AS reason_zh, role AS reason_en, [evidence] AS evidence FROM linked_farmer_cooperative"
    )
    with world(case) as connection:
        reads = {"farmer_cooperative": Manner.TELLS}
        made = BOOK["vehicle_owned"].model_copy(update={"sql": sql, "reads": reads, "parameters": (), "views": ()})
        (flag,) = flag_night(connection, NIGHT, [made], load_policy()).to_pylist()
    assert (flag["record_key"], flag["reason_zh"]) == ("director", "member")


def test_the_schema_is_the_one_the_review_reads() -> None:
    assert FLAGS.field("amount").type == pa.decimal128(18, 2)
    assert FLAGS.field("severity").type == pa.int32()
    assert FLAGS.names[-3:] == ["evidence", "evidence_hash", "basis"]
