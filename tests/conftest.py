"""In CI a skipped test is a failed one: whatever a test wants, the lock installs."""

import os

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped: in CI nothing may be")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
