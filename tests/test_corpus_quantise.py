"""A graph in int8 gives nearly the values that it gave in float32, an overgrown channel or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from corpus import quantise

WIDTH, MIDDLE, WORDS = 32, 128, 50
IDS = list(range(WORDS))


def network(path: Path, great: float) -> Path:
    """Words to rows, two products of the same rows, a wide middle after a Gelu. `great`: how far one of its channels
    is raised for the first word, which the others hardly feel."""
    chance = np.random.default_rng(11)
    words = chance.normal(0, 1, (WORDS, WIDTH)).astype(np.float32)
    words[:, 0] = 0
    words[0, 0] = 1  # what lifts the channel
    wide = chance.normal(0, WIDTH**-0.5, (WIDTH, MIDDLE)).astype(np.float32)
    wide[0, 5] = great
    constants: dict[str, NDArray[Any]] = {
        "words": words,
        "beside": chance.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)).astype(np.float32),
        "wide": wide,
        "wide_bias": chance.normal(0, 0.1, MIDDLE).astype(np.float32),
        "narrow": chance.normal(0, MIDDLE**-0.5, (MIDDLE, WIDTH)).astype(np.float32),
        "narrow_bias": chance.normal(0, 0.1, WIDTH).astype(np.float32),
    }
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["rows"], name="gather"),
        helper.make_node("MatMul", ["rows", "beside"], ["second"], name="second"),
        helper.make_node("MatMul", ["rows", "wide"], ["risen"], name="rise"),
        helper.make_node("Add", ["risen", "wide_bias"], ["lifted"], name="lift"),
        helper.make_node("Gelu", ["lifted"], ["bent"], name="bend"),
        helper.make_node("MatMul", ["bent", "narrow"], ["fallen"], name="fall"),
        helper.make_node("Add", ["fallen", "narrow_bias"], ["lowered"], name="lower"),
        helper.make_node("Add", ["lowered", "second"], ["out"], name="around"),
    ]
    made = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "t"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, "t", WIDTH])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 9
    onnx.save(model, path)
    return path


def run(path: Path) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["out"], {"input_ids": np.array([IDS], np.int64)})[0][0], np.float32)


def stray(path: Path, target: Path) -> float:
    """Mean length of the difference beside that of the values, of all words but the first."""
    before, after = run(path)[1:], run(target)[1:]
    return float((np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)).mean())


@pytest.mark.parametrize("great", [0.0, 60.0])
def test_a_channel_far_greater_than_the_rest_does_not_coarsen_them(tmp_path: Path, great: float) -> None:
    path, target = network(tmp_path / "float32.onnx", great), tmp_path / "int8.onnx"
    quantise.quantise(path, target, [IDS])
    assert stray(path, target) < 0.015
    made = onnx.load(target).graph
    kinds = [node.op_type for node in made.node]
    assert kinds.count("MatMul") == (2 if great else 0)
    # Two products of the same rows share their scale; the one from the middle has a scale of its own.
    assert (kinds.count("MatMulIntegerToFloat"), kinds.count("DynamicQuantizeMatMul")) == (2, 1)
    assert {weight.name for weight in made.initializer}.isdisjoint(
        {"wide", "narrow", "wide_bias"} if great else {"wide"}
    )


def test_unseen_it_would(tmp_path: Path) -> None:
    path, target = network(tmp_path / "float32.onnx", 60.0), tmp_path / "int8.onnx"
    quantise.quantise(path, target, [IDS[1:]])  # samples without the word that lifts the channel
    assert stray(path, target) > 0.03


def test_small_products_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantise, "SMALL", WIDTH + 1)
    path, target = network(tmp_path / "float32.onnx", 0.0), tmp_path / "int8.onnx"
    quantise.quantise(path, target, [IDS])
    assert run(target) == pytest.approx(run(path), abs=1e-6)
