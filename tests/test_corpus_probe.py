"""The probe: a torn index ends its process and not ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import LibraryTorn
from corpus.generations import place
from corpus.manifest import sha256_of
from corpus.probe import Probe
from tests.clocks import NAME


def test_the_probe_survives_an_index_that_may_end_a_process(clocks: Path) -> None:
    """Rubbish whose digest the manifest vouches for: only using the index can tell."""
    folder = place(clocks, NAME)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (header,) = folder.glob("chroma/*/header.bin")
    header.write_bytes(b"\xff" * header.stat().st_size)
    relative = header.relative_to(folder).as_posix()
    manifest["files"][relative] = [header.stat().st_size, sha256_of(header)]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        with pytest.raises(LibraryTorn, match="does not answer"):
            probe.wait()


def test_the_probe_compares_what_it_has_queried_with_the_manifest(clocks: Path) -> None:
    folder = place(clocks, NAME)
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        probe.wait()
        probe.compare()
        probe.end()
    # Not one of the parts that a query needs.
    (folder / "calibration.json").write_bytes((folder / "calibration.json").read_bytes().replace(b"12", b"13"))
    with Probe() as probe:
        probe.begin(folder, NAME, None)
        probe.wait()
        probe.compare()
        with pytest.raises(LibraryTorn, match="not as it was written"):
            probe.end()
