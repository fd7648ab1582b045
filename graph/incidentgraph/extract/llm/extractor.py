"""The extractor that asks a language model: one article in, one request (and at most one repair), an Extraction out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Self

from incidentgraph import resources
from incidentgraph.errors import EndpointError, ExtractError, UsageError
from incidentgraph.extract.annotator import Annotated, Annotator
from incidentgraph.extract.kinds import with_own_kinds
from incidentgraph.extract.llm.answer import InvalidAnswer, answer_schema, parse_answer
from incidentgraph.extract.llm.cache import AnswerCache
from incidentgraph.extract.llm.client import ANSWER_TOKENS, ChatClient, RequestFailed, TimedOut
from incidentgraph.extract.llm.prompt import Message, ask, ask_again
from incidentgraph.extract.llm.reading import Reading
from incidentgraph.extract.llm.usage import Usage, estimate
from incidentgraph.extract.options import ExtractorOptions
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.ids import content_hash
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import Article, Extraction

VERSION = "llm-1"  # of prompt, schema and reading: what they make of an article changes with them
MAX_WORDS, MAX_CHARACTERS = (
    2_000,
    20_000,
)  # a longer article does not fit into one answer, and two answers would tell one attack twice
_PATIENCE = 3  # articles in a row without a reply, after which the endpoint is taken to be gone


class LlmExtractor:
    """Reads an article by asking a model; nothing is asked once the budget is spent or the endpoint is gone."""

    def __init__(self, *, client: ChatClient, usage: Usage, cache: AnswerCache, annotator: Annotator) -> None:
        self.name = self._asks_as = annotator.versioned(f"{VERSION}:{client.model}")
        self._lists = SHIPPED
        self.usage = usage
        self._client = client
        self._cache = cache
        self._annotator = annotator
        self._gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))
        self._schema = answer_schema()
        self._has_answered = False
        self._failures = 0  # in a row
        self._closed = ""  # why nothing is asked any more

    def extended(self, lists: WordLists) -> Self:
        """Return the same extractor with the words of `lists`; what it asks, and so its answers, are the same."""
        other = copy(self)
        other.name, other._lists = f"{self.name}{lists.mark}", lists
        return other

    def extract(self, article: Article) -> Extraction:
        """Return all that the article says; ExtractError if it is not read, EndpointError if none can be."""
        words = sum(1 for _ in re.finditer(r"\w+", article.text))
        if words > MAX_WORDS or len(article.text) > MAX_CHARACTERS:
            limit = f"{MAX_WORDS} words or {MAX_CHARACTERS} characters"
            raise ExtractError(article.id, f"longer than {limit}: cut it, or use --extractor rules")
        annotated = self._annotator.read(article.text)
        if not annotated.sentences:
            raise ExtractError(article.id, "no text")
        messages = ask(article, annotated.sentences)
        key = content_hash(self._client.shown, self._asks_as, json.dumps(messages), json.dumps(self._schema))
        kept = self._cache.get(key)
        if kept is not None:
            try:
                extraction, dropped = self._read(article, annotated, kept)
            except InvalidAnswer:
                pass  # damaged: asked anew
            else:
                self.usage.cached += 1
                self.usage.dropped += dropped
                return extraction
        answer, extraction, dropped = self._asked(article, annotated, messages)
        self._cache.put(key, answer)
        self.usage.dropped += dropped
        return extraction

    def account(self) -> str:
        """Return in one line what was used."""
        return self.usage.line(self._client.model)

    def _read(self, article: Article, annotated: Annotated, answer: str) -> tuple[Extraction, int]:
        """Return what an answer amounts to and how many facts were dropped; InvalidAnswer if it cannot be used."""
        reading = Reading(article, parse_answer(answer), annotated, self._gazetteer)
        extraction = reading.extraction(self.name)
        triggers = [[attack.trigger] for attack in extraction.attacks]
        attacks = with_own_kinds(extraction.attacks, triggers, article.text, self._lists)
        extraction = replace(extraction, attacks=tuple(attacks))
        if reading.tally.dropped and not reading.tally.kept:
            raise InvalidAnswer(["none of the words stands in the article; copy words exactly as they stand there"])
        return extraction, reading.tally.dropped

    def _asked(self, article: Article, annotated: Annotated, messages: list[Message]) -> tuple[str, Extraction, int]:
        """Return a usable answer and what it amounts to: the second where the first is none."""
        answer = self._answer(article, messages)
        try:
            return answer, *self._read(article, annotated, answer)
        except InvalidAnswer as error:
            messages = ask_again(messages, answer, error.problems)
        self.usage.repairs += 1
        answer = self._answer(article, messages)
        try:
            return answer, *self._read(article, annotated, answer)
        except InvalidAnswer as error:
            raise ExtractError(article.id, f"the model's answer is unusable, the second one too: {error}") from error

    def _answer(self, article: Article, messages: Sequence[Message]) -> str:
        """Return what the model writes; ExtractError with the reason where it writes nothing usable."""
        guess = estimate(messages, json.dumps(self._schema))
        if self._closed:
            self.usage.left_out += 1
            raise ExtractError(article.id, f"left out: {self._closed}")
        if not self.usage.allows(guess + ANSWER_TOKENS):
            self.usage.left_out += 1
            raise ExtractError(article.id, f"left out: what is left of {self.usage.budget:,} tokens is not enough")
        try:
            reply = self._client.ask(messages, schema=self._schema)
        except EndpointError as error:
            if not self._has_answered:
                raise
            self._closed = str(error)  # what was read so far is kept
            raise ExtractError(article.id, str(error)) from error
        except RequestFailed as error:
            if isinstance(error, TimedOut):  # it may be billed all the same
                self.usage.add(None, None, guess=(guess, 0))
            self._failures += 1
            if self._failures >= _PATIENCE:
                self._closed = f"no usable reply {_PATIENCE} times in a row"
            raise ExtractError(article.id, str(error)) from error
        self._has_answered, self._failures = True, 0
        self.usage.add(reply.prompt_tokens, reply.completion_tokens, guess=(guess, len(reply.text.encode()) // 3))
        if reply.is_cut_off:
            raise ExtractError(article.id, "the model's answer was cut off at its limit of tokens: cut the article")
        return reply.text


def make_llm_extractor(options: ExtractorOptions) -> LlmExtractor:
    """Return an extractor that asks as the options say; UsageError if they do not say whom."""
    if not options.llm_url:
        raise UsageError("--extractor llm needs --llm-url: the address of an OpenAI-compatible endpoint")
    if not options.llm_model:
        raise UsageError("--extractor llm needs --llm-model: the model's name at that endpoint")
    if options.llm_budget < 1 or options.llm_timeout <= 0 or min(options.llm_price or (0.0, 0.0)) < 0:
        raise UsageError("--llm-budget and --llm-timeout must be above 0, --llm-price must not be below")
    client = ChatClient(url=options.llm_url, model=options.llm_model, key=options.llm_key, timeout=options.llm_timeout)
    return LlmExtractor(
        client=client,
        usage=Usage(budget=options.llm_budget, price=options.llm_price),
        cache=AnswerCache(options.llm_cache),
        annotator=Annotator(options.spacy_pipeline),
    )
