"""What the worker looks at once an hour: messages that a day brings about, such as a question that falls due.

An app registers in `AppConfig.ready()`. The job is told which day it is, is run by every worker, and sees itself to it that
nobody is written to twice.
"""

from collections.abc import Callable
from datetime import date

type_job = Callable[[date], int]
_jobs: dict[str, type_job] = {}


def register_job(name: str, job: type_job) -> None:
    """Let the worker call `job(today)`."""
    _jobs[name] = job


def jobs() -> dict[str, type_job]:
    """The registered jobs by name."""
    return dict(_jobs)
