"""Which sentences advertise what their publisher sells. Pure; `is_promotional` is the whole interface.

Advice is not advertising: "take online courses" helps the reader whoever wrote it, "take our course" helps the
publisher. So what tells is whose the offer is (our, us, we), a call to act on it, or a company praised by name.
"""

from __future__ import annotations

import re

_OFFER = (
    r"courses?|classes|program(?:me)?s?|boot ?camps?|boot-camps?|academy|trainings?|certifications?|certificates?|"
    r"workshops?|webinars?|master ?class(?:es)?|newsletters?|services|recruiters?|recruitment|consultants?|coaches|"
    r"mentors?|instructors?|tutors?|platforms?|curriculum|graduates|alumni|clients|customers|memberships?|"
    r"subscriptions?|community|communities|podcasts?|e-?books?|advisors?|app|packages?|plans|offers?|degrees?|tuition"
)
# Between "our" and the offer stand names and adjectives; a verb or preposition there makes it another statement.
_BETWEEN = (
    r"(?:(?!(?:by|of|in|to|for|with|on|is|are|was|were|can|will|from|at|as|that|who|which|when|have|has|had|do|does|"
    r"learn|learns|use|uses|need|needs|own)\b)[\w&+#.'’-]+\s+){0,6}?"
)
_OWN = r"(?:our|my)"
_LOOKED_AT = (
    r"guides?|site|website|blog|pages?|lists?|quiz|library|channel|demo|catalogu?e|articles?|faqs?|free|full|latest"
)

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bour\s+{_BETWEEN}(?:{_OFFER})\b",
        rf"\b(?:take|join|try|check out|explore|browse|discover|download|get|see|read|visit|view|watch|attend|book|"
        rf"start with|enroll? in|register for|subscribe to)\s+{_OWN}\s+{_BETWEEN}(?:{_OFFER}|{_LOOKED_AT})\b",
        r"\b(?:follow|like|contact|call|email|join|visit|find)\s+us\b",
        r"\b(?:get in touch|reach out|talk|speak|connect|partner|work|train|study|learn)\s+(?:to|with)\s+us\b",
        r"\bsign(?:ing)?[- ]up\s+(?:now|today|here|below|free|with us|for\s+(?:free|our|updates|alerts|"
        r"the newsletter|a free|"
        r"(?:the|this|a|my)\s+(?:\w+\s+){0,3}(?:course|newsletter|webinar|program|bootcamp))|to\s+(?:receive|"
        r"get|our))",
        r"^(?:sign up|subscribe|register|enroll?|apply|join|learn more|read more|get started)(?:\s+(?:now|"
        r"today|here|free|"
        r"for free))?\s*[.!→>]*$",
        r"\b(?:enroll?|register|subscribe|buy|order|shop|book)\s+(?:now|today|here)\b",
        r"\bsubscribe\s+to\s+(?:our|my|the|this)\b",
        r"\b(?:apply|enroll?|join|call|start)\s+(?:now|today)\s*[.!]*$",
        r"\b(?:click|tap)\s+(?:here|the (?:button|link)|below)\b",
        r"\b(?:start|claim|get)\s+(?:your|a|our)\s+free\s+(?:trial|month|account|consultation|copy|guide|"
        r"e-?book|class)\b",
        r"\b(?:book|schedule|request)\s+(?:a|your|an)\s+(?:free\s+)?(?:call|demo|consultation|appointment)\b",
        r"\b(?:save|get|enjoy|take)\s+(?:up to\s+|an? (?:extra|additional)\s+)?\d+\s?%\s+off\b|"
        r"\bpromo(?:tional)? code\b|"
        r"\bmoney[- ]back guarantee\b|\blimited[- ]time (?:offer|discount)\b",
        r"\bwe(?:['’]ve|\s+have|\s+also|\s+can|\s+will|['’]ll)?\s+(?:offer|provide|help|helped|trained|placed|"
        r"connect|"
        r"specialise|specialize|deliver|support|guarantee|train|equip|partner|empower)\b[^.!?]*\b(?:you|your|"
        r"students|"
        r"learners|clients|candidates|professionals|job seekers|graduates|companies|businesses|businesses|"
        r"organi[sz]ations|"
        r"courses?|programs?|services|training|bootcamps?|certifications?|solutions)\b",
        r"\b(?:we(?:['’]re|\s+are)\s+here\s+to\s+help|let us help|our mission|why choose us)\b",
        r"^ready to\b[^?]*\?$",
        r"\b(?:learn|find out|discover|read) more (?:about|at|on) (?:our|us)\b",
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
    r"award[- ]winning|one-stop|world[- ]class|go-to|fastest[- ]growing)|is (?:dedicated|committed|proud|here) to|"
    r"(?:helps|offers|provides)(?=\s+(?:you\b|your\b|clients|candidates|job ?seekers)))(?P<rest>.*)",
    re.DOTALL,
)
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
    if any(pattern.search(text) for pattern in _PATTERNS):
        return True
    if _AT_US.match(text):
        return True
    praised = _PRAISED.match(text)
    return (
        praised is not None and _is_company(praised["name"]) and bool(re.search(_AUDIENCE, text[praised.end("name") :]))
    )


def _is_company(name: str) -> bool:
    """Two capitalised words or one with an inner capital, not all of them words of the trade."""
    tokens = [token for token in name.split() if token[0].isupper()]
    if all(token.lower().strip("'’.,") in _NOT_PUBLISHERS for token in tokens):
        return False
    return len(tokens) > 1 or any(ch.isupper() for ch in name[1:])
