"""The optional cross-encoder: really asked, changes the order, off by default, and refused where it is unfit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from bot.advisor import open_advisor
from corpus.errors import EmbeddingError
from corpus.models import Hit, Passage
from corpus.reranker import RERANKED, open_reranker, rerank
from corpus.settings import Settings
from tests.test_corpus_model_cache import tiny_model


def cross_encoder(folder: Path) -> Path:
    """A cross-encoder of one layer with seeded weights and one output, as sentence-transformers lays it out."""
    tiny_model(folder)
    tensors = {f"bert.{name}": tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    rng = np.random.default_rng(5)
    size = tensors["bert.pooler.dense.weight"].shape[0]
    tensors["bert.pooler.dense.bias"] = np.zeros(size, np.float32)
    tensors["classifier.weight"] = rng.normal(0, 1, (1, size)).astype(np.float32)
    tensors["classifier.bias"] = np.zeros(1, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"architectures": ["BertForSequenceClassification"], "num_labels": 1, "id2label": {"0": "LABEL_0"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink()
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("reranker") / "model")


class Lengths:
    """Scores a text by how short it is."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([-len(text) for text in texts], np.float32)


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(Passage(f"p{i}", "d", "", (), 0, len(text), text, ()), 1.0 - i / 100, 0.5, 1.0, ())
        for i, text in enumerate(texts)
    ]


def test_a_model_scores_each_passage_and_the_same_way_each_time(model: Path) -> None:
    reranker = open_reranker(replace(Settings.read({}), reranker=str(model)))
    assert reranker is not None
    texts = ["pay of bakers", "hours of tailors", "a long tale of something else altogether"]
    scores = reranker.scores("what do bakers earn", texts)
    assert scores.shape == (3,)
    assert len(set(scores.tolist())) == 3
    assert scores.tobytes() == reranker.scores("what do bakers earn", texts).tobytes()
    assert reranker.scores("anything", []).shape == (0,)


def test_the_order_follows_both_scores_and_what_is_not_read_stays_behind() -> None:
    found = hits("aaaa", "a", *["b" * (10 + i) for i in range(RERANKED)])
    order = rerank(Lengths(), "q", found)
    assert [hit.passage.id for hit in order[:2]] == ["p1", "p0"]
    assert [hit.passage.id for hit in order[RERANKED:]] == [f"p{i}" for i in range(RERANKED, RERANKED + 2)]
    assert sorted(hit.passage.id for hit in order) == sorted(hit.passage.id for hit in found)
    assert [hit.score for hit in order[:RERANKED]] == sorted((hit.score for hit in order[:RERANKED]), reverse=True)
    assert rerank(Lengths(), "q", found[:1]) == tuple(found[:1])


def test_an_answer_comes_from_the_order_that_the_model_gave(model: Path, library: Path, settings: Settings) -> None:
    question = {"question": "How do interviews run and what is asked?"}
    plain = open_advisor(library, settings)
    read = open_advisor(library, replace(settings, reranker=str(model)))
    try:
        found = [[hit.passage.id for hit in each.retriever.find(_question(question)).hits] for each in (plain, read)]
        assert found[0] != found[1]
        assert sorted(found[0]) == sorted(found[1])
        bodies = [read.invoke(question).to_dict() for _ in range(2)]
        for body in bodies:
            del body["timings_ms"]
        assert bodies[0] == bodies[1]
    finally:
        plain.library.close()
        read.library.close()


def _question(body: dict[str, str]):  # type: ignore[no-untyped-def]
    from bot.answer import Question

    return Question.of(body)


def test_without_a_name_nothing_is_loaded() -> None:
    code = (
        "import sys; from corpus.settings import Settings; from corpus.reranker import open_reranker\n"
        "assert open_reranker(Settings.read({})) is None\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_settings_that_change_answers_change_the_fingerprint() -> None:
    settings = Settings.read({})
    assert replace(settings, reranker="x").answer_fingerprint() != settings.answer_fingerprint()


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("config.json", {"auto_map": {"AutoModel": "evil.Model"}}, "code of its own"),
        ("modules.json", [{"idx": 0, "name": "0", "path": "", "type": "evil.Model"}], "code of its own"),
        ("config_sentence_transformers.json", {"activation_fn": "os.system"}, "code of its own"),
        ("config.json", "{", "cannot be loaded"),
        ("model.safetensors", b"nothing", "cannot be loaded"),
    ],
)
def test_an_unfit_model_is_refused_in_a_sentence(tmp_path: Path, file: str, content: object, told: str) -> None:
    folder = cross_encoder(tmp_path / "model")
    path = folder / file
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, dict) and path.exists():
        path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **content}), encoding="utf-8")
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(EmbeddingError, match=told):
        open_reranker(replace(Settings.read({}), reranker=str(folder)))


def test_pickled_weights_and_missing_folders_are_refused(tmp_path: Path) -> None:
    folder = cross_encoder(tmp_path / "model")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    for name, told in ((str(folder), "holds no safetensors"), (str(tmp_path / "none"), "There is no folder")):
        with pytest.raises(EmbeddingError, match=told):
            open_reranker(replace(Settings.read({}), reranker=name))


def test_a_model_with_several_outputs_is_told(tmp_path: Path) -> None:
    folder = cross_encoder(tmp_path / "model")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    tensors = load_file(folder / "model.safetensors")
    size = tensors["classifier.weight"].shape[1]
    tensors |= {"classifier.weight": np.ones((2, size), np.float32), "classifier.bias": np.zeros(2, np.float32)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config |= {"num_labels": 2, "id2label": {"0": "a", "1": "b"}, "label2id": {"a": 0, "b": 1}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    reranker = open_reranker(replace(Settings.read({}), reranker=str(folder)))
    assert reranker is not None
    with pytest.raises(EmbeddingError, match="one score for each passage"):
        reranker.scores("a", ["b", "c"])
