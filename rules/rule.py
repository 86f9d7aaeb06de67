"""A rule: one ``.sql`` file that begins with a YAML header in a comment. The header is checked when it is loaded."""

from collections.abc import Iterable, Mapping, Set
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from rules.declaration import RuleBookError, parsed_yaml, validated
from rules.grounds import Counted, Effect, Manner, Reads
from rules.query import Query, QueryError, parse, read_macros, read_query
from rules.views import BY_MONTH, VIEWS, macros_sql
from schemas.declaration import Identifier, Strict, Title
from schemas.link_reasons import ACCEPTED, Claim, Reason, reasons_claiming

HERE = Path(__file__).parent
SHARED = "shared"
GIVEN_VIEWS = frozenset({"membership", "decided", "flagged"})
"""All places on the registers, when each household was last decided on, and what the night's rules have found so far:
read without being named in ``reads``."""
YIELDED = (
    "scheme",
    "household_id",
    "member_id",
    "record_key",
    "period",
    "amount",
    "reason_zh",
    "reason_en",
    "evidence",
)
"""The columns every rule yields."""
SEVERITY = "severity"
"""A rule that yields this column too overrides the severity of its header."""
CLAIM_ON = "claim_on"
"""The day that what a finding says was not there should have been there; without it, the household's last decision."""
GROUND_ON = "ground_on"
"""The day of what a finding rests on: a record that speaks against it must not be older."""
COUNTED = "counted"
"""Whom a finding counted as of the household and whom it did not, each with why."""
OPTIONAL = {
    SEVERITY: "INTEGER",
    CLAIM_ON: "DATE",
    GROUND_ON: "DATE",
    COUNTED: "STRUCT(member_id VARCHAR, counts BOOLEAN, zh VARCHAR, en VARCHAR)[]",
}
"""The columns a rule may yield besides, each with its kind."""
CONTRADICTS = ("scheme", "household_id", "member_id", "about", "since", "zh", "en", "evidence")
"""What a view named in ``contradicted_by`` yields: ``about`` is the record it speaks of, ``since`` from when on."""


ASSUMED = {"zh": ";条款假定(assumed)", "en": "; the provision is assumed"}
"""How a legal basis says in words that its provision is our reading."""


class Direction(StrEnum):
    """Whom a rule speaks for: it doubts a benefit, protects a family, or draws a control sample."""

    DOUBT = "doubt"
    PROTECT = "protect"
    CONTROL = "control"


class SharedHeader(Strict):
    """What a shared view says of itself; what it reads through other shared views, those say."""

    id: Identifier
    says: Title
    reads: tuple[Identifier, ...] = ()
    parameters: tuple[Identifier, ...] = ()


class SqlText(Strict):
    """SQL that was read from a file."""

    sql: str
    text: str
    """The whole of its file."""

    @property
    def query(self) -> Query:
        """What its SQL reads, by itself and through the macros of every night."""
        return read_query(self.sql, macros())


class SharedView(SharedHeader, SqlText):
    """SQL that several rules read, as a view of the name of its file.

    ``reads`` and ``parameters`` include what it reads through other shared views.
    """


class Provision(Title):
    """The law a rule rests on, from when to when (both days included); without days, always."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    assumed: bool = False
    """That the provision is our reading: the page for lawyers says so."""

    @model_validator(mode="before")
    @classmethod
    def _assumed_in_words(cls, told: Any) -> Any:
        """Where the words end by saying that the provision is assumed, that is what ``assumed`` says."""
        if not isinstance(told, dict) or not all(str(told.get(key, "")).endswith(end) for key, end in ASSUMED.items()):
            return told
        return told | {key: told[key].removesuffix(end) for key, end in ASSUMED.items()} | {"assumed": True}


class Header(Strict):
    """What a rule says of itself, for caseworkers, lawyers and auditors."""

    id: Identifier
    title: Title
    direction: Direction
    severity: Annotated[int, Field(ge=1, le=3)]
    """3 is the most serious. The SQL may yield another for a single flag in a column ``severity``."""
    reads: Annotated[Reads, Field(min_length=1)]
    """The information types and registers the SQL reads, and how."""
    parameters: tuple[Identifier, ...] = ()
    """The policy parameters the SQL reads."""
    accepts: Annotated[tuple[Claim, ...], Field(min_length=1)] = ACCEPTED
    """What the links may claim that its flags rest on: what rests on any other is not told."""
    counts: tuple[Counted, ...] = ()
    """What the rule counts: no household with an unread line or cell there is judged by it."""
    contradicted_by: dict[Identifier, Effect] = Field(default_factory=dict)
    """The shared views of what would speak against a finding, each with what comes of it."""
    legal_basis: Annotated[tuple[Provision, ...], Field(min_length=1)]
    """What the rule cites, each provision on the nights on which it was in force."""
    check_on_visit: Title
    can_be_wrong: Title

    @field_validator("accepts")
    @classmethod
    def _can_carry_a_flag(cls, accepts: tuple[Claim, ...]) -> tuple[Claim, ...]:
        if Claim.QUESTION in accepts:
            raise ValueError(f"{Claim.QUESTION} links nothing: no flag can rest on it; remove it")
        return accepts

    @field_validator("legal_basis", mode="before")
    @classmethod
    def _of_all_days(cls, basis: Any) -> Any:
        """A single provision is cited on every night."""
        return [basis] if isinstance(basis, dict) else basis

    @model_validator(mode="after")
    def _one_law_a_day(self) -> Self:
        dated = sorted(self.legal_basis, key=lambda one: one.from_ or date.min)
        for earlier, later in pairwise(dated):
            if earlier.to is None or later.from_ is None or later.from_ <= earlier.to:
                raise ValueError(f"legal_basis: two hold on {later.from_ or 'every day'}: give the earlier one a to")
        return self

    @field_validator("reads", mode="before")
    @classmethod
    def _of_a_past_night(cls, reads: Any) -> Any:
        """A mere list, as headers had it once, does not say how."""
        return dict.fromkeys(reads) if isinstance(reads, list) else reads


class Rule(Header, SqlText):
    """A rule as loaded: its header, its SQL, and the version that tells one text of it from another."""

    views: tuple[SharedView, ...] = ()
    """The shared views it reads, directly or through another, each after those it reads itself."""
    version: str
    """The first 12 hex digits of the SHA-256 of its file and those of its shared views."""

    @property
    def accepted_reasons(self) -> tuple[Reason, ...]:
        """The reasons of the links that its flags may rest on."""
        return reasons_claiming(*self.accepts)


@cache
def load_rules(folder: Path = HERE) -> tuple[Rule, ...]:
    """Every ``*.sql`` of ``folder`` as a rule, in the order of their names.

    Raises RuleBookError, naming the file, the key and what to do, when a header or the SQL does not hold.
    """
    files = sorted(folder.glob("*.sql"))
    parse(_split(file)[2] for file in [*files, *(folder / SHARED).glob("*.sql")])
    return tuple(read_rule(file) for file in files)


def read_rule(file: Path, *, of_a_past_night: bool = False) -> Rule:
    """One rule from its file; the SQL may read only what the header declares, and must read all of it.

    The shared views it reads are those of the folder ``shared`` beside it. The text ``of_a_past_night`` may list what
    it reads without saying how; such a one said nothing either of whose records it takes, and took all.
    """
    text, header_text, sql = _split(file)
    header = validated(Header, parsed_yaml(header_text, file), file)
    if (unsaid := sorted(name for name, how in header.reads.items() if how is None)) and not of_a_past_night:
        manners = ", ".join(manner.value for manner in Manner)
        raise RuleBookError(f"{file}: reads: does not say how {unsaid} are read: write `type: ` and one of {manners}")
    if unsaid and "accepts" not in header.model_fields_set:
        header = header.model_copy(update={"accepts": (*ACCEPTED, Claim.CONFLICT)})
    views = _agrees_with_sql(header, sql, file, file.parent / SHARED)
    if not of_a_past_night:
        _accepts_what_it_reads(header, sql, views, file)
    version = sha256("\0".join([text, *(view.text for view in views)]).encode()).hexdigest()[:12]
    return Rule(**header.model_dump(), sql=sql, text=text, views=views, version=version)


@cache
def read_shared(file: Path, readers: tuple[Path, ...] = ()) -> tuple[SharedView, ...]:
    """A shared view from its file, after the ones it reads. ``readers`` are the views on the way to it."""
    if file in readers:
        way = " reads ".join(one.stem for one in [*readers[readers.index(file) :], file])
        raise RuleBookError(f"{file}: SQL: {way}: let one of them do without the other")
    text, header_text, sql = _split(file)
    header = validated(SharedHeader, parsed_yaml(header_text, file), file)
    views = _agrees_with_sql(header, sql, file, file.parent, (*readers, file))
    reads = set(header.reads).union(*(view.reads for view in views))
    parameters = set(header.parameters).union(*(view.parameters for view in views))
    everything = {"reads": tuple(sorted(reads)), "parameters": tuple(sorted(parameters))}
    return (*views, SharedView(**header.model_dump() | everything, sql=sql, text=text))


def _split(file: Path) -> tuple[str, str, str]:
    """The whole text of a file, its header and its SQL."""
    text = file.read_text(encoding="utf-8")
    opening, comment, rest = text.partition("/*")
    header, closing, sql = rest.partition("*/")
    if opening.strip() or not comment or not closing:
        raise RuleBookError(f"{file}: header: missing: begin the file with /* a YAML header */")
    return text, header, sql.strip().removesuffix(";")


def _agrees_with_sql(
    header: Header | SharedHeader, sql: str, file: Path, shared_folder: Path, readers: tuple[Path, ...] = ()
) -> tuple[SharedView, ...]:
    """Refuse a header that does not say what the SQL reads; return the shared views the SQL reads."""
    if header.id != file.stem:
        raise RuleBookError(f"{file}: id: is {header.id}: make it {file.stem}, as the file is called")
    try:
        query = read_query(sql, macros())
    except QueryError as error:
        raise RuleBookError(f"{file}: SQL: {error}") from None
    names = query.relations.keys() - GIVEN_VIEWS
    shared = {name: shared_folder / f"{name}.sql" for name in sorted(names)}
    against = header.contradicted_by if isinstance(header, Header) else {}
    shared |= {name: shared_folder / f"{name}.sql" for name in against}
    if unknown := sorted(name for name in against if not shared[name].exists()):
        raise RuleBookError(f"{file}: contradicted_by: there is no shared view {unknown}: write it or correct the name")
    views = {view.id: view for name in shared if shared[name].exists() for view in read_shared(shared[name], readers)}
    if isinstance(header, Header):
        _silenced_by_what_is_seen(header, views, file)
    # A rule declares all it reads, for whoever reads it alone; a shared view what it adds to the views it reads.
    told = views.values() if isinstance(header, Header) else ()
    types = {type_of(name) for name in names - views.keys()}
    _same("reads", set(header.reads), types.union(*(view.reads for view in told)), file)
    _same("parameters", set(header.parameters), query.parameters.union(*(view.parameters for view in told)), file)
    if unread := sorted(query.asked_delivered - set(header.reads)):
        raise RuleBookError(f"{file}: reads: the SQL asks whether {unread} were delivered, not declared: add them")
    return tuple(views.values())


def _silenced_by_what_is_seen(header: Header, views: Mapping[str, SharedView], file: Path) -> None:
    """Where what would silence a finding was not delivered, nobody knows whether it is silenced."""
    for name, effect in header.contradicted_by.items():
        loose = sorted(read for read in views[name].reads if header.reads.get(read) is Manner.MAY_TELL)
        if effect is Effect.SILENCES and loose:
            raise RuleBookError(
                f"{file}: reads: {name} silences a finding and reads {loose}: write `{Manner.ABSENCE_TELLS.value}`"
            )


def _accepts_what_it_reads(header: Header, sql: str, views: Iterable[SharedView], file: Path) -> None:
    """Refuse a header that accepts what no view has that the SQL reads."""
    read = {name for one in (read_query(sql, macros()), *(view.query for view in views)) for name in one.relations}
    shown = {
        Claim.CONFLICT: ("conflict_", "perhaps_"),
        Claim.CONTRADICTED: ("perhaps_",),
        Claim.LEAD: ("lead_", "perhaps_"),
    }
    for claim, prefixes in shown.items():
        if claim in header.accepts and not any(name.startswith(prefixes) for name in read):
            raise RuleBookError(f"{file}: accepts: {claim}: the SQL reads no view with such links: remove it")


@cache
def macros() -> dict[str, Query]:
    """What the macros that every rule may call read, by their names."""
    return read_macros(macros_sql())


def type_of(view: str) -> str:
    """The type whose records a table or view shows that is no shared one."""
    for prefix in VIEWS:
        view = view.removeprefix(f"{prefix}_")
    return view.removeprefix(BY_MONTH)


def _same(key: str, declared: set[str], used: Set[str], file: Path) -> None:
    if undeclared := sorted(used - declared):
        raise RuleBookError(f"{file}: {key}: the SQL reads {undeclared}, not declared: add them")
    if unused := sorted(declared - used):
        raise RuleBookError(f"{file}: {key}: {unused} are declared and not read by the SQL: remove them")


def shared_views(rules: Iterable[Rule]) -> dict[str, SharedView]:
    """The shared views that any of ``rules`` reads, each after those it reads itself."""
    return {view.id: view for rule in rules for view in rule.views}


def types_read(rules: Iterable[Rule]) -> frozenset[str]:
    """All types that any of ``rules`` reads, without those behind the register view."""
    return frozenset(name for rule in rules for name in rule.reads)
