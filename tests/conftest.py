"""What holds for every test: no deadlines on noisy machines, and in CI nothing is skipped."""

import os

import pytest
from hypothesis import settings

# Files that a test has just written are whole.
os.environ.setdefault("HEDUI_UPLOAD_PAUSE", "0")
settings.register_profile("hedui", deadline=None)
settings.load_profile("hedui")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whatever a test wants, the lock installs: in CI a skipped test is a failed one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped: in CI nothing may be")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
