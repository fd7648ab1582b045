"""What the network said of one article against what it should have said -> one number to lower, by task."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from incidentgraph.extract.network import decode_tags
from incidentgraph.extract.network_labels import CLAIM_KINDS, FAMILIES, KINDS, ROLES, Candidate
from incidentgraph.training.examples import Example, Group
from incidentgraph.training.heads import Model

NAMED = ("Person", "Group", "Location")
SPEAKERS = (*NAMED, "Nominal", "Speaker", "Party")


def article_losses(model: Model, hidden: Tensor, example: Example, *, own_spans: bool) -> dict[str, Tensor]:
    """Return the losses of one article; with `own_spans` the spans that the model invents take part, as nobody's."""
    out: dict[str, Tensor] = {}
    scores = model.tag_scores(hidden)
    for family, layer in example.tags.items():
        out[f"tag.{family}"] = functional.cross_entropy(scores[family], torch.from_numpy(layer), reduction="sum") / 40
    candidates, groups = list(example.candidates), list(example.groups)
    if own_spans:
        for item in invented(example, scores):
            candidates.append(item)
            groups.append((item.type, f"{item.first}-{item.last}"))
    order = list(dict.fromkeys(groups))
    number = {group: index for index, group in enumerate(order)}
    owner = torch.tensor([number[group] for group in groups], dtype=torch.long)
    if example.incidents and candidates:
        out |= _attacks(model, hidden, example, candidates, owner, number)
    if example.cues:
        out |= _claims(model, hidden, example, candidates, groups)
    out |= _reality(model, hidden, example, scores["trigger"])
    out |= _antecedents(model, hidden, example)
    out |= _relations(model, hidden, example)
    if example.group_kinds:
        said = model.span_scores("group", hidden, [item for item, _ in example.group_kinds])
        out["group"] = functional.cross_entropy(said, torch.tensor([kind for _, kind in example.group_kinds])) * 0.5
    return out


def _reality(model: Model, hidden: Tensor, example: Example, scores: Tensor) -> dict[str, Tensor]:
    """Whether the article tells of an attack at all, and whether a word that may be a trigger does."""
    has = torch.tensor([float(bool(example.incidents))])
    out = {"article": functional.binary_cross_entropy_with_logits(model.article_score(hidden), has)}
    right = [trigger for incident in example.incidents for trigger in incident.triggers]
    taken = {position for item in right for position in range(item.first, item.last + 1)}
    wrong = list(example.not_triggers)
    known = taken | {position for item in wrong for position in range(item.first, item.last + 1)}
    said = scores.detach().log_softmax(-1).numpy().astype(np.float32)
    for first, last, label, _ in decode_tags(said, FAMILIES["trigger"], bias=1.0):
        if not known.intersection(range(first, last + 1)):
            wrong.append(Candidate(first, last, label))
    if right or wrong:
        real = model.span_scores("real", hidden, [*right, *wrong])[:, 0]
        gold = torch.tensor([1.0] * len(right) + [0.0] * len(wrong))
        out["real"] = functional.binary_cross_entropy_with_logits(real, gold)
    return out


def invented(example: Example, scores: dict[str, Tensor]) -> list[Candidate]:
    """Return the spans that the tag layers find and the annotation does not have."""
    out = []
    taken: dict[str, set[int]] = {}
    for item in example.candidates:
        taken.setdefault(item.type, set()).update(range(item.first, item.last + 1))
    for family in ("party", "figure", "nominal", "speaker", "weapon"):
        said = scores[family].detach().log_softmax(-1).numpy().astype(np.float32)
        for first, last, label, _ in decode_tags(said, FAMILIES[family]):
            if not taken.get(label, set()).intersection(range(first, last + 1)):
                out.append(Candidate(first, last, label))
    return out


def _balanced(scores: Tensor, gold: Tensor) -> Tensor:
    loss = functional.binary_cross_entropy_with_logits(scores, gold, reduction="sum")
    return loss / (gold.sum() + 1)


def pool(scores: Tensor, owner: Tensor, count: int) -> Tensor:
    """Return the largest score over rows, then over the columns of each group: groups x outputs."""
    rows = scores.amax(dim=0)
    out = torch.full((count, scores.shape[-1]), -1e4)
    return out.scatter_reduce(0, owner[:, None].expand(-1, scores.shape[-1]), rows, "amax")


def _attacks(
    model: Model,
    hidden: Tensor,
    example: Example,
    candidates: list[Candidate],
    owner: Tensor,
    number: dict[Group, int],
) -> dict[str, Tensor]:
    triggers = [trigger for incident in example.incidents for trigger in incident.triggers]
    whose = [index for index, incident in enumerate(example.incidents) for _ in incident.triggers]
    scores = model.pair_scores("argument", hidden, example.words, triggers, candidates)
    pooled, blame_scores, blames, gold = [], [], [], []
    for index, incident in enumerate(example.incidents):
        rows = torch.tensor([position for position, at in enumerate(whose) if at == index])
        if len(rows) == 0:
            continue
        said = pool(scores[rows], owner, len(number))
        pooled.append(said[:, : len(ROLES)])
        wanted = torch.zeros(len(number), len(ROLES))
        for group, role in incident.arguments:
            if group in number:
                wanted[number[group], role] = 1
        gold.append(wanted)
        for group, status in incident.blame.items():
            if group in number:
                blame_scores.append(said[number[group], len(ROLES) :])
                blames.append(status)
    out = {"argument": _balanced(torch.stack(pooled), torch.stack(gold)) * 2}
    if blames:
        out["blame"] = functional.cross_entropy(torch.stack(blame_scores), torch.tensor(blames)) * 0.5
    same = model.pair_scores("same", hidden, example.words, triggers, triggers)[:, :, 0]
    told = torch.tensor(whose)
    pairs = torch.triu_indices(len(triggers), len(triggers), 1)
    if pairs.shape[1]:
        both = (same + same.T)[pairs[0], pairs[1]] / 2
        out["same"] = functional.binary_cross_entropy_with_logits(both, (told[pairs[0]] == told[pairs[1]]).float())
    kinds = torch.zeros(len(triggers), len(KINDS))
    for row, index in enumerate(whose):
        kinds[row, example.incidents[index].kinds] = 1
    said = model.span_scores("kind", hidden, triggers)
    out["kind"] = functional.binary_cross_entropy_with_logits(said, kinds, reduction="sum") / len(triggers)
    statuses = torch.tensor([example.incidents[index].status for index in whose])
    out["status"] = functional.cross_entropy(model.span_scores("status", hidden, triggers), statuses) * 0.5
    roles = torch.tensor([example.incidents[index].role for index in whose])
    out["role"] = functional.cross_entropy(model.span_scores("role", hidden, triggers), roles) * 0.5
    return out


def choice(scores: Tensor, null: Tensor, right: Tensor) -> Tensor:
    """Return the loss of choosing one of `right` (a mask; none set: nobody) among the scores and the null."""
    total = torch.cat((scores, null)).logsumexp(0)
    chosen = scores[right].logsumexp(0) if bool(right.any()) else null[0]
    return total - chosen


def _claims(
    model: Model, hidden: Tensor, example: Example, candidates: list[Candidate], groups: list[Group]
) -> dict[str, Tensor]:
    cues = [target.cue for target in example.cues]
    kinds = torch.zeros(len(cues), len(CLAIM_KINDS))
    for row, target in enumerate(example.cues):
        kinds[row, sorted(target.kinds)] = 1
    said = model.span_scores("claim", hidden, cues)
    out = {"claim": functional.binary_cross_entropy_with_logits(said, kinds, reduction="sum") / len(cues)}
    pool_of = [(item, group) for item, group in zip(candidates, groups, strict=True) if item.type in SPEAKERS]
    if pool_of:
        scores = model.pair_scores("speaker", hidden, example.words, cues, [item for item, _ in pool_of])[:, :, 0]
        losses = [
            choice(scores[row], model.null["speaker"], torch.tensor([group == target.speaker for _, group in pool_of]))
            for row, target in enumerate(example.cues)
        ]
        out["speaker"] = torch.stack(losses).mean()
    triggers = [trigger for incident in example.incidents for trigger in incident.triggers]
    whose = torch.tensor([index for index, incident in enumerate(example.incidents) for _ in incident.triggers])
    if triggers:
        scores = model.pair_scores("about", hidden, example.words, cues, triggers)[:, :, 0]
        losses = [
            choice(scores[row], model.null["about"], whose == (-1 if target.about is None else target.about))
            for row, target in enumerate(example.cues)
        ]
        out["about"] = torch.stack(losses).mean()
    return out


def _antecedents(model: Model, hidden: Tensor, example: Example) -> dict[str, Tensor]:
    nominals, owners, names, entities = [], [], [], []
    for item, group in zip(example.candidates, example.groups, strict=True):
        if item.type == "Nominal":
            nominals.append(item)
            owners.append(group)
        elif item.type in NAMED:
            names.append(item)
            entities.append(group)
    if not nominals or not names:
        return {}
    scores = model.pair_scores("antecedent", hidden, example.words, nominals, names)[:, :, 0]
    losses = [
        choice(scores[row], model.null["antecedent"], torch.tensor([group == owner for group in entities]))
        for row, owner in enumerate(owners)
    ]
    return {"antecedent": torch.stack(losses).mean()}


def _relations(model: Model, hidden: Tensor, example: Example) -> dict[str, Tensor]:
    items = [
        (item, group)
        for item, group in zip(example.candidates, example.groups, strict=True)
        if item.type in (*NAMED, "Nominal") and group[0] == "entity"
    ]
    if len(items) < 2:
        return {}
    spans = [item for item, _ in items]
    scores = model.pair_scores("relation", hidden, example.words, spans, spans)
    lines = torch.tensor([int(example.words.sentence[item.first]) for item in spans])
    order = {group: number for number, group in enumerate(dict.fromkeys(group for _, group in items))}
    owner = torch.tensor([order[group] for _, group in items])
    near = (lines[:, None] == lines[None]) & (owner[:, None] != owner[None])
    rows, columns = near.nonzero(as_tuple=True)
    if len(rows) == 0:
        return {}
    keys = owner[rows] * len(order) + owner[columns]
    unique, place = torch.unique(keys, return_inverse=True)
    said = torch.full((len(unique), scores.shape[-1]), -1e4)
    picked = scores[rows, columns]
    said = said.scatter_reduce(0, place[:, None].expand(-1, scores.shape[-1]), picked, "amax")
    gold = torch.zeros_like(said)
    where = {int(key): row for row, key in enumerate(unique)}
    for subject, predicate, other in example.relations:
        if subject in order and other in order:
            row = where.get(order[subject] * len(order) + order[other])
            if row is not None:
                gold[row, predicate] = 1
    return {"relation": _balanced(said, gold) * 1.5}
