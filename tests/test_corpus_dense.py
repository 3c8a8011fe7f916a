"""The vectors in Chroma, beyond what tests/test_corpus_index.py asks of them."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.dense import ROWS_A_CALL, Vectors, collection_of
from corpus.errors import LibraryError, LibraryTorn


def test_more_rows_than_one_call_takes_are_all_kept(tmp_path: Path) -> None:
    count = ROWS_A_CALL + 1
    angles = np.linspace(0, np.pi, count)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    with Vectors(tmp_path, "g", None, new=True) as vectors:
        vectors.add([str(n) for n in range(count)], rows, ["text"] * count, [{"row": n} for n in range(count)])
        assert vectors.count() == count
    with Vectors(tmp_path, "g", None) as vectors:
        assert vectors.count() == count
        ((ids, distances),) = vectors.nearest(rows[-1:], 3)
        assert ids[0] == str(count - 1)
        assert distances == sorted(distances)
        assert distances[0] == pytest.approx(0, abs=1e-5)


def test_an_index_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryTorn, match="cannot be used"):
        Vectors(tmp_path, "g", None)


def test_a_server_that_is_not_there_is_told_with_its_address(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(LibraryError, match=re.escape(url)) as told:
        Vectors(tmp_path, "g", url)
    assert not isinstance(told.value, LibraryTorn)
    assert "WAYMARK_CHROMA_URL" in str(told.value)


def test_a_generation_has_a_collection_name_that_chroma_takes() -> None:
    assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]", collection_of("0123456789ab"))


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = (
        "import sys, corpus.library;"
        "heavy = {'chromadb', 'bm25s', 'onnxruntime', 'tokenizers', 'torch', 'sentence_transformers', 'onnx'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_chroma_is_loaded_without_proving_its_overrides_and_others_still_prove_theirs() -> None:
    """In a process of its own: here Chroma may be loaded already."""
    code = """
import overrides
from corpus import dense

before = overrides.override, overrides.overrides
dense.load()
import chromadb
assert (overrides.override, overrides.overrides) == before
assert chromadb.api.client.Client.heartbeat.__override__

class Base:
    def told(self) -> int: ...

try:
    class Wrong(Base):
        @overrides.override
        def told(self) -> str: ...
except TypeError:
    print("still proven")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "still proven\n"), done.stderr
