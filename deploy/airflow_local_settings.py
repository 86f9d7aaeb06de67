"""Airflow reads this when it starts, from the folder ``config`` of its home."""

from dags.warm import load_ahead

load_ahead()
