"""Engineers see every delivery with its state, and ask the next night to take one back, restore it or read it again."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from review.accounts.models import Role
from review.audit.chain import verify
from review.audit.log import AuditEntry, AuditQuerySet
from review.case_life.refusals import IncompleteError, NotAllowedError, NotNowError
from review.delivery_list import Delivery, keep_deliveries
from review.delivery_requests import Asked, DeliveryRequest, RequestState, ask, settle, waiting_requests
from tests.review.people import person
from tests.review.test_office_pages import client_of, get

ONE = "20201029-20201029-1-0123456789"
WHY = "错误县的名单"


def line(delivery_id: str = ONE, state: str = "in_use", **other: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "delivery_id": delivery_id,
        "type_name": "death_cancellation",
        "reading": 1,
        "state": state,
        "in_use": state == "in_use",
        "day": date(2020, 10, 29),
        "received": date(2020, 10, 29),
        "file": "death_cancellation_20201029.csv",
        "rows": 5,
        "set_apart": 2,
        "noted": 1,
        "why_zh": "原因",
        "why_en": "why",
    }
    return said | other


@pytest.fixture(autouse=True)
def listed(database: str) -> None:
    assert database
    DeliveryRequest.objects.all().delete()
    keep_deliveries([line(), line("20201028-20201028-1-9", "withdrawn"), line("20201027-20201027-1-8", "dropped")])


def delivery(state: str = "in_use") -> Delivery:
    return Delivery.objects.get(state=state)


def test_the_list_is_what_the_newest_night_told() -> None:
    keep_deliveries([line(state="superseded"), line("20201030-20201030-1-7")])
    assert dict(Delivery.objects.values_list("delivery_id", "state")) == {
        ONE: "superseded",
        "20201030-20201030-1-7": "in_use",
    }


def test_engineers_are_shown_every_delivery_with_its_state() -> None:
    engineer = client_of(person("engineer"))
    page = get(engineer, "/nights/deliveries/all/")
    assert ONE in page
    assert page.count("死亡") >= 3
    assert ("使用中" in page, "已撤回" in page, "已过保留期" in page) == (True, True, True)
    only = get(engineer, "/nights/deliveries/all/?state=withdrawn&type=death_cancellation")
    assert (ONE in only, "20201028-20201028-1-9" in only) == (False, True)


def sent(client: Client, asked: str, reason: str = WHY) -> int:
    answer = client.post(f"/nights/deliveries/all/{ONE}/", {"asked": asked, "reason": reason}, secure=True)
    return answer.status_code


def test_a_request_waits_for_the_next_night_and_stands_in_the_audit_log_without_numbers() -> None:
    engineer = client_of(person("engineer"))
    assert sent(engineer, "withdraw", f"{WHY} 529901199001011234") == 302
    (request,) = waiting_requests()
    assert (request.asked, request.delivery_id, request.requested_by) == (Asked.WITHDRAW, ONE, "engineer")
    assert "199001011234" not in request.reason
    entry = AuditQuerySet(AuditEntry).get(action="delivery.requested")
    assert (entry.actor, entry.detail["delivery"]) == ("engineer", ONE)
    assert verify() is None
    assert "将在下一夜执行" in get(engineer, f"/nights/deliveries/all/{ONE}/")
    assert sent(engineer, "reprocess") == 400
    settle(request, RequestState.DONE, "已撤回。", "taken back.")
    page = get(engineer, f"/nights/deliveries/all/{ONE}/")
    assert ("已执行" in page, "已撤回。" in page) == (True, True)
    assert sent(engineer, "reprocess") == 302


def test_others_read_and_do_not_ask() -> None:
    auditor = client_of(person("auditor"))
    page = get(auditor, f"/nights/deliveries/all/{ONE}/")
    assert ("<select" in page, sent(auditor, "withdraw")) == (False, 400)
    for account in (person("province"), person("engineer", "5201")):
        with pytest.raises(NotAllowedError):
            ask(account, delivery(), Asked.WITHDRAW, WHY)
    assert client_of(person("county")).get("/nights/deliveries/all/", secure=True).status_code == 403
    assert waiting_requests() == []


def test_what_cannot_be_done_with_it_cannot_be_asked() -> None:
    engineer = person(Role.ENGINEER)
    for state, asked in (("dropped", Asked.REPROCESS), ("withdrawn", Asked.WITHDRAW), ("in_use", Asked.RESTORE)):
        with pytest.raises(NotNowError):
            ask(engineer, delivery(state), asked, WHY)
    for reason in ("", "x", " \u200b."):
        with pytest.raises(IncompleteError):
            ask(engineer, delivery(), Asked.WITHDRAW, reason)
    whole = ask(engineer, delivery(), Asked.REPROCESS_TYPE, WHY)
    assert (whole.delivery_id, [one.pk for one in waiting_requests()]) == ("", [whole.pk])
    assert client_of(engineer).get("/nights/deliveries/all/nothing/", secure=True).status_code == 404
