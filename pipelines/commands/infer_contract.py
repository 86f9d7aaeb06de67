"""``hedui infer``: a draft contract from a sample file, or the aliases that a known type lacks."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

import typer
from duckdb import DuckDBPyConnection
from rich.markup import escape

from engines.embedded import connect
from pipelines.commands.screen import screen
from pipelines.commands.show_inferred import as_json_values, show, show_trial
from pipelines.drafting.alias_patch import as_patch, with_aliases
from pipelines.drafting.aliases import Comparison, compared
from pipelines.drafting.draft import Draft, draft_of
from pipelines.drafting.draft_text import as_yaml
from pipelines.drafting.sample import Sample, read_sample
from pipelines.drafting.trial import Trial, try_out
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.settings import SHANGHAI
from schemas.catalogue import HERE, ContractError, contract_in, load_catalogue
from schemas.contract import Contract

ASIDE = screen(stderr=True)


class InferenceError(RuntimeError):
    """A sample that nothing can be inferred from, or a file that is not to be overwritten."""

    exit_code = 4


def run(
    sample: Path, *, type_name: str | None, department: str | None, out: Path | None, force: bool, as_json: bool
) -> None:
    """Infer, write the draft or the patch, and tell beside it what was seen.

    Raises InferenceError for a file that cannot be read or is not to be overwritten, NoHeaderError for one without a
    header, ContractError for a department that is not listed.
    """
    if out and out.exists() and not force:
        raise InferenceError(f"{out} is there already: give another --out, or --force to replace it")
    catalogue = load_catalogue()
    if department and department not in catalogue.departments:
        known = ", ".join(catalogue.departments)
        raise ContractError(f"no department {department!r}: use one of {known}, or add it to departments.yaml first")
    with tempfile.TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        try:
            read = read_sample(sample, Path(spill), catalogue.contracts.get(type_name or ""))
            if type_name in catalogue.contracts:
                comparison = compared(connection, read, catalogue[type_name])
                text, contract = _patched(comparison)
                found: Draft | Comparison = comparison
            else:
                draft = draft_of(
                    connection, read, name=type_name or _name_of(out), department=department or _department_of(out)
                )
                text = as_yaml(draft)
                contract = contract_in(text, out or HERE / draft.department / f"{draft.name}.yaml")
                found = draft
            trial = _tried(connection, read, contract)
        except UnreadableDeliveryError as error:
            raise InferenceError(f"{sample.name}: {error} ({error.message_zh})") from None
    if as_json:
        typer.echo(json.dumps(as_json_values(found, trial) | {"text": text}, ensure_ascii=False, indent=1))
        return
    show(ASIDE, found)
    show_trial(ASIDE, trial, contract)
    _write(text, out)


def _tried(connection: DuckDBPyConnection, sample: Sample, contract: Contract) -> Trial | str:
    """What a delivery of the sample would come to; else why that is not known."""
    if not sample.whole:
        return "the sample was not read to its end, so the contract was not tried on it"
    try:
        return try_out(connection, sample.path, contract, datetime.now(SHANGHAI).date())
    except UnreadableDeliveryError as error:
        return f"a delivery like the sample would be refused: {error} ({error.message_zh})"


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    ASIDE.print(f"written to {escape(str(out))}", soft_wrap=True, highlight=False)


def _patched(comparison: Comparison) -> tuple[str, Contract]:
    """The patch of aliases (empty where none is to be added), and the contract as it is with them."""
    contract = comparison.contract
    file = HERE / contract.department / f"{contract.name}.yaml"
    before = file.read_text(encoding="utf-8")
    after = with_aliases(before, comparison.suggested)
    return as_patch(before, after, Path("schemas") / contract.department / file.name), contract_in(after, file)


def _name_of(out: Path | None) -> str | None:
    return out.stem if out and out.suffix == ".yaml" else None


def _department_of(out: Path | None) -> str | None:
    folder = out.absolute().parent.name if out else None
    return folder if folder in load_catalogue().departments else None
