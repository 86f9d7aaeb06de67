"""The second wall, built by the migrations: PostgreSQL shows the site's role the rows of its account, and no others.

SQLite has no such wall; there the audit log is only guarded against change.
"""

from pathlib import Path
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from review.case_life.effects import CASE_FIELDS
from review.walls.scope import SITE_ROLE

HERE = Path(__file__).parent / "sql"
# Not inside a SELECT of its own: so the planner knows whose division it is, and how many rows that makes.
WHOLE = "division ~>=~ hedui_division() AND division ~<~ (hedui_division() || ':')"
OF_A_CASE = "((SELECT hedui_sees_all()) OR EXISTS (SELECT 1 FROM review_case AS c WHERE c.id = case_id))"
OF_A_FLAG = "((SELECT hedui_sees_all()) OR EXISTS (SELECT 1 FROM review_flag AS f WHERE f.flag_id = {table}.flag_id))"


def run_file(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    """Run ``sql/<name>.<database>.sql`` when there is one for this database; its statements end with ``;;``."""
    file = HERE / f"{name}.{schema_editor.connection.vendor}.sql"
    if file.exists():
        for statement in file.read_text(encoding="utf-8").split(";;"):
            if statement.strip():
                schema_editor.execute(statement.strip(), params=None)


def wall(schema_editor: BaseDatabaseSchemaEditor, table: str, seen: str, *, grants: str, writes: bool = False) -> None:
    """Show ``table`` to the site's role where ``seen`` holds and an account that reads cases is looking.

    ``grants``: what the role may do at all, such as ``SELECT, INSERT``. With ``writes`` the roles that act may add and
    change rows they see. The tables' owner, who publishes the nights, sees everything by a policy of its own.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    seen = f"(SELECT hedui_reads()) AND {seen.format(table=table)}"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY keeper ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
        f"CREATE POLICY readers ON {table} FOR SELECT TO {SITE_ROLE} USING ({seen})",
        f"GRANT {grants} ON {table} TO {SITE_ROLE}",
    ]
    if writes:
        acts = f"(SELECT hedui_acts()) AND {seen}"
        statements += [
            f"CREATE POLICY changers ON {table} FOR UPDATE TO {SITE_ROLE} USING ({acts}) WITH CHECK ({acts})",
            f"CREATE POLICY adders ON {table} FOR INSERT TO {SITE_ROLE} WITH CHECK ({acts})",
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def build(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All of it, in the order the tables depend on each other."""
    run_file(schema_editor, "role")
    of_case = f"SELECT, UPDATE (version, {', '.join(CASE_FIELDS)})"
    wall(schema_editor, "review_case", WHOLE, grants=of_case, writes=True)
    wall(schema_editor, "review_flag", OF_A_CASE, grants="SELECT")
    wall(schema_editor, "review_flagevent", OF_A_FLAG, grants="SELECT")
    wall(schema_editor, "review_evidence", OF_A_FLAG, grants="SELECT")
    wall(schema_editor, "review_decision", OF_A_CASE, grants="SELECT, INSERT", writes=True)
    wall(schema_editor, "review_casestep", OF_A_CASE, grants="SELECT, INSERT", writes=True)
    wall(schema_editor, "review_proposal", OF_A_CASE, grants="SELECT, INSERT, UPDATE", writes=True)
    run_file(schema_editor, "audit")


def build_for_pages(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The walls of what the pages show beside the flags; a saved view is its own account's alone."""
    wall(schema_editor, "review_member", OF_A_CASE, grants="SELECT")
    run_file(schema_editor, "pages")
