"""What is handed on, to whom, in which country."""

from __future__ import annotations

import re

import pytest

from bot.scope import PEOPLE_ONLY, contacts, distressed, hand_on

TOPICS = {
    "crisis": [
        "I want to die, nobody will ever hire me",
        "i dont want to be here anymore",
        "I keep thinking about suicide since the layoff",
        "no job for a year, no reason to live anymore",
        "sometimes I think everyone would be better off without me",
        "I feel like ending my life",
        "I can't go on like this, I want it all to end",
        "what's the point of living if I can't get a job",
        "I've been cutting myself since I failed the interviews",
        "I might hurt myself tonight",
        "im gonna kill myself if i get rejected again",
        "I wish I was dead",
        "thinking of taking my own life",
    ],
    "visa": [
        "Does my H-1B end when I am laid off?",
        "Can I work in the UK on a student visa?",
        "my OPT ends in June, what now",
        "Which companies sponsor work visas for data scientists?",
        "how long is the grace period after losing an h1b job",
        "Do I need a work permit to intern in Canada?",
        "I'm on a dependent visa, may I freelance?",
        "am I allowed to work in Germany without a visa",
        "how do I get a green card as a data scientist",
        "Will I be deported if I lose my job?",
        "does express entry count my bootcamp",
        "what is the blue card salary threshold",
    ],
    "legal": [
        "Can I sue them for unfair dismissal?",
        "Is my non-compete valid in California?",
        "Can my employer stop me from joining a competitor?",
        "should I sign the severance agreement they gave me",
        "was my firing illegal?",
        "do I need a lawyer for my contract",
        "my boss breached my contract, what can I do",
        "is it legal for them to not pay my internship",
        "wrongful termination, what are my options",
        "what are my legal rights when I am made redundant",
        "Does my employer own the code I write at home? It's in my employment contract",
    ],
    "discrimination": [
        "Should I tell my employer about my ADHD?",
        "I'm autistic and nervous about interviews, do I disclose it?",
        "I was rejected because of my age, is that discrimination?",
        "my manager harasses me at work",
        "they passed me over because I'm a woman",
        "I face racism in interviews",
        "I was fired because I am pregnant",
        "is ageism in tech something I can report",
    ],
    "benefits": [
        "How do I apply for unemployment benefits?",
        "can I claim universal credit while studying",
        "Am I eligible for employment insurance after quitting?",
        "how do i file for unemployment",
        "can I get jobseeker's allowance during a bootcamp",
    ],
    "tax": [
        "How are stock options taxed?",
        "Can I deduct my laptop as a freelancer?",
        "do I pay VAT on contracting income",
        "which tax form do I need as a freelancer",
        "are RSUs taxable",
        "is a bootcamp tax deductible",
        "How much income tax do freelancers pay?",
        "does HMRC count my side income",
        "do I have to declare my side hustle to the IRS",
    ],
    "mental-health": [
        "I'm burned out and depressed",
        "ever since the layoff i've had panic attacks",
        "my anxiety stops me from applying",
        "I feel hopeless about my career",
        "I can't cope with the rejections any more",
        "should I see a therapist about work stress",
        "job search is destroying my mental health",
        "I cry every day before work",
        "I feel so overwhelmed and worthless after all these rejections",
    ],
    "medical": [
        "Which medication helps my ADHD at work?",
        "I was just diagnosed with MS, should I work fewer hours?",
        "does my chronic pain rule out a desk job",
        "should I stop taking my pills before the exam",
        "Do I need a doctor's note for adjustments?",
        "Are my migraines from screen work?",
    ],
    "health-cover": ["How long does COBRA last?", "do i keep my health insurance when laid off"],
    "student-finance": ["Can I get federal loans for a part-time master's?", "who tells me about FAFSA"],
    "careers-advice": ["Where can I talk to a career counselor?", "is there a free careers service"],
    "carers": ["How many days of carer's leave may I take?", "what are the rights of carers at work"],
}
EVERYDAY = [
    "What does a data scientist do?",
    "Which option is best?",
    "Do I need a degree?",
    "How do I opt for a course?",
    "How do I change careers?",
    "Is customer service a good start?",
    "I'm dying to learn Python",
    "how do I kill a process in linux",
    "my laptop died before the interview",
    "is data science dying?",
    "Is Java dead?",
    "deadline is killing me, which project is quickest",
    "I'd kill for a job at a big lab",
    "What do tax software engineers earn?",
    "How do I become a tax accountant?",
    "I work in tax and audit, can I move into data?",
    "Is web scraping for a portfolio a good idea?",
    "What does a legal engineer do?",
    "I'm a lawyer, which AI jobs suit me?",
    "I used to be an immigration officer, how do I get into data?",
    "Which data jobs can a therapist move into?",
    "I'm a physical therapist moving into data",
    "I'm an anxious person but good at statistics, is modelling for me?",
    "What is the depression of 1929 dataset?",
    "how does anomaly detection in medical diagnosis work",
    "What do medical coders earn?",
    "How do I build a model for diagnosing faults?",
    "Who sponsors open source projects?",
    "Can Google Summer of Code sponsor my project?",
    "what is a kernel panic",
    "are you able to break down the steps",
    "can you give me a breakdown of salaries",
    "Does attention decay hurt models?",
    "What is the unemployment rate of computer science graduates?",
    "Which benefits does a data job have?",
    "What are the benefits of a master's degree?",
    "How do I execute a contract with docker-compose?",
    "What is contract work in data?",
    "How long does it take?",
    "I'm sick of retail, how do I get out?",
    "What is gradient descent?",
    "I visited a data centre",
    "How do I end a cover letter?",
    "Should I end my degree early to take a job?",
    "the interview nearly killed me, how do I get better",
    "How do I handle bias and discrimination in models?",
    "What does a fairness analyst do about racial bias in algorithms?",
    "Is grace a good name for a chatbot?",
    "How do I deduct points in a scoring script?",
    "Is syntax important?",
]


@pytest.mark.parametrize(("topic", "question"), [(topic, each) for topic, asked in TOPICS.items() for each in asked])
def test_topics_are_recognised(topic: str, question: str) -> None:
    handed = hand_on(question)
    assert handed is not None
    assert handed.topic == topic
    assert handed.whom


@pytest.mark.parametrize("question", EVERYDAY)
def test_everyday_questions_are_not_handed_on(question: str) -> None:
    assert hand_on(question) is None


def test_a_crisis_comes_before_every_other_topic() -> None:
    handed = hand_on("My visa ran out, I owe taxes, and I want to die")
    assert handed is not None
    assert handed.topic in PEOPLE_ONLY


def test_distress_is_somebodys_own() -> None:
    assert distressed("I'm burned out and depressed")
    assert distressed("my anxiety stops me from applying")
    assert distressed("I dread opening my laptop")
    assert not distressed("I dread working with spreadsheets, is there a job without?")
    assert not distressed("what is burnout")
    assert not distressed("I need a visa")


def test_the_country_comes_from_the_question_then_the_situation() -> None:
    asked = hand_on("I cannot go on and want to die, I live in the UK", region="United States")
    told = hand_on("I want to die", region="United States")
    assert asked is not None
    assert told is not None
    assert asked != told
    assert "988" in told.whom


@pytest.mark.parametrize(
    ("region", "phone"),
    [
        ("Toronto, Canada", "9-8-8"),
        ("Leeds, United Kingdom", "116 123"),
        ("Texas", "988"),
        ("Berlin, Germany", "112"),
        ("Pune", "14416"),
        ("Perth, Australia", "13 11 14"),
    ],
)
def test_a_town_tells_the_country(region: str, phone: str) -> None:
    handed = hand_on("I want to die", region)
    assert handed is not None
    assert f"({phone})" in handed.whom


def test_where_nobody_is_known_the_general_answer_names_several() -> None:
    handed = hand_on("I want to die", "Norway")
    assert handed is not None
    assert "local emergency number" in handed.whom


def test_the_directory_is_sound() -> None:
    everyone = {contact.topic for contact in contacts() if contact.country == "any"}
    assert {contact.topic for contact in contacts()} == everyone
    for contact in contacts():
        assert contact.country in {"US", "UK", "CA", "EU", "AU", "IN", "any"}
        assert contact.organisation
        assert contact.checked
        assert re.fullmatch(r"\d{4}(?:-\d{2})?|undated copy", contact.checked)
        assert contact.url is None or re.fullmatch(r"https://\S+", contact.url)
