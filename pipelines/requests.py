"""Requests that engineers left at the site are carried out: by the night, before it links, or by ``hedui requests``.

The caller holds the lake. A request that cannot be carried out is answered with why, and the others go on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from engines.embedded import Limits
from engines.lake import Lake
from pipelines.deliveries.named import NoSuchDeliveryError
from pipelines.deliveries.receipts import Withdrawal
from pipelines.progress import LOG
from pipelines.provenance.made_otherwise import nights_made_otherwise
from pipelines.reprocess import reprocess, to_read_again
from pipelines.settings import SHANGHAI
from pipelines.withdraw import WithdrawError, Withdrawn, restore, withdraw
from schemas.catalogue import Catalogue, ContractError

if TYPE_CHECKING:
    from review.delivery_requests import DeliveryRequest


@dataclass(frozen=True)
class CarriedOut:
    """What came of a request, for people."""

    asked: str
    type_name: str
    delivery: str
    done: bool
    zh: str
    en: str


def carry_out_requests(
    lake: Lake, catalogue: Catalogue, database_url: str, limits: Limits | None = None
) -> list[CarriedOut]:
    """Do what waits, the oldest first; the review database is told what came of each.

    A database that does not answer, or has no tables yet, has nothing to ask for: the night that publishes needs it.
    """
    from review.configure import configure

    configure(database_url)
    from django.db import Error as DatabaseError

    from review.delivery_requests import RequestState, settle, waiting_requests

    try:
        waiting = waiting_requests()
    except DatabaseError as error:
        LOG.warning("stage=requests could not be looked at (%s)", type(error).__name__)
        return []
    carried_out = []
    for request in waiting:
        done, zh, en = _carry_out(lake, catalogue, database_url, request, limits)
        settle(request, RequestState.DONE if done else RequestState.FAILED, zh, en)
        LOG.info("stage=requests asked=%s type=%s done=%s", request.asked, request.type_name, done)
        carried_out.append(CarriedOut(request.asked, request.type_name, request.delivery_id, done, zh, en))
    return carried_out


def _carry_out(
    lake: Lake, catalogue: Catalogue, database_url: str, request: "DeliveryRequest", limits: Limits | None
) -> tuple[bool, str, str]:
    """Whether it was done, and what is to be said of it."""
    from review.delivery_requests import Asked

    by = Withdrawal(day=datetime.now(tz=SHANGHAI).date(), by=request.requested_by, reason=request.reason)
    try:
        match request.asked:
            case Asked.WITHDRAW:
                done = withdraw(lake, request.delivery_id, by, database_url)
                return True, *_with_nights(("已撤回", "taken back"), _nights(done))
            case Asked.RESTORE:
                done = restore(lake, request.delivery_id, by, database_url)
                return True, *_with_nights(("已恢复", "restored"), _nights(done))
            case _:
                return True, *_reread(lake, catalogue, request, limits)
    except (WithdrawError, NoSuchDeliveryError, ContractError) as error:
        return False, f"未执行:{error}", f"not done: {error}"


def _reread(lake: Lake, catalogue: Catalogue, request: "DeliveryRequest", limits: Limits | None) -> tuple[str, str]:
    of_type = request.type_name if not request.delivery_id else ""
    receipts = to_read_again(lake, catalogue, delivery=request.delivery_id, type_name=of_type)
    read = list(reprocess(lake, catalogue, receipts, limits)) if receipts else []
    changed = [one for one in read if one.changed]
    failed = sum(bool(one.problem) for one in read)
    rows = sum(one.after.conformed - one.before.conformed for one in changed if one.after)
    zh = f"重新读取 {len(read)} 个批次,{len(changed)} 个结果不同(可用行 {rows:+,})"
    en = f"{len(read)} deliveries read again, {len(changed)} came out otherwise (usable rows {rows:+,})"
    if failed:
        zh, en = f"{zh},{failed} 个未能读取", f"{en}, {failed} could not be read"
    return _with_nights((zh, en), nights_made_otherwise(lake, catalogue, [request.type_name]))


def _nights(done: Withdrawn) -> list[date]:
    return list(done.nights)


def _with_nights(said: tuple[str, str], nights: list[date]) -> tuple[str, str]:
    """With the past nights that were made of other rows, which only a backfill makes again."""
    zh, en = said
    if not nights:
        return f"{zh}。", f"{en}."
    span = f"hedui backfill --from {nights[0]} --to {nights[-1]}"
    return f"{zh}。既往 {len(nights)} 夜如需重做:{span}", f"{en}. To run {len(nights)} past nights again: {span}"
