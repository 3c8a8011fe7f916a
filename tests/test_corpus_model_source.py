"""Which models are found, and which are refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from corpus.errors import EmbeddingError
from corpus.model_source import BUNDLED_SHA256, locate

POOLING = {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a model's folder looks like from outside; the weights are one number."""
    place = tmp_path / "own-model"
    (place / "1_Pooling").mkdir(parents=True)
    save_file({"weight": np.ones(1, np.float32)}, place / "model.safetensors")
    write_modules(place, "sentence_transformers.models.Transformer")
    return place


def write_modules(folder: Path, kind: str, path: str = "") -> None:
    modules = [{"idx": 0, "name": "0", "path": path, "type": kind}, POOLING]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")


def test_the_bundled_model_is_the_published_one() -> None:
    source = locate("all-MiniLM-L6-v2")
    assert source == locate("sentence-transformers/all-MiniLM-L6-v2")
    assert source.digest == BUNDLED_SHA256
    source.check()


def test_bundled_weights_that_were_altered_are_refused(tmp_path: Path) -> None:
    source = locate("all-MiniLM-L6-v2")
    shutil.copytree(source.folder, tmp_path / "copy")
    with (tmp_path / "copy" / "model.safetensors").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x01")
    with pytest.raises(EmbeddingError, match="not the published ones"):
        replace(source, folder=tmp_path / "copy").check()


def test_a_folder_is_named_by_its_content(folder: Path, tmp_path: Path) -> None:
    source = locate(str(folder))
    source.check()
    assert source.name == "own-model"
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    assert locate(str(moved)).digest == source.digest
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}', encoding="utf-8")
    assert locate(str(folder)).digest != source.digest


@pytest.mark.parametrize("kind", ["evil.Module", "sentence_transformers_evil.Module", "modeling.MyTransformer", ""])
def test_foreign_code_is_refused(folder: Path, kind: str) -> None:
    write_modules(folder, kind)
    with pytest.raises(EmbeddingError, match="names code of its own"):
        locate(str(folder)).check()


def test_a_module_outside_the_folder_is_refused(folder: Path) -> None:
    write_modules(folder, "sentence_transformers.models.Transformer", "../somewhere")
    with pytest.raises(EmbeddingError, match="points outside"):
        locate(str(folder)).check()


def test_pickled_weights_are_refused(folder: Path) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(EmbeddingError, match="pickled weights"):
        locate(str(folder)).check()


@pytest.mark.parametrize("content", [None, "{", "{}", "[1]"])
def test_a_broken_modules_file_is_told(folder: Path, content: str | None) -> None:
    (folder / "modules.json").unlink()
    if content is not None:
        (folder / "modules.json").write_text(content, encoding="utf-8")
    with pytest.raises(EmbeddingError, match=r"not a sentence-transformers model: modules\.json"):
        locate(str(folder))


def test_a_folder_without_weights_is_told(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(EmbeddingError, match="no safetensors"):
        locate(str(folder))


@pytest.mark.parametrize("name", ["./nowhere", "/no/such/folder", "~/nowhere-at-all", "a/b/c"])
def test_a_folder_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(EmbeddingError, match="There is no folder"):
        locate(name)


def test_a_name_that_cannot_be_fetched_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EmbeddingError, match="no-such-model-here is not on this machine"):
        locate("no-such-model-here")
