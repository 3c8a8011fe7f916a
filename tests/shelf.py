"""Three small guides of an invented country, and a library made of them: what the bot's tests stand on."""

from __future__ import annotations

from pathlib import Path

from corpus.settings import Settings
from ingest.pipeline import run

GUIDES = {
    "first-steps.md": """---
title: First steps into data work in Ruritania
author: Strelsau Career Office
published: 2025-03-01
---

Data work in Ruritania is open to people from many trades.

## Which entry-level jobs lead into data work?

The entry-level jobs that lead into data work in Ruritania are:

- Reporting clerk: builds the weekly tables of a department
- Junior analyst: answers questions with SQL and charts
- Survey assistant: collects and cleans answers
- Support engineer: keeps small databases running

Most people stay in an entry-level job for two years before they specialise.

## Do I need a degree?

No, a degree is not required for most data jobs in Ruritania. A portfolio of three finished projects counts for as
much as a degree with most employers in Strelsau. Research posts at the Royal Academy ask for a doctorate.

## What mathematics should I learn first?

Learn statistics first, because every analyst in Ruritania uses averages, samples and error margins daily. Linear
algebra follows when models come into play. Calculus matters only for people who design new models.
""",
    "pay.md": """---
title: Pay in data jobs
author: Ruritanian Statistics Bureau
published: 2025-01-15
region: Ruritania
---

## How much does a data engineer earn?

A data engineer in Ruritania earned a median of 84,500 crowns in 2024.[^pay] The best-paid tenth earned more than
120,000 crowns in 2024.

## How fast is employment of data engineers growing?

Employment of data engineers in Ruritania is projected to grow 12 percent from 2024 to 2030.

| Job | Median pay in 2024 | Growth 2024 to 2030 |
|---|---|---|
| Data engineer | 84,500 crowns | 12 percent |
| Data analyst | 61,200 crowns | 9 percent |
| Statistician | 73,900 crowns | 15 percent |

[^pay]: Wage Survey, Ruritanian Statistics Bureau, 2024. https://stats.example/wages
""",
    "interviews.txt": """Preparing for interviews

How interviews run

Interviews for data jobs in Ruritania have three rounds. The first round is a telephone call with a recruiter. The
second round is a practical task with a spreadsheet or a small database. The third round is a talk with the team.

The steps of the third round

The third round is made of these steps:

1. Trial shift
   You work half a day beside the team and are paid for the time.
2. Lunch
   You eat with people who would be your colleagues.

How to prepare

Practise with a friend who asks questions aloud. Bring one project that you can explain in five minutes.
Our Interview Bootcamp course gets you ready in a weekend, sign up today!
""",
}


def write(folder: Path) -> Path:
    """The guides as files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in GUIDES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def build(folder: Path, settings: Settings) -> Path:
    """A library of the guides in `folder / "library"`."""
    library = folder / "library"
    report = run([str(write(folder / "guides"))], library, settings)
    assert report.quarantined == (), report.quarantined
    return library
