"""Load what tasks need in the process that forks them, so that each starts at once and not in seconds.

That is what they import, the contracts and the rules: a scheduler runs those that were there when it started, whatever
was edited since. Airflow's workers read ``airflow_local_settings.py`` when they start; ours (``deploy/``) calls this.
Nothing here leaves a thread or an open file, so that a forked process may go on from it.
"""

import importlib
import sys

FORKING = ("scheduler", "celery")
"""The commands of Airflow whose processes fork tasks."""
HEAVY = (
    *("duckdb", "pyarrow.dataset", "pyarrow.parquet", "pyarrow.csv", "deltalake", "numpy", "pandas"),
    *("great_expectations.datasource.fluent", "pypinyin", "psycopg", "django.db.models"),
    *("pipelines.scheduled", "pipelines.stages", "pipelines.intake.ingest", "pipelines.link", "pipelines.flag"),
    *("pipelines.provenance.standing", "pipelines.reporting.even_handedness.report"),
)


def load_ahead() -> None:
    """Import what tasks need, if this process forks tasks."""
    if len(sys.argv) > 1 and sys.argv[1] in FORKING:
        from expectations.judging import great_expectations

        great_expectations()
        for name in HEAVY:
            importlib.import_module(name)
        from rules.book import load_rule_book
        from schemas.catalogue import load_catalogue

        load_catalogue()
        load_rule_book()
