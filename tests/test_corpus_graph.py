"""A rewritten graph gives the values that it gave before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from corpus import graph
from corpus.embedding import EXPORT_VERSION, open_embedder
from corpus.settings import Settings

HEADS, WIDTH = 2, 8


def attending(path: Path) -> Path:
    """Attention cut into heads before and joined after, as an exporter leaves it, then a layer norm and a product."""
    chance = np.random.default_rng(3)
    constants: dict[str, NDArray[Any]] = {
        "heads": np.array([1, -1, HEADS, WIDTH // HEADS], np.int64),
        "flat": np.array([1, -1, WIDTH], np.int64),
        "weight": chance.normal(1, 0.2, WIDTH).astype(np.float32),
        "bias": chance.normal(0, 0.2, WIDTH).astype(np.float32),
        "down": chance.normal(0, 1, (WIDTH, 3)).astype(np.float32),
        "unused": np.zeros(5, np.float32),
    }
    nodes: list[Any] = []
    for name in "qkv":
        nodes += [
            helper.make_node("Reshape", [f"in_{name}", "heads"], [f"{name}1"]),
            helper.make_node("Transpose", [f"{name}1"], [f"{name}2"], perm=[0, 2, 1, 3]),
            helper.make_node("Transpose", [f"{name}2"], [f"{name}3"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"{name}3", "flat"], [f"{name}4"]),
        ]
    nodes += [
        helper.make_node(graph.ATTENTION, ["q4", "k4", "v4"], ["made"], domain="com.microsoft", num_heads=HEADS),
        helper.make_node("Reshape", ["made", "heads"], ["cut"]),
        helper.make_node("Reshape", ["cut", "flat"], ["joined"]),
        helper.make_node("Add", ["joined", "in_q"], ["sum"]),
        helper.make_node("LayerNormalization", ["sum", "weight", "bias"], ["normed"], epsilon=1e-12),
        helper.make_node("MatMul", ["normed", "down"], ["out"], name="product"),
    ]
    inputs = [helper.make_tensor_value_info(f"in_{n}", TensorProto.FLOAT, [1, "t", WIDTH]) for n in "qkv"]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, "t", 3])]
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    made = helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, weights), opset_imports=opsets)
    made.ir_version = 8
    onnx.save(made, path)
    return path


def run(path: Path) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    chance = np.random.default_rng(5)
    given = {f"in_{name}": chance.normal(0, 1, (1, 7, WIDTH)).astype(np.float32) for name in "qkv"}
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["out"], given)[0], np.float32)


def test_values_stay_and_what_only_copies_goes(tmp_path: Path) -> None:
    path = attending(tmp_path / "model.onnx")
    before = run(path)
    graph.lean(path)
    assert np.abs(run(path) - before).max() < 1e-5
    left = onnx.load(path).graph
    kinds = {node.op_type for node in left.node}
    assert graph.ATTENTION in kinds
    assert kinds.isdisjoint({"Reshape", "Transpose", "LayerNormalization"})
    assert "unused" not in {weight.name for weight in left.initializer}


def test_down_projections_are_those_that_narrow(tmp_path: Path) -> None:
    assert graph.down_projections(attending(tmp_path / "model.onnx")) == ["product"]


def test_the_shipped_model_is_compiled_with_attention_as_one_operator() -> None:
    settings = Settings.read({})
    open_embedder(settings)
    (path,) = (settings.cache / "embedders").glob(f"*-{settings.precision}-{EXPORT_VERSION}/model.onnx")
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert kinds.count(graph.ATTENTION) == 6
    assert "Softmax" not in kinds
