"""The words by which page furniture is known, as patterns that match a whole line. Data for furniture.py."""

from __future__ import annotations

import re


def _one_of(alternatives: str) -> str:
    """A group of alternatives written one under the other, or on one line with ` | ` between them."""
    return "(?:" + "|".join(entry for entry in re.split(r"\s+\|\s+|\n", alternatives.strip()) if entry.strip()) + ")"


def _line(alternatives: str, tail: str = r"[\s.!:»›>→…]*") -> re.Pattern[str]:
    """A pattern for a line that is one of the alternatives and nothing else."""
    stripped = "\n".join(line.strip() for line in alternatives.strip().splitlines())
    return re.compile(f"^{_one_of(stripped)}{tail}$", re.IGNORECASE)


_AGENCY = _one_of(
    """getty(?: images)? | istock(?:photo)? | shutterstock | adobe stock | stock\\.adobe(?:\\.com)? | unsplash | pexels
pixabay | alamy(?: stock photo)? | depositphotos | dreamstime | 123rf | freepik | afp | reuters | ap photo | epa
wikimedia commons"""
)
PHOTO_CREDIT = (
    re.compile(
        r"^(?:(?:photo|image|picture|illustration|photograph|graphic|credit|source|courtesy)s?\b[^.]{0,40}?[:/|–-]?\s*)?"
        r"(?:(?:by|from|via|of)\s+)?(?:[\w.'’-]+\s+){0,3}?(?:[/|,–-]\s*)?"
        rf"[(]?{_AGENCY}(?:\s*(?:[/|,(–-]|\bvia\b)\s*[\w.'’ -]{{0,40}})?[)]?$",
        re.IGNORECASE,
    ),
    re.compile(r"^[\w-]+\.(?:jpe?g|png|gif|webp|svg)$", re.IGNORECASE),
    re.compile(
        r"^(?:photo|image|picture|illustration|photograph)(?:\s+credits?)?"
        r"(?:\s*:\s*|\s+(?:by|courtesy of|from|via)\s+)\S.{0,80}$",
        re.IGNORECASE,
    ),
)
# `The lower yard at dusk © Ida Sund`
SIGNED_PHOTO = re.compile(r"^[^.!?©]{3,90}\s©\s*[A-ZÄÖÜÉ][^.!?©]{2,50}$")
# Who took a picture, at an end of its caption.
CREDITED = re.compile(
    r"\b(?:photo(?:graph|graphy)?s?|foto(?:graf)?s?|images?|pictures?|credits?|illustrations?)\s*(?::|by\b|courtesy)|"
    rf"^(?:courtesy|credit)\b|\bfile (?:photo|picture)\b|\bCC[ -]BY|[/,(©–-]\s*{_AGENCY}[^.]{{0,25}}[).]*$",
    re.IGNORECASE,
)
# What RIGHTS matches begins with one of these signs, or has these words in it.
RIGHTS_BEGIN, RIGHTS_RESERVED = "©(ctp", "all rights reserved"
RIGHTS = re.compile(
    r"^(?:©|\(c\)\s|copyright\b(?:\s+(?:©|\(c\)|\d{4}|by)))|\ball rights reserved\b"
    r"|^(?:terms of (?:use|service)|privacy policy)\b.{0,60}$",
    re.IGNORECASE,
)
# Words of buttons and bars.
CONTROL = _line(
    r"""
    share(?: (?:this|on|via|with)\b.{0,40})? | tweet(?: this)? | retweet | pin it | e?-?mail(?: this)?
    print(?:er|able)?[- ]friendly(?: (?:version|page|format))?
    print(?: this)?(?: page)? | save(?: (?:for later|this|article))? | bookmark | copy (?:link|url) | like
    follow(?: us| me)?(?: on \w+)? | (?:\d+ )?comments?(?: \(?\d+\)?)? | leave a (?:comment|reply) | reply
    read (?:more|on|next|the full (?:article|story|report)) | learn more | find out more | continue(?: reading)?
    (?:show|see|view|load|read) (?:more|less|all) | click here | subscribe(?: now| today)?
    subscribe to (?:our|the) newsletter | sign[ -]?up(?: now| today| here)? | log[ -]?(?:in|out) | sign[ -]?(?:in|out)
    register(?: now)? | skip to (?:main )?(?:content|navigation) | (?:back )?to top | close | menu | search
    (?:next|prev(?:ious)?)(?: (?:page|post|article))? | advertisement | advertising | sponsored(?: content| post)?
    loading | play | pause | download(?: pdf| now)? | expand(?: all)? | collapse(?: all)? | edit | \[edit\]
    opens? in (?:a )?new (?:tab|window) | about this section | listen(?: to this article)?
    (?:back|return) to (?:the )?(?:blog|top|news|list|overview|results|home(?: ?page)?|articles|search(?: results)?)
    add to (?:favou?rites|list) | (?:accept|reject)(?: all)?(?: cookies)? | cookie (?:settings|preferences)
    manage (?:cookies|preferences) | (?:is|was) this page (?:useful|helpful)\? | give feedback
    report (?:a problem|an error)(?: with this page)?
    """
)
READING_TIME = _line(
    r"""
    (?:(?:estimated )?(?:read(?:ing)?|view) ?time:?\s*)?~?\d+\s*(?:-\s*)?min(?:ute)?s?\.?(?:\s+read(?:ing time)?)?
    read(?:ing)? time:?\s*\d+.{0,12}
    """
)
FILED = _line(
    r"""
    (?:tags?|tagged|categor(?:y|ies)|topics?|keywords)\s*:\s*.{1,150}
    (?:filed under|posted in)\s*:?\s+.{1,80}
    """
)
# What a site says of its cookies and its comments, in the languages that most saved pages are in.
NOTICE = _line(
    r"""
    (?:this|our|the) (?:web)?(?:site|page|blog) (?:also )?uses (?:\w+ ){0,3}(?:cookies|akismet)\b.*
    we (?:also )?use (?:\w+ ){0,3}cookies (?:to|on|and|for|so)\b.*
    by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site\b.*
    diese (?:web)?(?:site|seite) (?:verwendet|benutzt|nutzt) (?:\w+ ){0,2}(?:cookies|akismet)\b.*
    wir (?:verwenden|nutzen|benutzen) (?:\w+ ){0,2}cookies\b.* | ce site utilise (?:\w+ ){0,3}cookies\b.*
    (?:add|view|post|write)(?: ?/ ?(?:add|view|post))? (?:all |a |your )?comments?(?: \(?\d+\)?)?
    (?:this (?:article|post|page) is|comments (?:are|have been))(?: now)? (?:closed|disabled)(?: for comments)?.{0,20}
    view (?:my |full |complete ){1,2}profile | (?:like|follow) (?:us|me|@\w+|\w+\.\w{2,3}) on \w+
    kommentar (?:schreiben|verfassen|hinterlassen) | \d+ kommentare? | anzeige | nach oben | weitere inhalte laden
    """
)
BREADCRUMB = _line(r"(?:home|start|main page)(?:\s*(?:>|»|›|/|\||→)\s*[^>»›|→]{1,60}){1,8}")
# One word above the title that says what kind of page it is.
KICKER = _line(
    r"""
    tips? | features? | news | opinion | guest (?:post|blog) | blog | article | definition | how-?to | podcast | video
    interview | report | analysis | explainer | in[- ]depth | quick read | exclusive | breaking | tutorial
    career advice | premium | editor['’]s (?:pick|choice)
    """,
    tail="",
)
MENU = _line(
    r"""
    home | about(?: us)?
    contact(?: us)? | blog | news | services | products | solutions | log ?in | sign in | search
    menu | careers | jobs | faqs? | support | help | pricing | privacy | terms | resources | events | shop | cart
    (?:my )?account | courses | company | topics | newsletter | subscribe | site ?map | accessibility | close
    english | español
    """,
    tail="",
)
# Headings over links to other pages. Words that could as well stand over a list of skills or courses are not here.
RELATED = _line(
    r"""
    dig deeper(?: .*)? | related (?:articles?|posts?|stories|content|links|news)
    related (?:topics|pages|videos|coverage)
    (?:read|see) (?:next|also this) | more (?:from|by) .* | more (?:articles|stories|posts|news)
    more (?:on this topic|in this series)
    you (?:may|might)(?: also)? (?:like|be interested in).* | recommended (?:for you|articles|stories|posts|content)
    popular (?:articles|posts|stories|now) | most (?:read|viewed|popular|recent)
    latest (?:news|posts|articles|stories|insights|updates)
    recent (?:posts|articles|news|comments) | trending(?: now)?
    in this (?:article|section|page|series) | on this page | table of contents
    jump to(?: section)? | share this.{0,20}
    follow us.* | connect with us | stay connected | site ?map | quick links | explore more | keep reading | up next
    (?:next|previous) article | join the conversation
    """
)
# Headings that could also stand over a text of the page, and those of other languages: for boxes full of links alone.
_LINKED = r"""
    related(?: reading| reads)?(?:\s*[—–|-].{0,20})? | (?:more )?must[- ]reads?(?: from .*)?
    (?:read|watch|listen) (?:more|further)(?: .{0,40})? | what to (?:read|watch) next | read this next | see also
    also (?:in|on|from) .{1,30} | don['’]?t miss(?: .{0,30})? | more (?:like this|stories|to explore)
    (?:similar|other|featured|further) (?:articles|posts|stories|news) | top (?:stories|posts|news)
    editor['’]?s['’]? (?:picks?|choice) | you['’]?(?:ll| will) (?:also )?(?:like|love) .{0,30} | post navigation
    (?:categories|tags|archives|blogroll|topics|filed under|related subjects)
    ähnliche (?:beiträge|artikel|themen) | mehr (?:zum thema|von .*|aus .*) | auch interessant.* | das könnte .*
    weitere (?:artikel|beiträge|meldungen|themen|nachrichten).* | lesen sie (?:auch|weiter).* | meist ?gelesen.*
    (?:articles?|sujets) (?:similaires|liés|connexes).* | (?:à|a) (?:lire|découvrir|voir) (?:aussi|également).*
    sur le même (?:sujet|thème) | (?:noticias|artículos|artigos|notícias) relacionad[ao]s.* | (?:leia|veja) também.*
    (?:te|le) puede interesar.* | también en .* | más (?:leído|visto|noticias).* | lees ook.* | leggi anche.*
    """
ELSEWHERE = re.compile(f"{RELATED.pattern}|{_line(_LINKED).pattern}", re.IGNORECASE)
# With one of these words begins each line that ELSEWHERE or SENDS_ELSEWHERE matches: they are asked of every short line
# of a page, and looking a word up takes a fiftieth of the time.
OPENERS = frozenset(
    """dig related read see more you recommended popular most latest recent trending in on table jump share follow
    connect stay site sitemap quick explore keep up next previous join must must-read must-reads watch listen
    what also don't don’t dont similar other featured further top editor editors editor's editor’s editors'
    editors’ you'll you’ll youll post categories tags archives blogroll topics filed ähnliche mehr auch das
    weitere lesen meist meistgelesen meistgelesene meistgelesenen articles article sujets à a sur noticias
    artículos artigos notícias leia veja te le también más lees leggi video podcast lire lea""".split()
)
# A line that is mostly a link and begins like this only sends the reader to another page.
SENDS_ELSEWHERE = re.compile(
    r"^(?:(?:read (?:more|next|also)|also read|see also|related(?: \w+)?|recommended(?: \w+)?|don['’]t miss|"
    r"you (?:may|might) also like|lesen sie auch|auch interessant|mehr zum thema|lire aussi|(?:à|a) lire aussi|"
    r"lea también|leia também)\b\s*[:|–—-]?|(?:more|watch|listen|video|podcast)\s*:)\s*\S",
    re.IGNORECASE,
)
WRITTEN_BY = re.compile(
    r"^(?:(?:written |posted |published |reviewed )?by|authors?:|author\s*[-–|]|words:?)\s+(?P<name>[^|•·,]{3,60}?)"
    r"(?:\s*(?:[|•·,–-]|\bon\b)\s*(?P<rest>.{1,80}))?$",
    re.IGNORECASE,
)
DATED = re.compile(
    r"^(?:(?:first )?(?:published|posted|updated|date|created)|(?:page )?last (?:updated|modified|reviewed|edited)|"
    r"date modified|modified|reviewed)(?: date)?(?: on)?\s*:?\s+(?P<date>.{4,60})$",
    re.IGNORECASE,
)
_PERSON = r"(?P<name>[A-Z][a-zà-ÿ'’-]+(?:\s+(?:[A-Z]\.|[A-Z][\wà-ÿ'’-]+|de|van|von|der|la|al|bin)){1,4})"
_ROLE = (
    r"(?:writer|editor|author|journalist|reporter|columnist|correspondent|blogger|contributor|copywriter|"
    r"content (?:strategist|manager|marketer|creator|specialist)|co-?founder|founder|instructor|consultant|"
    r"analyst at|engineer at|scientist at|researcher at|professor|lecturer)"
)
# A note about the author: "Ada Moore, senior editor at ...", "Ada Moore is a freelance writer ...".
BIO = re.compile(
    rf"^(?:(?i:about the author)\s*[:–-]?\s*)?{_PERSON}"
    rf"(?:,\s+(?:an?\s+|the\s+)?[^.,]{{0,50}}?\b{_ROLE}\b|\s+(?:is|was)\s+(?:an?|the)\s+[^.,]{{0,60}}?\b{_ROLE}\b|"
    r"\s+(?:writes|reports)\s+(?:about|on|for)\b)"
)
# Somebody is quoted there: no note about an author does that.
QUOTED = re.compile(
    r"\b(?:sa(?:id|ys)|added|adds|told|explain(?:s|ed)|warn(?:s|ed)|argue[sd]|noted|wrote)\b[^.]{0,60}[\"“”]|[\"”],"
)
NOT_NAMES = frozenset(
    """data machine learning software business engineer engineers scientist scientists analyst analysts artificial
    intelligence computer research product project manager managers developer developers deep cloud security web the
    information systems network database senior junior lead chief technical applied quantitative statistical job career
    many most some these those our your their each every if when while as for in on at a an""".split()
)
