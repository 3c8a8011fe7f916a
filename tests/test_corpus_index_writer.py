"""What an index is written of, and what is written; how one goes on from another is tested on whole libraries."""

from __future__ import annotations

from pathlib import Path

from corpus.embedding import Embedder
from corpus.index import Index
from corpus.index_writer import body_text
from corpus.models import Document, Passage, Sentence
from tests.crafts import GUIDES, guide, write_all, write_index


def test_how_much_is_done_is_told_after_each_batch(tmp_path: Path, embedder: Embedder) -> None:
    assert write_all(tmp_path / "index", embedder)[-1] == 4


def test_lexical_text_has_what_introduces_an_item_and_each_word_of_the_asked_once() -> None:
    text = "Honey sells."
    asked = ("can honey pay", "does honey pay well")
    passage = Passage("p", "d", "Bees", (), 0, len(text), text, (Sentence(0, len(text)),), ("What pays:",), asked=asked)
    assert body_text(passage) == "Honey sells. What pays: can honey pay does well"


def test_langchain_opens_the_same_collection(tmp_path: Path, embedder: Embedder) -> None:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in vector] for vector in embedder.embed(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(x) for x in embedder.embed_query(text)]

    write_all(tmp_path / "index", embedder)
    place = str(tmp_path / "index" / "chroma")
    store = Chroma(collection_name="passages", embedding_function=Ours(), persist_directory=place)
    (found,) = store.similarity_search("who mends a fiddle?", k=1)
    assert found.id == "violins-0"
    assert found.page_content == "A luthier mends violins.\nBows are rehaired with horse hair."
    document, (passage,) = guide("Violins", *GUIDES["Violins"])
    assert found.metadata == {
        "document_id": "violins",
        "title": "Violins",
        "source": "violins.md",
        "section": "Repair",
        "start": passage.start,
        "end": passage.end,
    }
    assert document.text[found.metadata["start"] : found.metadata["end"]] == found.page_content
    store._client.close()


def test_text_that_is_no_text_can_be_indexed(tmp_path: Path, embedder: Embedder) -> None:
    words_ = "broken \ud800 half\0 pair"
    document = Document("odd", "Odd \udfff", words_, "odd.md", ())
    passage = Passage("odd-0", "odd", document.title, (), 0, len(words_), words_, (Sentence(0, len(words_)),))
    write_index(tmp_path / "index", [(document, [passage])], embedder)
    index = Index(tmp_path / "index", "0123456789ab")
    index.check()
    assert index.passage(0).text == index.document("odd").text == words_
    index.close()
