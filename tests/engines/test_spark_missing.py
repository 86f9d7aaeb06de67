"""Without a JVM the tests of Spark are skipped and say why; in CI, which can install one, that is a fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.spark_for_tests import why_not

TESTS = ("tests/engines/test_spark.py", "tests/pipelines/test_sample_nights.py")
INSTALL = "apt-get install openjdk-17-jre-headless"


@pytest.fixture
def folder_of_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder where a JVM is looked for; it is empty."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def java_says(folder: Path, told: str) -> None:
    java = folder / "java"
    java.write_text(f"#!/bin/sh\necho '{told}' >&2\n", encoding="utf-8")
    java.chmod(0o755)


@pytest.mark.usefixtures("folder_of_java")
def test_without_a_jvm_the_reason_says_what_to_install() -> None:
    assert INSTALL in (why_not.__wrapped__() or "")


def test_a_java_home_without_a_jvm_is_no_jvm(folder_of_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java_says(folder_of_java, 'openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("JAVA_HOME", str(folder_of_java / "nowhere"))
    reason = why_not.__wrapped__() or ""
    assert INSTALL in reason
    assert "JAVA_HOME" in reason


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ('openjdk version "17.0.15" 2025-04-15', None),
        ('openjdk version "21" 2023-09-19', None),
        ('java version "1.8.0_402"', "the JVM is 1"),
        ('openjdk version "11.0.2" 2019-01-15', "the JVM is 11"),
        ("Error: could not find libjava.so", "the JVM is unknown"),
    ],
)
def test_a_jvm_that_is_too_old_is_told_by_its_version(folder_of_java: Path, told: str, reason: str | None) -> None:
    java_says(folder_of_java, told)
    found = why_not.__wrapped__()
    assert found is None if reason is None else found is not None and reason in found and INSTALL in found


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "ends"), [("", 0), ("true", 1)], ids=["elsewhere", "in CI"])
def test_every_test_of_spark_is_skipped_and_says_why(folder_of_java: Path, ci: str, ends: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "-m", "spark", *TESTS],
        env=os.environ | {"CI": ci, "PYTEST_ADDOPTS": f"--basetemp={folder_of_java / 'tests'}"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert told
    assert all(INSTALL in line for line in told)
    assert "passed" not in done.stdout
    assert ("in CI nothing may be" in done.stdout) == bool(ci)
