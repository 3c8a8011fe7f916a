"""The embedder as it ships, and a tiny model of our own making for what concerns other models."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from corpus.embedding import CompiledEmbedder, Embedder, ModelCard, PassageVectors, open_embedder, packed
from corpus.errors import EmbeddingError
from corpus.model_source import locate
from corpus.models import Passage, Sentence
from corpus.settings import Settings
from corpus.word_vectors import word_vectors

TEXTS = (
    "Nurses who learn SQL often find work with hospital data.",
    "Bread needs flour, water, salt and time.",
    "A registered nurse can move into health informatics.",
    "pay " * 400,
    "x",
)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(Settings.read({}))


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


def test_vectors_have_unit_length_and_the_order_of_the_texts(embedder: Embedder) -> None:
    told: list[int] = []
    vectors = embedder.embed(TEXTS, told.append)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert told == sorted(told)
    assert told[-1] == len(TEXTS)
    for text, vector in zip(TEXTS, vectors, strict=True):
        # Each text has an int8 scale of its own, so its vector does not depend on what it is embedded with.
        assert embedder.embed_query(text).tobytes() == vector.tobytes()


def test_meaning_is_nearer_than_words(embedder: Embedder) -> None:
    nurse_data, bread, nurse_informatics, *_ = embedder.embed(TEXTS)
    assert nurse_data @ nurse_informatics > 0.5
    assert nurse_data @ bread < 0.2


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_only_the_window_is_read(embedder: Embedder) -> None:
    start = "salary " * (embedder.window + 10)
    assert embedder.embed_query(start) @ embedder.embed_query(start + "potato " * 50) > 0.9999


@pytest.mark.parametrize("text", ["", "\0", "\ud800 lone surrogate", "a" + "\u0301" * 100_000, "z" * 1_000_000])
def test_hostile_text_has_a_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_threads_get_the_bytes_that_one_caller_gets(embedder: Embedder) -> None:
    questions = [f"How much does role number {n} pay in year {2000 + n}?" for n in range(24)]
    alone = [embedder.embed_query(question).tobytes() for question in questions]
    with ThreadPoolExecutor(6) as pool:
        together = [vector.tobytes() for vector in pool.map(embedder.embed_query, questions)]
    assert together == alone


def passage(text: str, spans: Sequence[tuple[int, int]], title: str = "", leads: tuple[str, ...] = ()) -> Passage:
    return Passage(
        "p", "d", title, (), 10, 10 + len(text), text, tuple(Sentence(10 + a, 10 + b) for a, b in spans), leads
    )


def test_a_passage_and_its_sentences_have_their_vectors_from_one_run(embedder: Embedder) -> None:
    text = "Nurses learn SQL. Bread needs yeast."
    told: list[int] = []
    passages = [passage(text, [(0, 17), (18, 36)], "Trades"), passage("x", []), passage(text[:17], [(0, 17)])]
    both, none, one = (each.rows for each in embedder.embed_passages(passages, told.append))
    assert [each.shape for each in (both, none, one)] == [(3, 384), (1, 384), (2, 384)]
    assert told[-1] == 3
    for vectors in (both, none, one):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = embedder.embed([f"Trades: {text}", text[:17], text[18:]])
    assert both[0] @ alone[0] == pytest.approx(1, abs=1e-5)
    # Each sentence is nearer to itself alone than to the other one, and one that is the whole passage is near to it.
    assert both[1] @ alone[1] > both[1] @ alone[2]
    assert both[2] @ alone[2] > both[2] @ alone[1]
    assert one[1] @ one[0] > 0.9


def test_what_carries_content_in_a_passage_is_kept_token_by_token(embedder: Embedder) -> None:
    text = "The nurses, they learn SQL."
    (made,) = embedder.embed_passages([passage(text, [(0, len(text))])])
    read = word_vectors(embedder, text)
    begins = [read.begins[read.words.index(word)] for word in ("nurses", "learn", "SQL")]
    assert np.array_equal(made.tokens, packed(read.vectors[begins]))


def test_passages_keep_their_order_and_bytes_with_any_number_of_threads(embedder: Embedder) -> None:
    # The longest, which ends last, comes neither first nor last.
    passages = [passage("Bread needs flour. " * n, [(0, 18)], title=f"Loaf {n}") for n in (2, 1, 9, 4, 3)]
    told: list[int] = []
    alone = embed_with(embedder, 1).embed_passages(passages)
    together = embed_with(embedder, 3).embed_passages(passages, told.append)
    assert list(map(all_bytes, together)) == list(map(all_bytes, alone))
    assert len(set(map(all_bytes, alone))) == len(passages)
    assert told == [1, 2, 3, 4, 5]


def all_bytes(made: PassageVectors) -> bytes:
    return made.rows.tobytes() + made.tokens.tobytes()


def embed_with(embedder: Embedder, threads: int) -> CompiledEmbedder:
    assert isinstance(embedder, CompiledEmbedder)
    return replace(embedder, threads=threads)


def test_a_sentence_beyond_the_window_is_embedded_alone(embedder: Embedder) -> None:
    text = "pay " * 300 + "Bakers rise early."
    (made,) = embedder.embed_passages([passage(text, [(0, 1199), (1200, len(text))], "Work", ("", "Mind:"))])
    vectors = made.rows
    assert vectors[2] @ embedder.embed(["Work: Mind: Bakers rise early."])[0] > 0.999
    assert vectors[1] @ vectors[0] > 0.9


def test_hostile_passages_have_vectors(embedder: Embedder) -> None:
    text = "\ud800 \u0000 \u202e e" + "\u0301" * 40 + " 🛶."
    (made,) = embedder.embed_passages([passage(text, [(0, len(text)), (0, 1), (1, 2)])])
    assert np.isfinite(made.rows).all()
    assert made.rows.shape == (4, 384)


def test_opening_a_compiled_model_needs_no_torch(embedder: Embedder) -> None:
    code = (
        "import sys; from corpus.embedding import open_embedder; from corpus.settings import Settings;"
        "print(open_embedder(Settings.read({})).embed_query('x').shape);"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"({embedder.dimension},)\n"), done.stderr


@pytest.mark.long
def test_two_processes_compile_a_model_of_ones_own_once(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    cache = tmp_path / "cache"
    code = (
        "import logging; logging.basicConfig(level='INFO'); from corpus.embedding import open_embedder;"
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
    (made,) = opened.embed_passages([passage(text, [(0, 4), (5, 9)], "t")])
    assert made.tokens.shape == (0, opened.dimension // 8), "its vectors are not its tokens'"
    assert made.rows == pytest.approx(opened.embed(["t: abc. def.", "t: abc.", "t: def."]), abs=1e-5)


@pytest.mark.long
def test_where_compiling_strays_sentence_transformers_runs_and_says_so(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    code = """
import json, sys
from pathlib import Path
from corpus import compile
from corpus.embedding import compiled_in, open_embedder
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
