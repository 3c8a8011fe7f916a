"""Which sentences advertise what their publisher sells. Pure; `is_promotional` is the whole interface.

Advice is not advertising: "take online courses" helps the reader whoever wrote it, "take our course" helps the
publisher. So what tells is whose the offer is (our, us, we), a call to act on it, or a company praised by name.
"""

from __future__ import annotations

import re

# What publishers of career guides sell. Plain "services" and "programs" are not among it: public offices have them too.
_OFFER = (
    r"courses?|classes|boot ?camps?|boot-camps?|academy|trainings?|certifications?|certificates?|workshops?|"
    r"webinars?|"
    r"master ?class(?:es)?|newsletters?|recruiters?|recruitment|staffing|career coaches|career services|instructors?|"
    r"tutors?|curriculum|graduates|alumni|memberships?|subscriptions?|podcasts?|e-?books?|app|tuition|mentorship|"
    r"(?:degree|course|training|certificate|certification|master['’]?s?|online|immersive|mentorship|fellowship|"
    r"data science|machine learning|data analytics|coding|ai) program(?:me)?s?|(?:learning|hiring|talent|"
    r"training) platform"
)
# Between "our" and the offer stand names and adjectives; a verb or preposition there makes it another statement.
_BETWEEN = (
    r"(?:(?!(?:of|in|to|for|with|on)\s+(?-i:[a-z]))"
    r"(?!(?:by|is|are|was|were|can|will|from|at|as|that|who|which|when|have|has|had|do|does|learns?|uses?|needs?|own)\b)"
    r"[\w&+#.'’-]+\s+){0,6}?"
)
_LOOKED_AT = (
    r"guides?|site|website|blog|pages?|lists?|quiz|library|channel|demo|catalogu?e|articles?|faqs?|free|full|latest|"
    r"community|network"
)

_WE = r"\bwe(?:['’]ve|\s+have|\s+also|\s+can|\s+will|['’]ll)?\s+"
# Each pattern behind words of which one stands in every sentence that it matches: looking for those is much cheaper.
_PATTERNS = tuple(
    (frozenset(signs.split()), re.compile(pattern, re.IGNORECASE))
    for signs, pattern in (
        # Whose offer it is.
        (
            "our",
            rf"\bour\s+{_BETWEEN}(?:{_OFFER})\b",
        ),
        (
            "our",
            r"\b(?:take|join|try|check out|explore|browse|discover|download|get|see|read|visit|view|watch|attend|book|"
            rf"start with|enroll? in|register for|subscribe to)\s+our\s+{_BETWEEN}(?:{_OFFER}|{_LOOKED_AT})\b",
        ),
        (
            "we",
            rf"{_WE}(?:offer|provide|deliver|run|teach|host|sell)\b[^.!?]{{0,80}}\b(?:courses?|boot ?camps?|"
            r"training programs?|certifications?|career coaching|mentorship|staffing|recruitment|job placement|"
            r"career services)\b",
        ),
        (
            "we",
            rf"{_WE}(?:help|helped|placed|trained|connect|match|empower|equip)(?:ed)?\s+(?:over |more than |thousands|"
            r"hundreds|professionals|candidates|job ?seekers|companies|businesses|employers|students|learners|"
            r"you (?:to )?(?:land|find|get|launch|start|build|become|grow))",
        ),
        (
            "we us our",
            r"\b(?:we(?:['’]re|\s+are)\s+here\s+to\s+help|let us help|our mission|why choose us)\b",
        ),
        (
            "our us",
            r"\b(?:learn|find out|discover|read) more (?:about|at|on) (?:our|us)\b",
        ),
        # Calls to act on an offer.
        (
            "us",
            r"\b(?:follow|like|join)\s+us\b(?!\s+(?:in|at)\s+(?:19|20)\d\d)",
        ),
        (
            "us",
            r"^(?:contact|call|email|visit) us\s+"
            r"(?:today|now|to (?:learn|find|get|start|see)|for (?:a free|more|your))",
        ),
        (
            "us",
            r"\b(?:get in touch|reach out|talk|speak|connect|partner|work|train|study|learn)\s+(?:to|with)\s+us\b",
        ),
        (
            "sign signing",
            r"\bsign(?:ing)?[- ]up\s+(?:now|today|here|below|free|with us|to\s+(?:receive|get|our)|"
            r"for\s+(?:free|our|updates|alerts|the newsletter|a free|"
            r"(?:the|this|a|my)\s+(?:\w+\s+){0,3}(?:course|newsletter|webinar|program|bootcamp)))",
        ),
        (
            "sign subscribe register enrol enroll apply join learn read get",
            r"^(?:sign up|subscribe|register|enroll?|apply|join|learn more|read more|get started)"
            r"(?:\s+(?:now|today|here|free|for free))?\s*[.!→>]*$",
        ),
        (
            "now today here",
            r"\b(?:enroll?|register|subscribe|buy|order|shop|book)\s+(?:now|today|here)\b",
        ),
        (
            "now today",
            r"\b(?:apply|enroll?|join|call|start)\s+(?:now|today)\s*[.!]*$",
        ),
        (
            "subscribe",
            r"\bsubscribe\s+to\s+(?:our|my|the|this)\b",
        ),
        (
            "your",
            r"\b(?:upload|submit|send(?: us)?|share|leave)\s+your\s+(?:cv|resume|résumé|details|email(?: address)?)\b"
            r"(?=.*\b(?:us|our|we)\b)",
        ),
        (
            "practice practise browse explore join access try search",
            r"^(?:practi[cs]e|browse|explore|join|access|try|search)\s+(?:over |more than )?\d[\d,]{2,}\+?\s",
        ),
        (
            "click tap",
            r"\b(?:click|tap)\s+(?:here|the (?:button|link)|below)\b",
        ),
        (
            "free",
            r"\b(?:start|claim|get)\s+(?:your|a|our)\s+free\s+"
            r"(?:trial|month|account|consultation|copy|guide|e-?book|class)\b",
        ),
        (
            "book schedule request",
            r"\b(?:book|schedule|request)\s+(?:a|your|an)\s+(?:free\s+)?(?:call|demo|consultation)\b",
        ),
        (
            "off",
            r"\b(?:save|get|enjoy|take)\s+(?:up to\s+|an? (?:extra|additional)\s+)?\d+\s?%\s+off\b",
        ),
        (
            "promo promotional money limited",
            r"\bpromo(?:tional)? code\b|\bmoney[- ]back guarantee\b|\blimited[- ]time (?:offer|discount)\b",
        ),
        (
            "ready",
            r"^ready to\b[^?]*\?$",
        ),
    )
)

# A company praised by name: "<Name> connects professionals with opportunities".
_NAME = r"(?P<name>[A-Z][\w&.+’'-]*(?:\s+(?:[A-Z][\w&.+’'-]*|of|and|&|for|the)){0,5})"
_AUDIENCE = (
    r"\b(?:professionals|candidates|job ?seekers|businesses|companies|employers|clients|students|learners|talent|"
    r"organi[sz]ations|individuals|you|your|people|graduates|teams|veterans|opportunities|solutions|services|"
    r"training|"
    r"staffing|recruitment|provider)\b"
)
_PRAISED = re.compile(
    rf"^(?:At\s+)?{_NAME}(?:,)?\s+(?:proudly\s+|also\s+)?(?:connects|matches|pairs|empowers|equips|partners with|"
    r"speciali[sz]es in|prides itself|is (?:an?|the|your|one of the)\s+(?:\w+\s+)?(?:leading|premier|top|trusted|"
    r"award[- ]winning|one-stop|world[- ]class|go-to|fastest[- ]growing)\b|is (?:dedicated|committed|proud|here) to|"
    r"(?:helps|offers|provides)(?=\s+(?:you\b|your\b|clients|candidates|job ?seekers)))(?P<rest>.*)",
    re.DOTALL,
)
# How the words begin of which one stands in all praise, and what is told of a sentence with one.
_PRAISES = re.compile(
    r"connects|matches|pairs|empowers|equips|partners|speciali[sz]es|prides|leading|premier|top|trusted|award|one-stop|"
    r"world|go-to|fastest|dedicated|committed|proud|here|helps|offers|provides"
)
_OF_PRAISE = "praise"
_AT_US = re.compile(r"^At\s+[A-Z][\w&.+’'-]*(?:\s+[A-Z][\w&.+’'-]*){0,4},\s+(?:we|our)\b")
# Names that advice speaks of, and words that stand at the head of an ordinary sentence: no publisher praising itself.
_NOT_PUBLISHERS = frozenset(
    """
    linkedin github gitlab kaggle coursera udemy udacity edx google microsoft amazon aws azure apple meta facebook
    twitter reddit youtube medium substack meetup slack discord stack overflow indeed glassdoor leetcode hackerrank
    python r sql java scala julia pytorch tensorflow keras pandas numpy scikit-learn jupyter docker kubernetes git
    machine learning data science scientist analyst engineer engineers artificial intelligence deep ai ml nlp llm
    software cloud computer vision natural language processing statistics analytics business big mlops devops
    networking mentorship mentoring mentors this these that those it they he she there here a an the many some most
    one each every such another all both strong good great open source online technology tech education experience
    certifications bootcamps bootcamp internships internship apprenticeships universities employers
    """.split()
)


def is_promotional(sentence: str) -> bool:
    """Whether a sentence advertises its publisher's own offers or calls to act on them; False for plain advice."""
    text = sentence.strip()[:2000]
    words = text.split()
    # Most sentences hold no sign, which is told in a fraction of the time that the patterns take.
    if not any(map(_SIGNS.__getitem__, words)):
        return False
    signs = _NONE.union(*map(_SIGNS.__getitem__, words))
    if any(pattern.search(text) for needed, pattern in _PATTERNS if not signs.isdisjoint(needed)):
        return True
    if _AT_US.match(text):
        return True
    praised = _PRAISED.match(text) if _OF_PRAISE in signs else None
    return (
        praised is not None and _is_company(praised["name"]) and bool(re.search(_AUDIENCE, text[praised.end("name") :]))
    )


class _Signs(dict[str, frozenset[str]]):
    """What stands between white space -> the signs of a pattern in it, filled as words are met.

    Asked of every word of every sentence: few words make up most of a text, and few of them are signs.
    """

    def __missing__(self, word: str) -> frozenset[str]:
        signs = _ALL_SIGNS.intersection(_WORD.findall(word.lower()))
        if _PRAISES.match(word):
            signs |= {_OF_PRAISE}
        if len(self) >= _MOST_KNOWN:
            self.clear()
        if len(word) <= _LONGEST_KNOWN:
            self[word] = signs
        return signs


_WORD = re.compile(r"\w+")
_NONE: frozenset[str] = frozenset()
_ALL_SIGNS = _NONE.union(*(signs for signs, _ in _PATTERNS))
_SIGNS = _Signs()
_MOST_KNOWN, _LONGEST_KNOWN = 50_000, 60


def _is_company(name: str) -> bool:
    """Two capitalised words or one with an inner capital, not all of them words of the trade."""
    tokens = [token for token in name.split() if token[0].isupper()]
    if all(token.lower().strip("'’.,") in _NOT_PUBLISHERS for token in tokens):
        return False
    return len(tokens) > 1 or any(ch.isupper() for ch in name[1:])
