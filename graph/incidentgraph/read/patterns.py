"""How page furniture reads: the table of lines that are no part of an article, as data for `furniture.py`.

A pattern has to match the whole line. Repetitions are bounded or possessive, so that no line takes more than
milliseconds; names are told from sentences by their capitals.
"""
# ruff: noqa: E501 (a table: one form to a line)

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Reach(Enum):
    """How much goes with a line that matches."""

    LINE = "the line"
    BLOCK = "the line and the next ones of its block"
    LIST = "the line and the headlines that follow it"
    END = "the line and all after it, if most of the text is before it"
    COMMENTS = "the line and all after it, if there is a text before it; comments can be longer than their article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A line of furniture: `what` it is, how it reads, and how far it reaches."""

    what: str
    regex: re.Pattern[str]
    reach: Reach


def _p(what: str, *forms: str, reach: Reach = Reach.LINE, case: bool = False) -> Pattern:
    return Pattern(what=what, regex=re.compile("|".join(forms), 0 if case else re.IGNORECASE), reach=reach)


def _longest_first(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.replace("\n", ",").split(","), key=lambda w: (-len(w), w)))


# Longer lines are prose, whatever they begin with.
LONGEST = 400

_MENU = _longest_first(
    "menu,home,search,close,open,news,world,politics,business,economy,money,sport,sports,opinion,culture,tech,technology"
    ",science,health,video,videos,live,tv,radio,podcast,podcasts,photos,weather,travel,lifestyle,entertainment,markets"
    ",market data,africa,americas,asia,asia pacific,europe,middle east,us,u.s.,uk,subscribe,log in,login,sign in,sign up"
    ",register,log out,my account,account,newsletter,newsletters,about,about us,contact,contact us,privacy"
    ",privacy policy,terms,terms of use,terms of service,imprint,impressum,cookies,cookie policy,advertise"
    ",advertise with us,careers,help,faq,rss,share,shares,tweet,print,email,e-mail,copy link,save,follow,follow us"
    ",facebook,twitter,x,whatsapp,telegram,linkedin,instagram,youtube,pinterest,reddit,comment,comments,reply,views"
    ",share on facebook,share on twitter,share on x,share on whatsapp,share on telegram,share on linkedin,share via email"
    ",share this,share this article,share this story,load more,show more,view all,see all,next,previous,prev,back"
    ",back to top,top,skip to content,skip to main content,donate,likes,view,like"
)
_GAP = r"[\s|/>»›·•*,;:–—-]"
_AGENCY = (
    r"(?:AFP|AP|AP Photo|Reuters|REUTERS|EPA|EPA-EFE|EFE|Getty|Getty Images|Anadolu|Xinhua|DPA|dpa|TASS|Shutterstock)"
)
_WORD = r"(?:[^\W\d_a-z][^\s,;|]*|and|y|et|und|de|da|al|bin|von|van|for|in|of|the|our|from|staff|wire)"
_NAMES = rf"{_WORD}(?:[,;]? {_WORD}){{0,9}}"
_OTHERS = (
    r"(?:read (?:also|more|next)|also read|see also|more on this(?: story| topic)?|more from [\w ]{2,30}"
    r"|lire aussi|à lire aussi|leer también|lea también|lee también|mehr zum thema|lesen sie auch|leia também|leia mais"
    r"|leggi anche|читайте также|ayrıca okuyun|اقرأ أيضا)"
)
_BULLET = r"[–—>»•*(\[-]{0,3} ?"

PATTERNS: tuple[Pattern, ...] = (
    # --- navigation and buttons
    _p("menu", rf"{_GAP}*+(?>(?:{_MENU})(?:{_GAP}++|$))++"),
    _p("menu", r"(?:[|•·>»] ?){1,5}+[\w&' ]{1,30}+(?:[|•·>»]{1,5}+[\w&' ]{0,30}+){0,30}+"),
    _p("breadcrumb", r"home ?[>»›/|].{1,150}"),
    _p("lone mark or number", r"[\W\d_]{1,12}"),
    _p("count", r"[\d.,]{1,12} ?[km]?\+?(?: (?:shares?|views?|likes?|reads?|retweets|followers))?"),
    _p(
        "reading time",
        r"(?:estimated )?(?:reading time:? ?)?\d{1,3}[ -]min(?:ute)?s?(?: read)?\.?",
        r"listen to (?:this )?article.{0,40}",
    ),
    _p(
        "time since",
        r"(?:(?:last )?(?:updated|published|posted):? )?(?:\d{1,3}|an?|one) (?:min(?:ute)?s?|hours?|days?) ago",
    ),
    # --- advertising, consent, subscriptions
    _p(
        "advertisement",
        r"[–—\s-]{0,5}(?:advertisements?|advert|sponsored(?: content)?|publicidad|publicité|anzeige|werbung)[–—\s.-]{0,5}",
        r"advertisement:.{1,150}",
        r"(?:continue reading|(?:story|article) continues) below.{0,40}",
        r"(?:click (?:here )?to )?(?:continue reading|read (?:more|full story)|show full (?:text|article)) ?[.…»>→]{0,3}",
    ),
    _p(
        "consent",
        r".{0,60}\b(?:we|site|website) uses? cookies\b.{0,300}",
        r".{0,80}\bpartners use cookies\b.{0,250}",
        r"we value your privacy.{0,200}",
        r"accept (?:all(?: cookies)?|cookies)(?: .{0,40}\b(?:choices|cookies|reject|settings|preferences).{0,20})?",
        r"manage (?:choices|cookies|preferences).{0,40}",
        reach=Reach.BLOCK,
    ),
    _p(
        "sign-up",
        r"(?:please )?sign up (?:for|to|now|today|here)\b.{0,200}",
        r"subscribe (?:to|now|for|today)\b.{0,150}",
        r"(?:get|receive) (?:the|our|all)\b.{0,100}\b(?:inbox|newsletter|e-?mail|alerts)\b.{0,60}",
        r"(?:join|follow) (?:us|our)\b.{0,60}\b(?:telegram|whatsapp|channel|facebook|twitter|instagram|newsletter)\b.{0,60}",
        r"your e-?mail(?: address)?.{0,40}|enter your e-?mail.{0,60}",
        r"(?:inscrivez-vous|abonnez-vous|suscríbete|suscríbase|jetzt abonnieren)\b.{0,150}",
        r"(?:support|donate to) (?:our|independent) (?:journalism|work|newsroom)\b.{0,150}",
        r"become a (?:member|supporter)\b.{0,80}",
        r"download (?:our|the) .{0,40}\bapp\b.{0,60}",
        reach=Reach.BLOCK,
    ),
    _p("welcome", r"Welcome to [A-Z]\w+(?: [A-Z]\w+){0,3}", case=True),
    # --- links to other articles: their headlines are about other attacks
    _p(
        "link to other article",
        rf"{_BULLET}{_OTHERS} ?[:|>»–—] ?\S.{{0,250}}",
        rf"{_BULLET}(?:related(?: (?:article|story|news|coverage|post))?|watch(?: also)?|recommended|don['’]t miss)"
        r" ?[:|>»] ?\S.{0,250}",
    ),
    _p(
        "list of other articles",
        rf"{_BULLET}{_OTHERS} ?[:>»]?",
        r"related(?: (?:articles?|stories|news|topics|posts|coverage|content))? ?:?",
        r"you (?:may|might) (?:also )?(?:like|be interested in) ?:?|recommended(?: (?:for you|stories))? ?:?",
        r"most (?:read|popular|viewed|shared) ?:?|(?:trending|popular)(?: (?:now|stories))? ?:?",
        r"latest (?:news|stories|headlines) ?:?|top stories ?:?|editor['’]?s picks? ?:?|more (?:news|stories|headlines) ?:?",
        reach=Reach.LIST,
    ),
    # --- captions and credits. "(AFP)" after a full sentence is not among them: wire copy ends like that as well.
    _p(
        "caption",
        r".{0,350}\b(?:source|photo|image|picture|credit)s?:? .{0,120}\b(?:CC BY|CC0|wikimedia|public domain|creative commons)\b.{0,80}",
        r".{0,350}[(\[] ?(?:file |archive )?(?:photo|image|picture|credit|foto)s?(?: credit| by)? ?[:/] ?.{1,80}[)\]]\.?",
        r"(?:.{0,300}(?:[.!?…\"”’)] | [|–—-] ?))?(?:file |archive )?(?:photo|image|picture|foto|credit|photograph)s?"
        r"(?: credits?| by| courtesy(?: of)?)? ?[:/©] ?.{1,100}",
        r"(?:file photo|(?:image|photo) credit|(?:photo|image|picture|photograph) by|screenshot|courtesy of|foto de)\b.{0,100}",
    ),
    _p(
        "caption",
        rf".{{0,350}}[(\[](?:{_AGENCY}/[^()\[\]]{{2,60}}|[^()\[\]]{{2,60}}/ ?{_AGENCY}(?:[ /][^()\[\]]{{2,40}})?)[)\]]\.?",
        r".{0,300}\b(?:REUTERS|AFP|AP|Getty Images|EPA)/[A-Z][\w.'-]{1,20}(?: [A-Z][\w.'-]{1,20}){0,3}",
        rf".{{0,300}}(?:© ?{_AGENCY}|/{_AGENCY} via {_AGENCY}|via Getty Images)",
        rf".{{0,300}}[^.!?\"” ] [(\[]{_AGENCY}[)\]]",
        case=True,
    ),
    _p("credit", r"source: ?[^\s.]{1,40}(?: [^\s.]{1,40}){0,5}"),
    # --- who wrote it
    _p("byline", rf"(?:By|BY|by|Par|Por|Von|Written by|Posted by):? {_NAMES}(?: ?[|·•/–—-] ?.{{0,60}})?", case=True),
    _p(
        "byline",
        rf"\(?(?:Additional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|Compiled|Translated) by {_NAMES}"
        rf"(?:[;,.]? ?(?:and )?(?:[Aa]dditional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by {_NAMES}){{0,3}}\.?\)?\.?",
        r"\((?:Additional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by [^()]{2,300}\)\.?",
        case=True,
    ),
    _p(
        "byline",
        r"(?:staff (?:writer|reporter|correspondent)|our correspondents?|news ?desk|web desk|agencies)\.?",
        r"with (?:inputs? from )?agencies\.?",
        r"[\w.+-]{2,40}@[\w-]{2,40}(?:\.[\w-]{2,20}){1,3}",
        r"(?:follow .{0,40} )?(?:on (?:twitter|x):? ?)?@\w{2,30}",
    ),
    # --- what comes after the article
    _p(
        "comments",
        r"leave a (?:reply|comment)|post a comment|add a comment|join the (?:conversation|discussion)|cancel reply",
        r"please enter your (?:comment|name).{0,60}|be the first to comment.{0,20}",
        r"(?:no|\d{1,5}) comments?(?: on .{0,200})?|(?:view )?comments? \(\d{1,5}\)|kommentare?(?: \(\d{1,5}\))?",
        r"laisser un commentaire|deja (?:un comentario|una respuesta)",
        r"save my name, e-?mail.{0,120}|your e-?mail address will not be published.{0,80}",
        reach=Reach.COMMENTS,
    ),
    _p(
        "tags",
        r"(?:tags?|topics?|keywords|filed under|schlagwörter|etiquetas|mots-clés) ?:.{0,250}|tags",
        reach=Reach.END,
    ),
    _p(
        "neighbours",
        r"(?:previous|next) (?:article|post|story) ?(?:[:»›←→].{0,150})?",
        r"(?-i:(?:Previous|Next) article ?[A-Z].{0,150}[^.])",
        reach=Reach.END,
    ),
    _p(
        "copyright",
        r"(?:copyright ?(?:©|\(c\))? ?(?:19|20)\d\d|©|\(c\) ?(?:19|20)\d\d).{0,200}|copyright",
        r".{0,80}\ball rights reserved\b.{0,150}",
        r"this (?:material|article|story) (?:may not be|is) (?:published|republished|reproduced|copyright).{0,200}",
        r"our standards:.{0,100}|about the authors?:?|for more (?:news|stories)\b.{0,150}",
        reach=Reach.END,
    ),
)


def match_pattern(line: str) -> Pattern | None:
    """Return the first pattern that the whole line matches."""
    if len(line) > LONGEST:
        return None
    return next((pattern for pattern in PATTERNS if pattern.regex.fullmatch(line)), None)
