"""A sentence-transformers model becomes what runs fast here, in a process of its own. The one importer of torch.

    python -m corpus.compile ORDER

    ORDER (JSON): name, digest, source folder, target folder, precision, whether our own kernel may run it, threads
    -> target/encoder.bin (for our own kernel) or model.onnx, tokenizer.json, model.json

Weights of matrix products become int8 per output channel (per tensor loses too much). Each result is compared
with sentence-transformers on texts of several lengths; what strays is not used, and the next plainer form is tried.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import encoder, graph, quantise
from corpus.embedding import CompiledEmbedder, ModelCard, load_plain
from corpus.errors import EmbeddingError
from corpus.forward import ONNX_FILE
from corpus.model_cache import EXPORT_VERSION, write_card

# The least cosine to sentence-transformers that a compiled model may show on any parity text.
PARITY = {"int8": 0.985, "float32": 0.9999}

_SENTENCES = (
    "How much does a data scientist earn in Canada?",
    "career change at 45 without a degree",
    "MLOps",
    "A machine-learning engineer builds, tests and runs models that other software calls thousands of times a day.",
    "In May 2024 the median pay of the occupation was $112,590 a year, or about $54 an hour.",
    "- Portfolio: two or three finished projects, each with a page that says what was tried and what failed",
    "Statistics course - Length: 12 weeks; Price: free; Certificate: no",
    "Nurses, teachers and accountants bring knowledge of their field that a computer-science graduate lacks.",
    "“Don't quit first,” she said: a part-time course costs less than a year without pay.",
    "Can I get an internship when I'm studying at night & working full time??",
    "The visa rules differ from country to country; ask a lawyer, or read the official page, before you sign.",
    "Boil the potatoes in salted water for twenty minutes.",
    "São Paulo, Zürich and Kraków have meetups on natural-language processing.",
    "Interviewers ask for SQL joins, window functions, probability, and one story about a project that went wrong.",
    "deep learning vs. classical statistics: which first",
    "Union members voted on Tuesday to accept the contract, which raises wages by 3.5 % over two years.",
)
PARITY_TEXTS = (*_SENTENCES, " ".join(_SENTENCES[:6]), " ".join(_SENTENCES[4:12]), " ".join(_SENTENCES))


@dataclass(frozen=True, slots=True)
class Order:
    name: str
    digest: str
    source: Path
    target: Path
    precision: str
    kernel: bool  # our own may run it
    threads: int


def compile_model(order: Order) -> ModelCard:
    """Fill `order.target`; the card says which form passed. Raises EmbeddingError where the source cannot be loaded."""
    model = load_plain(order.source)
    card = ModelCard(
        name=order.name,
        dimension=int(model.get_embedding_dimension()),
        window=int(model.max_seq_length or 512),
        fingerprint="",
        precision="",
        query_prompt=_prompt(model, "query"),
        document_prompt=_prompt(model, "document", "passage", "corpus"),
    )
    model.tokenizer.backend_tokenizer.save(str(order.target / "tokenizer.json"))
    card = replace(card, pooled=_is_pooled(model))
    notice = ""
    for form in _forms(order, model, card):
        made = replace(
            card, precision=form.precision, fingerprint=fingerprint(order.digest, form.precision), notice=notice
        )
        form.write()
        cosine = float(parity(model, CompiledEmbedder.open(order.target, made, order.threads)).min())
        if cosine >= PARITY[form.precision]:
            return _finish(order.target, form.file, replace(made, parity=round(cosine, 4)))
        (order.target / form.file).unlink()
        notice = (
            f"The embedding model {order.name} runs in a slower form: compiled as {form.precision} its vectors stray "
            f"on this machine (cosine {cosine:.3f})."
        )
    plain = replace(card, precision="plain", fingerprint=fingerprint(order.digest, "plain"), notice=notice)
    return _finish(order.target, None, plain)


@dataclass(frozen=True, slots=True)
class Form:
    """One way of running a model: `write` makes its file."""

    precision: str
    file: str
    write: Callable[[], object]


def _forms(order: Order, model: Any, card: ModelCard) -> Iterator[Form]:
    """The forms that may run the model here, the fastest first."""
    network, target = getattr(model[0], "auto_model", None), order.target
    if order.kernel and card.pooled and network is not None and encoder.fits(network.config, card.window):
        weights = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
        yield Form("int8", encoder.FILE, lambda: encoder.write(weights, network.config, target / encoder.FILE))
    exported = target / "float32.onnx"
    _export(model, exported)
    if order.precision == "int8":
        samples = [model.tokenize([text])["input_ids"][0].tolist() for text in PARITY_TEXTS]
        yield Form("int8", ONNX_FILE, lambda: quantise.quantise(exported, target / ONNX_FILE, samples))
    yield Form("float32", ONNX_FILE, lambda: shutil.copyfile(exported, target / ONNX_FILE))


def fingerprint(digest: str, precision: str) -> str:
    """Names the vectors: the weights, the arithmetic, the way of exporting."""
    return f"{digest[:16]}-{precision}-{EXPORT_VERSION}"


def parity(model: Any, compiled: CompiledEmbedder) -> NDArray[np.float32]:
    """Cosine of each parity text, as document and as query, between sentence-transformers and the compiled model."""
    options = {"normalize_embeddings": True, "show_progress_bar": False, "batch_size": 8}
    documents = model.encode_document(list(PARITY_TEXTS), **options)
    queries = model.encode_query(list(PARITY_TEXTS), **options)
    ours = np.stack([compiled.embed_query(text) for text in PARITY_TEXTS])
    result: NDArray[np.float32] = np.concatenate(
        [(compiled.embed(PARITY_TEXTS) * documents).sum(axis=1), (ours * queries).sum(axis=1)]
    )
    return result


def _prompt(model: Any, *names: str) -> str:
    """The text that the model wants in front of its input, as sentence-transformers chooses it."""
    for name in names:
        if name in model.prompts:
            return str(model.prompts[name])
    default = model.default_prompt_name
    return str(model.prompts[default]) if default else ""


def _is_pooled(model: Any) -> bool:
    """Whether a text's vector is the mean of its tokens' vectors: seen on a text, not read from a description."""
    import torch

    read = model.tokenize([PARITY_TEXTS[-1]])
    with torch.inference_mode():
        features = model(read)
    mean, vector = features["token_embeddings"][0].mean(dim=0), features["sentence_embedding"][0]
    return mean.shape == vector.shape and float(torch.nn.functional.cosine_similarity(mean, vector, dim=0)) > 0.9999


def _export(model: Any, target: Path) -> None:
    """Token ids of one text -> its normalised vector, and the tokens' own vectors; any length.

    One text a run: nothing is padded, so no mask is added to the attention, and a text's int8 scale is its own. The
    attention is one operator where the model's can be put so, else it is exported as it comes.
    """
    try:
        with _one_operator(model):
            _trace(model, target)
    except (_Apart, ValueError, AttributeError):
        _trace(model, target)
    graph.lean(target)


def _trace(model: Any, target: Path) -> None:
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            features = self.model({"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)})
            vector = torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)
            return vector, features["token_embeddings"]

    # Gradients are left on: under inference_mode an operator of our own cannot be traced.
    with torch.no_grad():
        # The tracing exporter: 6 s faster here than torch.export's, no further package, and its int8 form is as near.
        torch.onnx.export(
            Whole().eval(),
            (torch.ones(1, 16, dtype=torch.int64),),
            str(target),
            input_names=["input_ids"],
            output_names=["vector", "tokens"],
            dynamic_axes={"input_ids": {1: "tokens"}, "tokens": {1: "tokens"}},
            opset_version=graph.EXPORTED,
            dynamo=False,
            custom_opsets={"com.microsoft": 1},
        )


class _Apart(Exception):
    """Attention that is more than scaled products: local, causal, or with fewer keys than heads."""


@contextmanager
def _one_operator(model: Any) -> Iterator[None]:
    """Inside, the model's attention is traced as onnxruntime's own operator, which keeps no table of scores.

    Raises _Apart while tracing, or ValueError or AttributeError at once, where a model's attention cannot be put so.
    """
    import torch
    from torch.onnx import symbolic_helper
    from transformers import AttentionInterface

    @torch.library.custom_op(
        "waymark::attention",
        mutates_args=(),
        schema="(Tensor q, Tensor k, Tensor v, int heads, float scale) -> Tensor",
    )
    def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, heads: int, scale: float) -> torch.Tensor:
        batch, tokens, width = q.shape
        q, k, v = (each.reshape(batch, tokens, heads, width // heads).transpose(1, 2) for each in (q, k, v))
        made = torch.nn.functional.scaled_dot_product_attention(q, k, v, scale=scale)
        return made.transpose(1, 2).reshape(batch, tokens, width).contiguous()

    def symbolic(context: Any, q: Any, k: Any, v: Any, heads: Any, scale: Any) -> Any:
        told = {
            "num_heads_i": symbolic_helper._maybe_get_const(heads, "i"),
            "scale_f": symbolic_helper._maybe_get_const(scale, "f"),
        }
        return context.op(f"com.microsoft::{graph.TRACED}", q, k, v, **told).setType(q.type())

    def instead(
        module: Any,
        q: torch.Tensor,
        k: torch.Tensor,
        v: torch.Tensor,
        _mask: Any,  # of ones: there is one text a run
        scaling: float | None = None,
        **more: Any,
    ) -> tuple[torch.Tensor, None]:
        batch, heads, tokens, size = q.shape
        if (
            k.shape != q.shape
            or v.shape != q.shape
            or getattr(module, "is_causal", False)
            or more.get("sliding_window")
        ):
            raise _Apart
        flat = [each.transpose(1, 2).reshape(batch, tokens, heads * size) for each in (q, k, v)]
        made = attention(*flat, heads, float(size**-0.5 if scaling is None else scaling))
        return made.reshape(batch, tokens, heads, size), None

    torch.onnx.register_custom_op_symbolic("waymark::attention", symbolic, graph.EXPORTED)  # type: ignore[attr-defined]
    AttentionInterface.register("waymark", instead)
    network = model[0].auto_model
    network.set_attn_implementation("waymark")
    try:
        yield
    finally:
        network.set_attn_implementation("eager")


def _finish(folder: Path, file: str | None, card: ModelCard) -> ModelCard:
    """Drop all but the tokenizer and `file`, write model.json last, and have everything on disk."""
    for path in folder.iterdir():
        if path.name not in ("tokenizer.json", file):
            path.unlink()
    write_card(folder, card)
    for path in folder.iterdir():
        with path.open("rb") as written:
            os.fsync(written.fileno())
    return card


def main(arguments: Sequence[str]) -> int:
    """Exit code 0, or 1 with the reason as the last line of standard error."""
    values = json.loads(arguments[0])
    order = Order(**{**values, "source": Path(values["source"]), "target": Path(values["target"])})
    try:
        compile_model(order)
    except Exception as error:  # noqa: BLE001 - the process's edge; exporters raise types of their own
        reason = " ".join(str(error).split())
        print(reason if isinstance(error, EmbeddingError) else f"{type(error).__name__}: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
