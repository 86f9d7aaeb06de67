"""The night: every stage in order, for one business date, in this process.

Each stage is a function of the date, its inputs as of that date, and versions; it writes aside and publishes in one
step. So a night that is run again gives the same rows, and one that was killed is simply run again.
"""

from pipelines import stages
from pipelines.lake_lock import LakeBusyError, whole_lake
from pipelines.progress import Progress
from pipelines.reporting.report import NightReport
from pipelines.requests import carry_out_requests
from pipelines.stages import Night, RosterUnusableError

__all__ = ["LakeBusyError", "Night", "RosterUnusableError", "run_night"]


def run_night(night: Night, progress: Progress | None = None) -> NightReport:
    """Take in what came, do what engineers asked for, link, flag and publish; return the report, which the lake keeps.

    Raises RosterUnusableError when a roster is missing, late or refused, LakeBusyError when another night is running,
    pipelines.intake.inbox.InboxMissingError when there is no inbox, and schemas.catalogue.ContractError when ``types``
    names one that does not exist.
    """
    progress = progress or Progress()
    with whole_lake(night.lake):
        night = stages.knowing_what_was_known(night)
        stages.take_in(night, progress)
        carry_out_requests(night.lake, night.catalogue, night.database_url, night.limits)
        links = stages.link_people(night, progress)
        flags = stages.flag_people(night, progress)
        published = stages.publish(night, progress, links=links, flags=flags)
        stages.document(night, progress)
        return stages.report(night, progress, links=links, flags=flags, published=published)
