"""A first start that is cut short at any moment: the next start of the same folder serves."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.test_supervisor import Demo, running

pytestmark = pytest.mark.sweep


def press_control_c(network: Demo) -> None:
    """As a terminal does: to everything in the foreground, not to our command alone."""
    os.killpg(network.process.pid, signal.SIGINT)


def kill(network: Demo) -> None:
    """Kill it as the kernel does if memory runs out."""
    network.process.kill()


@pytest.fixture(scope="module")
def first_start_seconds(module_path: Path) -> float:
    """How long a first start takes that nobody interrupts."""
    begun = time.monotonic()
    with running(module_path / "whole", "up"):
        return time.monotonic() - begun


@pytest.mark.parametrize("interrupt", [press_control_c, kill], ids=["control-c", "kill"])
@pytest.mark.parametrize("moment", range(10))
def test_an_interrupted_first_start_is_no_harm(
    tmp_path: Path, first_start_seconds: float, moment: int, interrupt: Callable[[Demo], None]
) -> None:
    """Ten stretches of the first start, one moment in each by chance, twice each."""
    share = (moment + random.random()) / 10
    cut_short = Demo(tmp_path / "data", "up")
    time.sleep(share * first_start_seconds)

    interrupt(cut_short)
    cut_short.process.wait(60)
    cut_short.log.close()

    with running(tmp_path / "data", "up") as network:
        assert network.page() == 200, f"after {share:.0%} of the first start"
        assert network.stop(signal.SIGTERM) == 0
