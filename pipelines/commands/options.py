"""Options that several commands have in common."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Day = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The business date of the night.")]
LakeFolder = Annotated[Path, typer.Option("--lake", envvar="HEDUI_LAKE", help="The folder of the lake.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DEFAULT_LAKE = Path("var/lake")
DEMO = Path("var/demo")
