"""Alerts: one message to the person who must act, posted to a webhook, mailed, or both, as the environment says.

What is sent names nobody: a task, a night, a type and what to do.
"""

import logging
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import httpx

from pipelines.settings import SettingWrongError, optional

LOG = logging.getLogger("hedui.alerts")
SECONDS = 10
FOLDERS_LISTED = 10
PORTS = {"smtp": 25, "smtps": 465}


class AlertNotSentError(RuntimeError):
    """A channel that is set up did not take the message. The message says which, and shows no secret."""


@dataclass(frozen=True)
class Alert:
    """What happened, and what to do: one line each, in both languages."""

    kind: str
    subject: str
    zh: str
    en: str

    @property
    def text(self) -> str:
        """The message as people read it."""
        return f"{self.zh}\n{self.en}"


def task_failed(dag: str, task: str, run: str, error: object) -> Alert:
    """A task failed for good. Only errors that are made for people to read are repeated; of others, the kind."""
    known = getattr(error, "__cause__", None) or error
    what = " ".join(str(known).split()) if getattr(known, "exit_code", None) else type(known).__name__
    return Alert(
        "task_failed",
        f"hedui: {dag} {task} failed",
        f"核对任务 {dag}.{task}({run})失败:{what}。请按提示处理后在 Airflow 中清除该任务以重新运行。",
        f"{dag}.{task} ({run}) failed: {what}. Do what it says, then clear the task in Airflow to run it again.",
    )


def not_published(night: date, deadline: str) -> Alert:
    """The night is not in the review database by its deadline."""
    return Alert(
        "deadline_missed",
        f"hedui: night of {night} not published by {deadline}",
        f"{night} 夜间核对未在 {deadline} 前发布。请查看 Airflow 中 nightly 的失败任务,或运行 hedui status 查看原因。",
        f"The night of {night} was not published by {deadline}. See the failed task of nightly in Airflow, "
        f"or run hedui status.",
    )


def late(night: date, types: list[str]) -> Alert:
    """Types are past their lateness date, and the night went on with their last good deliveries."""
    listed = ", ".join(types)
    return Alert(
        "types_late",
        f"hedui: {len(types)} types late on {night}",
        f"{night} 夜间核对:{listed} 逾期未到,沿用上一次合格数据并标记为滞后。请催促部门交换。",
        f"Night of {night}: {listed} are late; their last good deliveries are used and marked stale. "
        f"Ask the departments to deliver.",
    )


def refused(night: date, types: list[str]) -> Alert:
    """Deliveries were refused tonight."""
    listed = ", ".join(types)
    return Alert(
        "deliveries_refused",
        f"hedui: deliveries refused on {night}",
        f"{night} 夜间核对拒收:{listed}。原因见当夜报告;请部门更正后重新交换。",
        f"Night of {night}: refused {listed}. The night's report says why; ask the departments for corrected ones.",
    )


def rules_failed(night: date, rules: list[str]) -> Alert:
    """Rules could not be run tonight; the night went on without them."""
    listed = ", ".join(rules)
    return Alert(
        "rules_failed",
        f"hedui: {len(rules)} rules could not be run on {night}",
        f"{night} 夜间核对:规则 {listed} 未能运行,其已有线索保持不变。请运行 hedui rules --check 并更正。",
        f"Night of {night}: the rules {listed} could not be run; their flags stand as they were. "
        f"Run hedui rules --check and correct them.",
    )


def passed_over(night: date, files: Sequence[Mapping[str, str]]) -> Alert:
    """Files lie in the inbox that no night takes in. Their names may hold anything: only folders are told."""
    folders = sorted({one["file"].rpartition("/")[0] or "." for one in files})
    listed = ", ".join(folders[:FOLDERS_LISTED]) + (" ..." if len(folders) > FOLDERS_LISTED else "")
    return Alert(
        "files_passed_over",
        f"hedui: {len(files)} files not taken in on {night}",
        f"{night} 夜间核对:收件目录中有 {len(files)} 个文件未读入({listed})。"
        "当夜报告和 hedui status 列出每个文件及处理办法。",
        f"Night of {night}: {len(files)} files in the inbox were not taken in ({listed}). The night's report and hedui "
        f"status name each with what to do.",
    )


def alert(message: Alert) -> list[str]:
    """Send the message by every channel that is set up; returns which took it.

    Raises AlertNotSentError when one did not; the others are tried all the same.
    """
    LOG.warning("alert kind=%s %s", message.kind, message.en)
    channels = {"webhook": (optional("HEDUI_ALERT_WEBHOOK"), _post), "mail": (optional("HEDUI_ALERT_MAIL_TO"), _mail)}
    sent, failed = [], []
    for name, (address, send) in channels.items():
        if not address:
            continue
        try:
            send(message, address)
            sent.append(name)
        except (httpx.HTTPError, OSError, smtplib.SMTPException) as error:
            failed.append(f"{name} ({type(error).__name__})")
    if failed:
        raise AlertNotSentError(f"{', '.join(failed)} did not take the alert {message.kind}: run hedui doctor")
    return sent


def _post(message: Alert, address: str) -> None:
    content = {"kind": message.kind, "subject": message.subject, "text": message.text}
    httpx.post(address, json=content, timeout=SECONDS).raise_for_status()


def _mail(message: Alert, addresses: str) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, optional("HEDUI_ALERT_MAIL_FROM"), addresses
    mail.set_content(message.text)
    with connect_to_mail_server() as server:
        server.send_message(mail)


def connect_to_mail_server() -> smtplib.SMTP:
    """Connect, and log in where the address has a user; with TLS for smtps, and where the server offers it."""
    address = urlsplit(optional("HEDUI_SMTP_URL"))
    if address.scheme not in PORTS or not address.hostname:
        raise SettingWrongError("HEDUI_SMTP_URL: give smtp://host:port or smtps://user:password@host:port")
    port = address.port or PORTS[address.scheme]
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    server = kind(address.hostname, port, timeout=SECONDS)
    if address.scheme == "smtp" and server.has_extn("starttls"):
        server.starttls()
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server
