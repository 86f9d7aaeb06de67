"""``hedui requests``: what engineers asked for at the site, and carrying it out before the next night does."""

import json
from dataclasses import asdict
from pathlib import Path

import typer

from engines.lake import Lake
from pipelines.lake_lock import whole_lake
from pipelines.requests import carry_out_requests
from schemas.catalogue import load_catalogue

NEWEST = 20


def run(root: Path, *, database_url: str, carry_out: bool, as_json: bool) -> None:
    """List the newest requests; ``carry_out``: do first what waits. Raises LakeBusyError while a night runs."""
    from review.configure import configure, migrate

    configure(database_url)
    migrate()
    if carry_out:
        lake = Lake(root)
        with whole_lake(lake):
            done = carry_out_requests(lake, load_catalogue(), database_url)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=1))
            return
        for one in done:
            typer.echo(f"{one.asked} {one.type_name} {one.delivery}: {one.zh} {one.en}")
        if not done:
            typer.echo("nothing was asked for 没有待办请求")
        return
    _list(as_json=as_json)


def _list(*, as_json: bool) -> None:
    from review.delivery_requests import DeliveryRequest

    newest = DeliveryRequest.objects.order_by("-requested_at", "-pk")[:NEWEST]
    if as_json:
        typer.echo(json.dumps(list(newest.values()), ensure_ascii=False, indent=1, default=str))
        return
    for one in newest:
        said = f"{one.state} {one.asked} {one.type_name} {one.delivery_id} by {one.requested_by}: {one.reason}"
        typer.echo(f"{said}\n  {one.outcome_zh} {one.outcome_en}" if one.outcome_en else said)
    if not newest:
        typer.echo("nothing was asked for 没有请求")
