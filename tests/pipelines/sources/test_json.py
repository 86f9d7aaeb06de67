"""A service's records come whole, however it pages, and an error that looks like an answer is none."""

import gzip
import json
import re
from typing import Any

import pytest

from pipelines.sources.declaration import Json
from pipelines.sources.pull import Again
from pipelines.sources.source_error import SourceError
from tests.pipelines.sources.conftest import Exchange
from tests.pipelines.sources.servers import Reply, Request, WebPlace

RECORDS = [{"payment_no": f"A{n}", "name": f"张{n}", "paid_on": "2020-09-30T16:00:00Z", "amount": n} for n in range(7)]
SIZE = 3


def answer(document: Any, **headers: str) -> Reply:
    return 200, {"Content-Type": "application/json"} | headers, json.dumps(document).encode()


def part(number: int) -> list[dict[str, Any]]:
    return RECORDS[number * SIZE :][:SIZE]


def page_number(request: Request) -> Reply:
    return answer({"data": part(int(request.query["page"]) - 1)})


def offset(request: Request) -> Reply:
    start = int(request.query["start"])
    return answer({"data": RECORDS[start : start + SIZE], "total": str(len(RECORDS))})


def cursor(request: Request) -> Reply:
    number = int(request.query.get("after", "0"))
    return answer({"data": part(number), "next": str(number + 1) if part(number + 1) else None})


def next_link(request: Request) -> Reply:
    number = int(request.query.get("p", "0"))
    link = f"?p={number + 1}&q=1" if part(number + 1) else None
    return answer({"data": part(number), "links": {"next": link}})


def link_header(request: Request) -> Reply:
    number = int(request.query.get("p", "0"))
    more = {"Link": f'</api?p={number + 1}>; rel="next"'} if part(number + 1) else {}
    return answer({"data": part(number)}, **more)


PAGINGS = [
    (page_number, {"kind": "page_number", "parameter": "page"}),
    (offset, {"kind": "offset", "parameter": "start", "total": "total"}),
    (cursor, {"kind": "cursor", "parameter": "after", "next": "next"}),
    (next_link, {"kind": "next_link", "next": "links.next"}),
    (link_header, {"kind": "next_link"}),
]


@pytest.fixture(autouse=True)
def _address(web: WebPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_URL", web.address)
    monkeypatch.setenv("OFFICE_TOKEN", "t0ken")


def source_of(**declared: Any) -> Json:
    given = {"kind": "json", "url_variable": "OFFICE_URL", "path": "/api", "records": "data"} | declared
    return Json.model_validate(given)


@pytest.mark.parametrize(("reply", "paging"), PAGINGS)
def test_every_record_comes_whatever_the_paging(
    exchange: Exchange, web: WebPlace, reply: Any, paging: dict[str, Any]
) -> None:
    web.answers["/api"] = reply
    (came,) = exchange.pull(source_of(paging=paging, token_variable="OFFICE_TOKEN"))  # noqa: S106 (a name)
    header, *lines = gzip.decompress(came.read_bytes()).decode().splitlines()
    assert header == '"发放流水号","姓名","发放日期","金额"'
    assert lines == [f'"A{n}","张{n}","2020-10-01 00:00:00","{n}"' for n in range(7)]
    assert {request.headers["Authorization"] for request in web.asked} == {"Bearer t0ken"}
    assert exchange.pull(source_of()) == []


def test_parameters_say_the_days_and_a_post_sends_them_as_a_document(exchange: Exchange, web: WebPlace) -> None:
    web.answers["/api/202010"] = lambda _: answer(RECORDS)
    source = source_of(
        path="/api/{day:%Y%m}?form=1",
        records=None,
        parameters={"until": "{day}", "size": 500},
        secret_parameters={"appkey": "OFFICE_TOKEN"},
    )
    exchange.pull(source)
    assert web.asked[-1].query == {"form": "1", "until": "2020-10-29", "size": "500", "appkey": "t0ken"}
    posting = source.model_copy(update={"method": "post", "parameters": {"since": "{since}"}})
    exchange.pull(posting, again=Again())
    assert json.loads(web.asked[-1].body) == {"since": "1900-01-01", "appkey": "t0ken"}


def test_a_service_without_records_delivers_the_contracts_header(exchange: Exchange, web: WebPlace) -> None:
    web.answers["/api"] = lambda _: answer({"data": []})
    (came,) = exchange.pull(source_of())
    assert gzip.decompress(came.read_bytes()).decode().startswith('"发放流水号","身份证号","姓名"')


@pytest.mark.parametrize(
    ("document", "declared", "problem"),
    [
        ({"code": 401, "msg": "expired", "data": None}, {}, "there is no list at data (it has code, data, msg)"),
        ({"529901199001011234": 1}, {}, "there is no list at data (it has no keys)"),
        ({"code": 401, "data": []}, {"succeeds_with": {"code": 0}}, "an error: code is 401"),
        ({"data": ["a"]}, {}, "its records have no keys"),
        ({"data": RECORDS}, {"paging": PAGINGS[0][1]}, "a page came twice"),
        ({"data": RECORDS[:2], "total": 9}, {"paging": PAGINGS[1][1]}, "a page came twice"),
        ({"data": RECORDS, "total": 6}, {"paging": PAGINGS[1][1]}, "7 records came where the server counts 6"),
        ({"data": RECORDS}, {"paging": PAGINGS[1][1]}, "there is no number at total"),
        ({"data": RECORDS, "next": "x"}, {"paging": PAGINGS[2][1]}, "a page came twice"),
        ({"data": RECORDS, "next": {"a": 1}}, {"paging": PAGINGS[2][1]}, "there is no mark of a page at next"),
        ({"data": [], "next": "x"}, {"paging": PAGINGS[2][1]}, "the pages lead in a circle"),
        ({"data": RECORDS, "links": {"next": "//elsewhere/x"}}, {"paging": PAGINGS[3][1]}, "leads to another"),
    ],
)
def test_an_answer_that_cannot_be_right_is_no_delivery(
    exchange: Exchange, web: WebPlace, document: Any, declared: dict[str, Any], problem: str
) -> None:
    web.answers["/api"] = lambda _: answer(document)
    with pytest.raises(SourceError, match=re.escape(problem)):
        exchange.pull(source_of(**declared))
    assert exchange.waiting == []


@pytest.mark.parametrize("content", [b"<html>sign in</html>", b"[" * 100_000, b'{"data": [', b"\xff\xfe\xff"])
def test_what_is_no_document_is_told_as_such(exchange: Exchange, web: WebPlace, content: bytes) -> None:
    web.answers["/api"] = lambda _: (200, {}, content)
    with pytest.raises(SourceError, match="the answer is no JSON document"):
        exchange.pull(source_of())


def test_a_document_in_gb18030_is_read(exchange: Exchange, web: WebPlace) -> None:
    content = json.dumps({"data": RECORDS[:1]}, ensure_ascii=False).encode("gb18030")
    web.answers["/api"] = lambda _: (200, {"Content-Type": "application/json; charset=GBK"}, content)
    (came,) = exchange.pull(source_of(columns={"payment_no": "payment_no", "name": "name"}))
    assert gzip.decompress(came.read_bytes()).decode().splitlines()[1] == '"A0","张0"'


def test_an_answer_packed_for_the_way_is_read(exchange: Exchange, web: WebPlace) -> None:
    packed = gzip.compress(json.dumps({"data": RECORDS}).encode())
    web.answers["/api"] = lambda _: (200, {"Content-Encoding": "gzip"}, packed)
    (came,) = exchange.pull(source_of())
    assert len(gzip.decompress(came.read_bytes()).splitlines()) == 1 + len(RECORDS)


def test_an_answer_larger_than_it_may_be_is_left(exchange: Exchange, web: WebPlace) -> None:
    web.answers["/api"] = lambda request: answer({"data": [{"a": "x" * 600_000 + request.query["page"]}]})
    with pytest.raises(SourceError, match="there is more than 1 MB"):
        exchange.pull(source_of(most_mb=1, paging=PAGINGS[0][1]))
