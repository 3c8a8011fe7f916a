"""A rewritten graph gives the values that it gave before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from corpus import encoder, graph
from corpus.model_cache import compiled_in, open_embedder
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
        helper.make_node(graph.TRACED, ["q4", "k4", "v4"], ["made"], domain="com.microsoft", num_heads=HEADS),
        helper.make_node("Reshape", ["made", "heads"], ["cut"]),
        helper.make_node("Reshape", ["cut", "flat"], ["joined"]),
        helper.make_node("Add", ["joined", "in_q"], ["sum"]),
        helper.make_node("LayerNormalization", ["sum", "weight", "bias"], ["normed"], epsilon=1e-12),
        helper.make_node("MatMul", ["normed", "down"], ["out"], name="product"),
    ]
    inputs = [helper.make_tensor_value_info(f"in_{n}", TensorProto.FLOAT, [1, "t", WIDTH]) for n in "qkv"]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, "t", 3])]
    return saved(path, nodes, inputs, outputs, constants)


def layer(path: Path) -> Path:
    """A norm, what widens and narrows it again with a way around, and another norm: the half of a BERT layer."""
    chance = np.random.default_rng(3)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return chance.normal(0.3, 1, shape).astype(np.float32)

    constants = {"gain": drawn(WIDTH), "bias": drawn(WIDTH), "wide": drawn(WIDTH, 16), "wide_bias": drawn(16)}
    constants |= {"narrow": drawn(16, WIDTH), "narrow_bias": drawn(WIDTH)}
    nodes = [
        helper.make_node("Add", ["in_q", "in_k"], ["both"]),
        helper.make_node("LayerNormalization", ["both", "gain", "bias"], ["normed"], epsilon=1e-12),
        helper.make_node("MatMul", ["normed", "wide"], ["risen"], name="rise"),
        helper.make_node("Add", ["wide_bias", "risen"], ["lifted"]),
        helper.make_node("Gelu", ["lifted"], ["bent"]),
        helper.make_node("MatMul", ["bent", "narrow"], ["fallen"]),
        helper.make_node("Add", ["fallen", "narrow_bias"], ["lowered"]),
        helper.make_node("Add", ["lowered", "normed"], ["around"]),
        helper.make_node("Add", ["around", "in_v"], ["all"]),
        helper.make_node("LayerNormalization", ["all", "gain", "bias"], ["out"], epsilon=1e-12),
    ]
    inputs = [helper.make_tensor_value_info(f"in_{n}", TensorProto.FLOAT, [1, "t", WIDTH]) for n in "qkv"]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, "t", WIDTH])]
    return saved(path, nodes, inputs, outputs, constants)


def saved(path: Path, nodes: list[Any], inputs: list[Any], outputs: list[Any], constants: dict[str, Any]) -> Path:
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    opsets = [helper.make_opsetid("", graph.EXPORTED), helper.make_opsetid("com.microsoft", 1)]
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


def test_a_norms_gain_goes_into_the_products_that_take_it(tmp_path: Path) -> None:
    path = layer(tmp_path / "model.onnx")
    before = run(path)
    graph.lean(path)
    assert np.abs(run(path) - before).max() < 1e-4 * np.abs(before).max()
    left = onnx.load(path).graph
    (first,) = (node for node in left.node if node.name == "rise")
    assert first.input[0] == "normed_unit"  # which no gain has stretched
    assert "normed" not in {output for node in left.node for output in node.output}
    # The last norm's value is shown, so that its gain and bias stay.
    assert [node.output[0] for node in left.node if node.op_type == "Add"][-1] == "out"


def test_the_shipped_model_is_compiled_with_attention_as_one_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "runs_here", lambda: False)
    settings = Settings.read({})
    open_embedder(settings)
    made = onnx.load(compiled_in(settings)[1] / "model.onnx").graph
    kinds = [node.op_type for node in made.node]
    assert kinds.count(graph.ATTENTION) == 6
    assert "Softmax" not in kinds
    # All is in int8 but single channels that are far greater than all others.
    assert kinds.count("DynamicQuantizeMatMul") + kinds.count("MatMulIntegerToFloat") == 36
    small = [node for node in made.node if node.op_type == "MatMul"]
    assert all(node.name.endswith(("_raised_MatMul", "_beside_MatMul")) for node in small)
