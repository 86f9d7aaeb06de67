"""Every alert reaches a webhook and a mailbox, says what to do, and names nobody."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from pipelines.settings import SettingWrongError
from pipelines.stages import RosterUnusableError
from pipelines.watching import alerts
from pipelines.watching.alerts import Alert, AlertNotSentError, alert
from pipelines.watching.deadline import check_deadline
from tests.dags.airflow_home import free_port

NIGHT = date(2020, 10, 29)
ALERTS = {
    "task_failed": alerts.task_failed("nightly", "link", "run", RosterUnusableError("dibao_roster: tonight has none")),
    "deadline_missed": alerts.not_published(NIGHT, "06:00"),
    "types_late": alerts.late(NIGHT, ["motor_vehicle"]),
    "deliveries_refused": alerts.refused(NIGHT, ["real_estate"]),
    "files_passed_over": alerts.passed_over(NIGHT, [{"file": "taxation/x.csv", "advice": "", "advice_zh": ""}]),
}


class Mailbox:
    """Keeps the mail it is handed."""

    def __init__(self) -> None:
        self.mail: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library's name)
        self.mail.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """What a webhook was posted."""
    found: list[dict[str, str]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HEDUI_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook?token=secret")
    yield found
    server.shutdown()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("HEDUI_ALERT_MAIL_TO", "duty@example.org")
    monkeypatch.setenv("HEDUI_SMTP_URL", f"smtp://127.0.0.1:{port}")
    yield box
    controller.stop()


@pytest.mark.parametrize("kind", ALERTS)
def test_an_alert_reaches_the_webhook_and_the_mailbox(
    kind: str, posted: list[dict[str, str]], mailbox: Mailbox
) -> None:
    message = ALERTS[kind]
    assert alert(message) == ["webhook", "mail"]
    assert posted == [{"kind": kind, "subject": message.subject, "text": f"{message.zh}\n{message.en}"}]
    (mail,) = mailbox.mail
    assert f"Subject: {message.subject}" in mail


def test_a_failure_says_what_its_error_says_only_if_that_is_made_for_people() -> None:
    assert "tonight has none" in ALERTS["task_failed"].en
    told = alerts.task_failed("nightly", "link", "run", ValueError("张三 529901199001011234"))
    assert "ValueError" in told.en
    assert "529901" not in told.text


def test_one_channel_that_fails_does_not_stop_the_other_and_shows_no_secret(
    posted: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_ALERT_MAIL_TO", "duty@example.org")
    monkeypatch.setenv("HEDUI_SMTP_URL", "smtp://user:password@127.0.0.1:1")
    with pytest.raises(AlertNotSentError, match=r"mail \(ConnectionRefusedError\)") as caught:
        alert(ALERTS["types_late"])
    assert len(posted) == 1
    assert "password" not in str(caught.value)


def test_without_channels_an_alert_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert alert(Alert("types_late", "subject", "中文", "english")) == []
    assert "kind=types_late english" in caplog.text


def test_a_mail_server_that_is_not_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDUI_ALERT_MAIL_TO", "duty@example.org")
    monkeypatch.setenv("HEDUI_SMTP_URL", "mail.example.org")
    with pytest.raises(SettingWrongError, match="HEDUI_SMTP_URL"):
        alert(ALERTS["types_late"])


def test_a_night_that_is_not_published_by_the_deadline_is_told(
    posted: list[dict[str, str]], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_LAKE", str(tmp_path))
    monkeypatch.setenv("HEDUI_DATABASE_URL", "")
    assert not check_deadline(NIGHT)
    (told,) = posted
    assert told["kind"] == "deadline_missed"
    assert "2020-10-29" in told["subject"]
