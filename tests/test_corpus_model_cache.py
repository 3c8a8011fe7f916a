"""Models in the cache folder: a tiny one of our own making stands for a model of the user's choice."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from corpus.embedding import ModelCard
from corpus.errors import EmbeddingError
from corpus.model_cache import open_embedder
from corpus.model_source import locate
from corpus.models import Passage, Sentence
from corpus.settings import Settings


def tiny_model(folder: Path, module: str = "sentence_transformers.models.Transformer") -> Path:
    """A BERT of one layer and 16 dimensions with seeded weights, laid out as sentence-transformers does."""
    rng = np.random.default_rng(7)
    size, inner = 16, 32
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
    pieces += ["##" + letter for letter in "abcdefghijklmnopqrstuvwxyz"]
    layer = "encoder.layer.0."
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(pieces), size),
        "embeddings.position_embeddings.weight": (64, size),
        "embeddings.token_type_embeddings.weight": (2, size),
        layer + "intermediate.dense.weight": (inner, size),
        layer + "intermediate.dense.bias": (inner,),
        layer + "output.dense.weight": (size, inner),
        layer + "output.dense.bias": (size,),
        "pooler.dense.weight": (size, size),
        "pooler.dense.bias": (size,),
    }
    for part in ("self.query", "self.key", "self.value", "output.dense"):
        shapes[f"{layer}attention.{part}.weight"] = (size, size)
        shapes[f"{layer}attention.{part}.bias"] = (size,)
    tensors = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    for norm in ("embeddings.LayerNorm", layer + "attention.output.LayerNorm", layer + "output.LayerNorm"):
        tensors[norm + ".weight"] = np.ones(size, np.float32)
        tensors[norm + ".bias"] = np.zeros(size, np.float32)
    (folder / "1_Pooling").mkdir(parents=True)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": len(pieces),
        "hidden_size": size,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": inner,
        "max_position_embeddings": 64,
    }
    files = {
        "config.json": config,
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 64},
        "config_sentence_transformers.json": {"prompts": {"query": "ask ", "document": "tell "}},
        "sentence_bert_config.json": {"max_seq_length": 48, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": size, "pooling_mode_mean_tokens": True},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": module},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.long
def test_two_processes_compile_a_model_of_ones_own_once(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    cache = tmp_path / "cache"
    code = (
        "import logging; logging.basicConfig(level='INFO'); from corpus.model_cache import open_embedder;"
        "from corpus.settings import Settings; e = open_embedder(Settings.read());"
        "print(e.name, e.dimension, e.window, e.fingerprint, e.embed_query('abc').tobytes().hex())"
    )
    environment = {"WAYMARK_EMBEDDER": str(folder), "WAYMARK_CACHE": str(cache), "PATH": "/usr/bin:/bin"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    results = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], results
    assert results[0][0] == results[1][0]
    assert results[0][0].startswith("tiny 16 48 ")
    assert sum(err.count("Compiling the embedding model") for _, err in results) == 1
    (compiled,) = [path for path in (cache / "embedders").iterdir() if path.is_dir()]
    card = json.loads((compiled / "model.json").read_text(encoding="utf-8"))["card"]
    assert (card["query_prompt"], card["document_prompt"]) == ("ask ", "tell ")
    assert card["fingerprint"].split("-")[0] == locate(str(folder)).digest[:16]

    # A byte that rots in the cache is noticed, and the model compiled anew.
    onnx = compiled / "model.onnx"
    whole = onnx.read_bytes()
    onnx.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    settings = Settings.read(environment)
    again = open_embedder(settings)
    assert isinstance(again, ModelCard)
    assert onnx.read_bytes() == whole
    assert again.embed_query("abc").tobytes().hex() == results[0][0].split()[-1]


@pytest.mark.long
def test_where_the_mean_of_the_tokens_is_not_the_vector_sentences_are_embedded_alone(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    pooling = {"word_embedding_dimension": 16, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    settings = replace(Settings.read({}), cache=tmp_path / "cache", embedder=str(folder), precision="float32")
    opened = open_embedder(settings)
    assert isinstance(opened, ModelCard)
    assert not opened.pooled
    text = "abc. def."
    (made,) = opened.embed_passages([Passage("p", "d", "t", (), 10, 19, text, (Sentence(10, 14), Sentence(15, 19)))])
    assert made.tokens.shape == (0, opened.dimension // 8), "its vectors are not its tokens'"
    assert made.rows == pytest.approx(opened.embed(["t: abc. def.", "t: abc.", "t: def."]), abs=1e-5)


@pytest.mark.long
def test_where_compiling_strays_sentence_transformers_runs_and_says_so(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    code = """
import json, sys
from pathlib import Path
from corpus import compile
from corpus.model_cache import compiled_in, open_embedder
from corpus.settings import Settings
settings = Settings.read()
source, target = compiled_in(settings)
target.mkdir(parents=True)
compile.PARITY = {"int8": 1.1, "float32": 1.1}  # nothing passes
card = compile.compile_model(compile.Order("tiny", source.digest, source.folder, target, "int8", True, 1))
plain = open_embedder(settings)
texts = ["abc def", "ghi"]
same = compile.load_plain(source.folder).encode_document(texts, normalize_embeddings=True)
print(json.dumps({"class": type(plain).__name__, "notice": plain.notice, "fingerprint": plain.fingerprint,
    "cosine": float((plain.embed(texts) * same).sum(axis=1).min()), "files": sorted(p.name for p in target.iterdir())}))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"WAYMARK_EMBEDDER": str(folder), "WAYMARK_CACHE": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["class"] == "PlainEmbedder"
    assert "slower form" in told["notice"]
    assert "-plain-" in told["fingerprint"]
    assert told["cosine"] > 0.99999
    assert told["files"] == ["model.json", "tokenizer.json"]


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = replace(Settings.read({}), cache=tmp_path / "file")
    with pytest.raises(EmbeddingError, match="WAYMARK_CACHE"):
        open_embedder(settings)


def test_a_model_that_cannot_be_loaded_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    (folder / "model.safetensors").write_bytes(b"not weights")
    settings = replace(Settings.read({}), cache=tmp_path / "cache", embedder=str(folder))
    with pytest.raises(EmbeddingError, match=r"Weights of the embedding model tiny, .* cannot be read"):
        open_embedder(settings)
    assert [path for path in (tmp_path / "cache" / "embedders").iterdir() if path.is_dir()] == []
