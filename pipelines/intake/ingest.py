"""Ingest: one delivery from the inbox to the lake — land, conform, check — and the receipt that settles it."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from engines.lake import Lake
from expectations.gate import Gate, Verdict, refused_for
from pipelines.deliveries.kept_contracts import version_of
from pipelines.deliveries.receipts import READ, Receipt, ReceiptStore, Status
from pipelines.intake.block_workers import BlockWorkers
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.delivery_failure import concerns_everybody, log_failure, unforeseen
from pipelines.intake.header import Header, read_columns
from pipelines.intake.inbox import InboxFile
from pipelines.intake.land import Landed, UnreadableDeliveryError, detect_encoding, id_of, land, likely_encoding
from pipelines.intake.plain_text import PlainText, as_plain_text
from pipelines.intake.quarantine import DeliveryKey, tables_of
from pipelines.intake.read_again import (
    as_next_reading,
    holds_the_same,
    landed_before,
    seen_again,
    standing_reading,
    still_withdrawn,
)
from pipelines.intake.same_day import Beside, as_many_as_a_sheet_holds
from schemas.contract import Contract


@dataclass(frozen=True)
class Ingest:
    """What every delivery of a night needs."""

    lake: Lake
    receipt_store: ReceiptStore
    connection: duckdb.DuckDBPyConnection
    gate: Gate
    night: date | None = None
    """The business date of the night that takes them in."""
    workers: BlockWorkers | None = None
    """Those that deliveries settled side by side share."""

    def settle(self, delivery: InboxFile, contract: Contract, *, alone: bool = False) -> Receipt:
        """Take one delivery in, and write its receipt. ``alone``: nothing else is being settled beside it.

        Raises ChangingDeliveryError for one that is left for the next night, what concerns everybody, and, where it is
        not alone, whatever nobody foresaw (``pipelines.intake.delivery_failure``).
        """
        receipt = self._receipt(delivery, contract)
        try:
            landed = land(delivery, contract.department, self.lake)
            receipt = as_next_reading(self.receipt_store, self._with_content(receipt, landed))
            receipt = (
                still_withdrawn(self.receipt_store, receipt)
                or self._as_before(receipt)
                or self._read(receipt, landed, contract)
            )
        except UnreadableDeliveryError as error:
            receipt = receipt.model_copy(update={"failures": (error.failure,)})
        except BaseException as error:
            if not alone or concerns_everybody(error):
                raise
            log_failure(error, type_name=contract.name, source=delivery.source)
            # A lake that cannot be written is everybody's concern, however the library that writes it says so.
            self.lake.prove_writable()
            receipt = receipt.model_copy(update={"failures": (unforeseen(error),)})
        self.receipt_store.write(receipt)
        return receipt

    def read_again(self, receipt: Receipt, contract: Contract) -> Receipt:
        """Read what once landed with a delivery by the contract of today, and write the receipt of that reading.

        ``receipt``: the delivery's newest. The inbox is not looked at. A reading that comes to the same rows leaves the
        one that stands, and one that is refused takes nothing's place. Raises BytesGoneError, and whatever nobody
        foresaw, with nothing changed.
        """
        landed = landed_before(self.lake, receipt)
        again = as_next_reading(self.receipt_store, receipt.before_reading(version_of(contract)))
        if again.reading > 1:
            # No night took it in.
            again = again.model_copy(update={"night": None})
        try:
            again = self._as_before(again) or self._read(again, landed, contract)
        except UnreadableDeliveryError as error:
            again = again.model_copy(update={"failures": (error.failure,)})
        self.receipt_store.write(again)
        return again

    def _receipt(self, delivery: InboxFile, contract: Contract) -> Receipt:
        """The receipt of what has not been opened: it has no content, and its id is of its name."""
        delivery_id = id_of(delivery, hashlib.sha256(delivery.source.encode()).hexdigest())
        return Receipt(
            delivery_id=delivery_id,
            type_name=contract.name,
            delivery_date=delivery.delivery_date,
            received=delivery.received,
            sequence=delivery.sequence,
            part=delivery.part,
            parts=delivery.parts,
            corrects=delivery.corrects,
            source=delivery.source,
            size=delivery.size,
            modified_ns=delivery.modified_ns,
            sha256="",
            contract_version=version_of(contract),
            status=Status.UNREADABLE,
            settlement=self.receipt_store.next_settlement(contract.name, delivery.source, delivery_id),
            night=self.night,
        )

    def _with_content(self, receipt: Receipt, landed: Landed) -> Receipt:
        return receipt.model_copy(
            update={
                "delivery_id": landed.delivery_id,
                "sha256": landed.sha256,
                "size": landed.size,
                "modified_ns": landed.modified_ns,
                "settlement": self.receipt_store.next_settlement(receipt.type_name, receipt.source, landed.delivery_id),
            }
        )

    def _as_before(self, receipt: Receipt) -> Receipt | None:
        """The receipt completed from an earlier delivery of the same bytes, read under the same contract."""
        stands = standing_reading(self.receipt_store, receipt)
        if stands and not stands.same_as and stands.contract_version == receipt.contract_version:
            return None
        for earlier in self.receipt_store.of_type(receipt.type_name):
            same = (earlier.sha256, earlier.contract_version) == (receipt.sha256, receipt.contract_version)
            if not same or earlier.status is not Status.ACCEPTED or earlier.delivery == receipt.delivery:
                continue
            if earlier.usable and self._rows_are_kept(earlier):
                counts = {name: getattr(earlier, name) for name in READ}
                if stands and self.receipt_store.rows_for(stands) == earlier.delivery_id:
                    return seen_again(stands, receipt).model_copy(update=counts)
                return receipt.model_copy(update={**counts, "status": Status.REPEATED, "same_as": earlier.delivery_id})
        return None

    def _rows_are_kept(self, receipt: Receipt) -> bool:
        """Whether the lake still has every row of a delivery: retention drops deliveries, and rows of increments."""
        kept = [self.lake.rows(table, "delivery_id", receipt.delivery_id) for table in tables_of(receipt.type_name)]
        return kept == [receipt.conformed, receipt.quarantined, receipt.noted]

    def _read(self, receipt: Receipt, landed: Landed, contract: Contract) -> Receipt:
        aside = self.lake.root / "aside" / contract.name / receipt.delivery_id
        key = DeliveryKey(receipt.delivery_id, receipt.delivery_date)
        beside = Beside.of(receipt, contract, self.receipt_store)
        shutil.rmtree(aside, ignore_errors=True)
        try:
            text = as_plain_text(landed.path, contract, aside)
            encoding, header, conformed = self._conform(text, contract, key, aside)
            verdict = self.gate.check(
                contract,
                conformed.rows,
                conformed.quarantine,
                landed=conformed.landed,
                of_nobody=conformed.of_nobody,
                unread=conformed.unread,
                keys_differ=conformed.keys_differ,
                headers_missing=list(header.missing),
                last_good_rows=beside.last_good_rows,
                delivery_date=receipt.delivery_date,
            )
            unlike = None
            if verdict.accepted and not receipt.corrects:
                unlike = beside.unlike(self.connection, self.lake, conformed.rows)
            if verdict.accepted:
                asked = unlike.failure if unlike and not unlike.overwritten else None
                verdict = refused_for(verdict, asked or beside.with_its_parts(conformed.conformed))
            stands = standing_reading(self.receipt_store, receipt)
            if (
                stands
                and verdict.accepted
                and holds_the_same(self.lake, contract.name, self.receipt_store.rows_for(stands), conformed)
            ):
                return seen_again(stands, receipt)
            self._keep(contract, key, conformed, verdict)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        begins = sorted(one.first_line for one in text.sections if one.first_line is not None)
        warnings = as_many_as_a_sheet_holds(conformed.landed, len(header.above) + 1 + len(header.below), begins)
        if unlike and verdict.accepted:
            warnings += (unlike.warning,)
        return receipt.model_copy(
            update={
                "status": Status.ACCEPTED if verdict.accepted else Status.REFUSED,
                "came_as": text.came_as,
                "sections": text.sections,
                "encoding": encoding,
                "landed": conformed.landed,
                "conformed": conformed.conformed,
                "quarantined": conformed.quarantined,
                "quarantined_by_rule": conformed.by_rule,
                "cell_notes": conformed.noted,
                "headers_missing": header.missing,
                "headers_unknown": header.unknown,
                "failures": tuple(verdict.failures),
                "warnings": warnings,
                "unlike": unlike.earlier.delivery if unlike and not verdict.accepted else None,
            }
        )

    def _conform(
        self, text: PlainText, contract: Contract, delivery: DeliveryKey, aside: Path
    ) -> tuple[str, Header, Conformed]:
        """Conform in the encoding the file begins in; only where that does not hold is the whole file searched."""
        path, encoding = text.path, text.encoding or likely_encoding(text.path)
        try:
            return self._conform_in(encoding, path, contract, delivery, aside, strict=True)
        except UnicodeDecodeError:
            return self._conform_in(detect_encoding(path), path, contract, delivery, aside, strict=False)

    def _conform_in(
        self, encoding: str, path: Path, contract: Contract, delivery: DeliveryKey, aside: Path, *, strict: bool
    ) -> tuple[str, Header, Conformed]:
        header = read_columns(path, encoding, contract)
        done = conform(
            self.connection,
            path,
            encoding,
            contract,
            header,
            delivery=delivery,
            aside=aside,
            strict=strict,
            workers=self.workers,
        )
        return encoding, header, done

    def _keep(self, contract: Contract, delivery: DeliveryKey, conformed: Conformed, verdict: Verdict) -> None:
        """Quarantine, notes and check results are kept for every delivery, rows only of an accepted one."""
        good, set_apart, noted = tables_of(contract.name)
        if verdict.accepted:
            self.lake.adopt(good, delivery.partition, conformed.rows)
        beside = ((set_apart, conformed.quarantine, conformed.quarantined), (noted, conformed.notes, conformed.noted))
        for table, folder, some in beside:
            if some:
                self.lake.adopt(table, delivery.partition, folder)
            elif self.lake.rows(table, "delivery_id", delivery.delivery_id):
                # Read before, under another contract.
                self.lake.drop(table, "delivery_id", delivery.delivery_id)
        results = self.lake.folder("checks", contract.name) / f"{delivery.delivery_id}.json"
        results.write_text(json.dumps(verdict.results, ensure_ascii=False, indent=1), encoding="utf-8")
