"""A real site and a real browser: the site in a process of its own, Chromium as Debian has it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.review.people import PASSWORD

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS_TO_START = 180
MOST_MILLISECONDS = 60_000
"""Nobody waits so long but on a busy machine: what is waited for is there in a second."""
ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"


@contextmanager
def served(address: str) -> Iterator[str]:
    """The site on the database of this address, over plain HTTP on a free port; its own address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {
        "HEDUI_DATABASE_URL": address,
        "HEDUI_SECRET_KEY": "for this test alone, which nobody else can reach" * 2,
        "HEDUI_PLAIN_HTTP": "1",
        "PYTHONPATH": str(ROOT),
    }
    main = "from pipelines.command_line import main; main()"
    command = [sys.executable, "-c", main, "serve", "--listen", listen, "--workers", "1"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{listen}/sign-in/", process)
        yield f"http://{listen}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(page: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(page, timeout=5):  # noqa: S310
                return
        except OSError:  # refused, cut off, or no answer within the time: it is not up yet
            time.sleep(0.2)
    pytest.fail(f"the site did not start (exit code {process.poll()})")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window, speaking Chinese."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield browser
        browser.close()


def at_the_door(browser: Browser, site: str, *, width: int = 1280, height: int = 800) -> Page:
    """A fresh window at the sign-in page. What the browser complains of is kept in ``complaints_of``."""
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(MOST_MILLISECONDS)
    page = context.new_page()
    complaints = _complaints.setdefault(context, [])
    # A page that refuses (403, 404, 409, 422) is an answer; everything else the browser says is a fault.
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/sign-in/")
    return page


_complaints: dict[BrowserContext, list[str]] = {}


def complaints_of(page: Page) -> list[str]:
    """What the browser complained of: scripts, styles, content security; not that an answer was a refusal."""
    return [said for said in _complaints[page.context] if "the server responded with a status of 4" not in said]


def follow(target: Locator) -> None:
    """Click what leads to another page, and wait until that page is there."""
    with target.page.expect_navigation():
        target.click()


def signed_in(browser: Browser, site: str, username: str, **window: int) -> Page:
    """A window of this person, at the first page."""
    page = at_the_door(browser, site, **window)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site}/")
    return page


def picture(page: Page, name: str) -> None:
    """Keep what the window shows under ``docs/screenshots``, when HEDUI_SCREENSHOTS is set."""
    if os.environ.get("HEDUI_SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
