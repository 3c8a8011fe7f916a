"""Questions in another language are seen; English ones with names and misspellings are not taken for one."""

from __future__ import annotations

from collections import Counter

import pytest

from bot import phrases
from bot.advisor import Advisor
from bot.language import is_foreign
from corpus.words import words
from tests.contract import violations

ENGLISH = Counter(words("how much does a data engineer earn is a degree required what should i learn first statistics"))
GERMAN = Counter(words("wie viel verdient ein bäcker und was ist zu tun ich bin bäcker das brot ist nicht für dich"))

FOREIGN = [
    "¿Cuánto gana un científico de datos?",
    "cuanto gana un cientifico de datos",
    "Wie werde ich Data Scientist?",
    "Quel salaire pour un data scientist au Canada ?",
    "Quanto guadagna un data analyst in Italia?",
    "Como posso começar em machine learning?",
    "Hoe word ik data scientist?",
    "Как стать специалистом по данным?",
    "データサイエンティストになるには？",
    "كيف أصبح عالم بيانات؟",
    "데이터 과학자가 되려면?",
]


@pytest.mark.parametrize("question", FOREIGN)
def test_another_language_is_seen(question: str) -> None:
    assert is_foreign(question, ENGLISH, 2)


@pytest.mark.parametrize(
    "question",
    [
        "How much does a data engineer earn in Rio de Janeiro or Los Angeles?",
        "waht shoud i lern frist",
        "MLOps GPT-4 LoRA QLoRA vLLM?",
        "salary München",
        "Is Jose de la Cruz hiring?",
        "What does raison d'être mean?",
        "🙂",
        "12 + 12",
        "pls hlp me w ML stuf",
    ],
)
def test_english_with_names_and_typos_is_english(question: str) -> None:
    assert not is_foreign(question, ENGLISH, 2)


def test_a_library_that_speaks_the_language_answers() -> None:
    assert not is_foreign("Wie viel verdient ein Tischler und was muss ich lernen?", GERMAN, 2)
    russian = Counter(words("как стать пекарем хлеб и соль"))
    assert not is_foreign("Как стать плотником?", russian, 1)


@pytest.mark.parametrize("question", FOREIGN[:3])
def test_it_is_told_in_one_sentence(advisor: Advisor, question: str) -> None:
    answer = advisor.invoke(question)
    assert answer.status == "abstained"
    assert answer.answer == phrases.OTHER_LANGUAGE
    assert answer.missing == (question.rstrip("?"),)
    assert answer.suggestions
    assert violations(answer.to_dict(), lambda _: {"text": ""}) == []
