"""Every sentence that the bot says itself. None holds a figure or a name; claims come from guides only."""

from __future__ import annotations

ABSTAINED = "The guides in this library do not answer that."
GREETING = "Hello. Ask about work in the field of these guides; every sentence of an answer shows its source."
NEARBY = "They do cover the topics suggested below."
PARTIAL = "The guides do not answer this as asked: see below for what is missing. What they do say nearby:"
PARTIAL_REST = "The rest they do not answer as asked: see below for what is missing. What they do say nearby:"
PARTIAL_FACET = "The guides leave part of this open: see below for what is missing."
DISAGREE = "Guides disagree:"
DISAGREE_PERIOD = "Guides disagree, and speak of different periods:"
DISAGREE_PLACE = "Guides give different figures for different places:"
DISAGREE_MEASURE = "Guides disagree, and do not count the same thing:"
OTHER_LANGUAGE = (
    "The guides in this library are not written in the language of that question; please ask in the language of the "
    "topics suggested below."
)
NOTHING_MORE = "The guides in this library have nothing more on that. They do cover the topics suggested below."
CLARIFY = "That can be read in more than one way. Which of these do you mean?"
HAND_ON = "This is general information; a person who knows your case should be asked as well, as named below."
HAND_ON_ONLY = "The guides here cannot answer that for you; please ask the people named below."
DISTRESS = "That sounds hard. Please talk to the people named below."
CRISIS = (
    "I am sorry that things are this hard. Please talk to somebody now: the people named below listen, "
    "and in immediate danger call your local emergency number."
)

# Headings over the parts of a longer answer.
TOPIC_WHAT = "What it is"
TOPIC_WAYS = "How to go about it"
TOPIC_NEEDS = "What belongs to it"
TOPIC_PAY = "Pay and costs"
TOPIC_OUTLOOK = "Outlook"
TOPIC_TIME = "Time"
TOPIC_NUMBERS = "Numbers"
TOPIC_COMPARED = "Compared"
TOPIC_MORE = "Also worth knowing"

# Notices stand beside the answer, not in it.
NO_MODEL = "No language model is configured, so this answer is made of the guides' own sentences."
MODEL_FAILED = "The language model did not answer in a usable way, so this answer is made of the guides' own sentences."
SENTENCES_REMOVED = "Sentences of the model that the guides do not carry were taken out."
PREMISE = "What the question takes for granted was not found in the guides of this library."
SPELLING = "Some words were read as other spellings."
OUTDATED_LIBRARY = "A newer version of the library could not be opened; this answer comes from the one before."

EMPTY_QUESTION = "The question is empty: write what you want to know."
LONG_QUESTION = "The question has {length:,} characters; at most {limit:,} are read. Shorten it."
