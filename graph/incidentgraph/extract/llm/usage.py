"""What a run of a language model used, and how much of its budget is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from incidentgraph.extract.llm.prompt import Message

# English has 4 to 4.5 bytes to a token in the usual vocabularies, numbers and names fewer: an estimate that is not too low.
_BYTES_PER_TOKEN = 3
_MILLION = 1_000_000


def estimate(messages: Sequence[Message], *further: str) -> int:
    """Return how many tokens messages come to at most, as far as that can be told without the model's own tokenizer."""
    texts = (*(message["content"] for message in messages), *further)
    return sum(len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN + 8 for text in texts)


@dataclass(slots=True, kw_only=True)
class Usage:
    """Tokens, requests and facts of one run, counted as they happen."""

    budget: int
    price: tuple[float, float] | None = None
    requests: int = 0
    repairs: int = 0
    cached: int = 0
    prompt: int = 0
    completion: int = 0
    estimated: bool = False  # some of these tokens were not told by the endpoint
    dropped: int = 0
    left_out: int = 0

    @property
    def spent(self) -> int:
        return self.prompt + self.completion

    def allows(self, tokens: int) -> bool:
        return self.spent + tokens <= self.budget

    def add(self, prompt: int | None, completion: int | None, *, guess: tuple[int, int]) -> None:
        """Count one request; what the endpoint does not tell is guessed."""
        self.requests += 1
        self.estimated |= prompt is None or completion is None
        self.prompt += guess[0] if prompt is None else prompt
        self.completion += guess[1] if completion is None else completion

    def line(self, model: str) -> str:
        """Return all this in one line, "" if nothing happened."""
        if not (self.requests or self.cached or self.left_out):
            return ""
        about = "about " if self.estimated else ""
        parts = [_count(self.requests, "request") + (f" ({_count(self.repairs, 'repair')})" if self.repairs else "")]
        if self.cached:
            parts.append(f"{_count(self.cached, 'answer')} from the cache")
        parts.append(f"{about}{self.prompt:,} tokens in, {self.completion:,} out of a budget of {self.budget:,}")
        if self.price is not None:
            cost = (self.prompt * self.price[0] + self.completion * self.price[1]) / _MILLION
            parts.append(f"cost {about}{cost:.4f}")
        if self.dropped:
            parts.append(f"{_count(self.dropped, 'fact')} dropped, not being in the words of the text")
        if self.left_out:
            parts.append(f"{_count(self.left_out, 'article')} left out")
        return f"language model {model}: {'; '.join(parts)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
