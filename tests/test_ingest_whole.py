"""An ingest that is killed, or whose disk is full, at any call that it makes to the library's files.

The faults come from outside: `faults.c`, loaded before libc, counts the calls of the product as it is, whichever part
makes them, and kills the process or refuses it room at the one that is asked for.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import run
from tests import shelf
from tests.web import wait_for

SEED = 20_261
OLD_PAY, NEW_PAY = "84,500 crowns", "99,500 crowns"


@dataclass(frozen=True)
class World:
    """`old`: a library of three guides, to be copied; `guides`: their next state; `calls`: what an ingest of these does
    to the library's files; `generation`: what it comes to, by way of a library that was never disturbed."""

    faults: Path
    old: Path
    guides: Path
    calls: tuple[str, ...]
    generation: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> World:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    folder = tmp_path_factory.mktemp("faults")
    faults = folder / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(faults), str(source), "-ldl", "-lpthread"], check=True
    )
    old = shelf.build(folder, settings)
    guides = shelf.write(folder / "guides")
    pay = (guides / "pay.md").read_text(encoding="utf-8")
    (guides / "pay.md").write_text(pay.replace(OLD_PAY, NEW_PAY), encoding="utf-8")
    (guides / "interviews.txt").unlink()
    (guides / "nets.md").write_text("# Nets\n\nNets hold fish, and people mend them by hand.\n")
    library = shutil.copytree(old, folder / "straight")
    done = ingest(World(faults, old, guides, (), ""), library, FAULT_DO="list", FAULT_LIST=str(folder / "list"))
    assert done.returncode == 0, done.stderr
    calls = (folder / "list").read_text(encoding="utf-8").replace(str(library), "").splitlines()
    return World(faults, old, guides, tuple(calls), json.loads(done.stdout)["generation"])


def ingest(world: World, library: Path, **faults: str) -> subprocess.CompletedProcess[str]:
    """`waymark ingest` of the new state of the guides, with faults."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    environment = {**clean, "LD_PRELOAD": str(world.faults), "FAULT_FOLDER": str(library), **faults}
    command = [sys.executable, "-m", "ui.cli", "ingest", str(world.guides), "--library", str(library), "--json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def answers_from(library: Path, settings: Settings) -> str:
    """ "old" or "new", by every document that the library shows; anything else fails."""
    opened = Library.open(library, settings)
    try:
        assert opened.status == "ok"
        titles = {info.title for info in opened.documents()}
        (pay,) = (opened.document(info.id).text for info in opened.documents() if info.source == "pay.md")
        state = "old" if OLD_PAY in pay else "new"
        assert (NEW_PAY in pay) == (state == "new")
        assert ("Nets" in titles, "Preparing for interviews" in titles) == (state == "new", state == "old")
        opened.current().check()
        return state
    finally:
        opened.close()


def killed_at(world: World, points: Sequence[int], tmp_path: Path, settings: Settings) -> None:
    """A kill at each of the calls numbered; then the old or the new library answers, and never a mixture."""
    switch = 1 + world.calls.index("rename /CURRENT")
    for point in points:
        library = shutil.copytree(world.old, tmp_path / f"killed-{point}")
        done = ingest(world, library, FAULT_DO="kill", FAULT_AT=str(point))
        # Chroma's own calls vary a little from run to run, so late points may be past the end.
        assert done.returncode in (-signal.SIGKILL, 0), done.stderr
        state = answers_from(library, settings)
        if point < switch - 20:
            assert (done.returncode, state) == (-signal.SIGKILL, "old"), world.calls[point - 1]
        if done.returncode == 0:
            assert state == "new"
        last = library
    report = run([str(world.guides)], last, settings)
    assert report.generation == world.generation, "a run again comes to the same"
    assert answers_from(last, settings) == "new"
    assert not [path for path in (last / "generations").iterdir() if path.name.startswith(".")]
    assert run([str(world.guides)], last, settings).embedded == 0


def full_at(world: World, points: Sequence[int], tmp_path: Path, settings: Settings) -> None:
    """No room from each of the calls numbered on; then a sentence, and the old library answers on."""
    switch = 1 + world.calls.index("rename /CURRENT")
    for point in points:
        library = shutil.copytree(world.old, tmp_path / f"full-{point}")
        done = ingest(world, library, FAULT_DO="full", FAULT_AT=str(point))
        if point < switch - 20:
            assert answers_from(library, settings) == "old"
            assert done.returncode == 1, done
            assert done.stderr.startswith("error: "), done.stderr
            assert done.stderr.count("\n") == 1, done.stderr
            assert "as it was" in done.stderr
            assert "full" in done.stderr or "No space" in done.stderr or "disk" in done.stderr
        else:
            answers_from(library, settings)
        last = library
    assert run([str(world.guides)], last, settings).generation == world.generation, "with room it goes on"


def test_an_ingest_killed_at_any_call_loses_nothing(world: World, tmp_path: Path, settings: Settings) -> None:
    """Ten points: before and after the switch, in the middle of a write of the truth, and seven by chance."""
    chance = random.Random(SEED)
    print(f"seed {SEED}, {len(world.calls)} calls")
    switch = 1 + world.calls.index("rename /CURRENT")
    truth = [n for n, call in enumerate(world.calls, 1) if call == "write /store.sqlite3-wal"]
    points = [*chance.sample(range(1, switch), 7), chance.choice(truth), switch, switch + 1]
    killed_at(world, points, tmp_path, settings)


def test_a_disk_that_is_full_at_any_write_leaves_the_old_library(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    writes = [n for n, call in enumerate(world.calls, 1) if call.startswith("write ")]
    print(f"{len(writes)} writes")
    full_at(world, writes[:: len(writes) // 5], tmp_path, settings)


def test_two_ingests_at_once_come_to_what_they_come_to_in_turn(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    library, ropes = tmp_path / "library", tmp_path / "more" / "ropes.md"
    ropes.parent.mkdir()
    ropes.write_text("# Ropes\n\nRopes hold boats.\n")
    waymark = [sys.executable, "-m", "ui.cli", "ingest", "--library", str(library)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    first = subprocess.Popen([*waymark, str(world.guides)], **quiet)  # type: ignore[call-overload]
    try:
        wait_for((library / "lock-holder.json").exists)
        first.send_signal(signal.SIGSTOP)  # so that it is still at it, however fast it is
        second = subprocess.run([*waymark, str(ropes)], capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert second.stderr.startswith(f"error: Another ingest is writing the library {library} (process {first.pid},")
    finally:
        first.send_signal(signal.SIGCONT)
        assert first.wait(120) == 0
    report = run([str(ropes)], library, settings)
    in_turn = tmp_path / "in-turn"
    run([str(ropes)], in_turn, settings)
    assert run([str(world.guides)], in_turn, settings).generation == report.generation


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_a_hundred_kills_lose_nothing(world: World, tmp_path: Path, settings: Settings) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}, {len(world.calls)} calls")
    killed_at(world, chance.sample(range(1, len(world.calls) + 1), 100), tmp_path, settings)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_a_disk_that_is_full_at_every_fifth_write_leaves_the_old_library(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    writes = [n for n, call in enumerate(world.calls, 1) if call.startswith("write ")]
    full_at(world, writes[::5], tmp_path, settings)


def test_each_step_of_an_ingest_is_among_the_calls(world: World) -> None:
    """What the faults cover: the truth, the index, its syncing, both renames; in this order."""
    calls = [call.split("/generations/.")[0] if "/generations/." in call else call for call in world.calls]
    steps = (
        "write /store.sqlite3-wal",
        "sync /store.sqlite3-wal",
        "write ",
        "sync ",
        "sync /generations",
        "sync /CURRENT.new",
        "rename /CURRENT",
    )
    places = [calls.index(step) for step in steps]
    assert places[-3:] == sorted(places[-3:])
    assert any(call.startswith("rename /generations/") for call in calls)
    assert places[0] < places[-1]
