"""What is handed on, to whom, in which country."""

from __future__ import annotations

import re

import pytest

from bot.scope import contacts, hand_on


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Does my H-1B end when I am laid off?", "visa"),
        ("Can I sue them for unfair dismissal?", "legal"),
        ("How are stock options taxed?", "tax"),
        ("I want to die, nobody will ever hire me", "crisis"),
        ("I'm burned out and depressed", "mental-health"),
        ("Which medication helps my ADHD at work?", "medical"),
    ],
)
def test_topics_are_recognised(question: str, topic: str) -> None:
    handed = hand_on(question)
    assert handed is not None
    assert handed.topic == topic
    assert handed.whom


@pytest.mark.parametrize(
    "question",
    ["What does a data scientist do?", "Which option is best?", "Do I need a degree?", "How do I opt for a course?"],
)
def test_everyday_questions_are_not_handed_on(question: str) -> None:
    assert hand_on(question) is None


def test_the_country_comes_from_the_question_then_the_situation() -> None:
    asked = hand_on("I cannot go on and want to die, I live in the UK", region="United States")
    told = hand_on("I want to die", region="United States")
    assert asked is not None
    assert told is not None
    assert asked != told
    assert "988" in told.whom


def test_the_directory_is_sound() -> None:
    known = {"visa", "legal", "tax", "medical", "mental-health", "crisis", "discrimination", "benefits"}
    assert {contact.topic for contact in contacts()} <= known
    for contact in contacts():
        assert contact.organisation
        assert contact.url is None or re.fullmatch(r"https://\S+", contact.url)
