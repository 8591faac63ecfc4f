"""Which dataset a table is: headers, what it must have, what it hardly shares, and what its titles say."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingcha.datasets import Catalogue, Dataset
from mingcha.intake.recognise.columns import BY_VALUE, Cand, Match, score_columns
from mingcha.intake.recognise.headers import normal_header
from mingcha.intake.recognise.titles import Signs, Source, load_signs, title_score

#: Weights of the four kinds of evidence. Headers weigh most; a title decides between sheets of equal columns
#: (1a and 4, 1b and 3b), but a title alone (0.3) never reaches THRESHOLD.
HEADERS, NEEDS, OWN, TITLE = 0.5, 0.22, 0.14, 0.3
#: Below this nothing is recognised: measured on header rows of offices, right answers lie above 0.6, sheets that
#: are none of ours (leave lists, purchase ledgers) below 0.45.
THRESHOLD = 0.5
#: Below this distance to the second best the user is asked. Pairs that share all columns (1b and 3b without a title)
#: differ by less than 0.02; a title, even a folder's name, makes 0.05 and more.
MARGIN = 0.03
#: Without a rival in sight a little less will do.
THRESHOLD_ALONE, MARGIN_ALONE = 0.44, 0.3
_NAMED = 0.5
#: Without headers values alone speak: the next best must then be far.
THRESHOLD_BY_VALUE, MARGIN_BY_VALUE = 0.5, 0.08
_AGAINST = 0.05
_REQUIRED = 0.12
_NO_NUMBER = 0.25
_NEED_MISSING = 0.1
#: A title this plain makes up for half of what the columns leave open.
_TITLE_SURE = 0.7
#: Datasets whose columns say too little: title, file name or a header must name them.
_ONLY_SAID = {"disclosure": "公示|公布|公开"}
_NOT_SAID = 0.2
#: Papers that lie in offices' folders and are none of ours.
_OTHER_PAPERS = re.compile(
    r"通讯录|请假|考勤|值班|会议|签到|采购|库存|领用|固定资产|物资|报销|差旅|车票|培训|座次|排班|联系方式|体检|党费|年货|快递|电费|水费"
)
_FOREIGN = 0.25
#: A title counts in the scale only where it names some dataset at all.
TITLE_SAYS = 0.25
_PREFILTER = 10


@dataclass(frozen=True)
class Verdict:
    """One dataset's case. score: 0 and up, 1 is as good as it gets without a title; title: what the titles say;
    lacks_numbers: it asks for identity numbers and the sheet has none."""

    dataset: Dataset
    score: float
    matches: Mapping[int, Match]
    title: float
    lacks_numbers: bool = False


@dataclass(frozen=True)
class Choice:
    """All cases that were looked at, best first."""

    verdicts: tuple[Verdict, ...]
    headed: bool = True

    @property
    def best(self) -> Verdict:
        """The best case."""
        return self.verdicts[0]

    @property
    def margin(self) -> float:
        """Distance to the second best."""
        return self.best.score - self.verdicts[1].score if len(self.verdicts) > 1 else self.best.score

    @property
    def is_sure(self) -> bool:
        """Whether the best may be taken without asking."""
        if self.headed:
            if self.best.lacks_numbers and self.best.title < _NAMED:
                return False  # a list without numbers is some other paper until a title says what it is
            if self.best.score >= THRESHOLD_ALONE and self.margin >= MARGIN_ALONE:
                return True
            return self.best.score >= THRESHOLD and self.margin >= MARGIN
        # values alone: a title must name it, or it is a bank's list (name, account, amount), which is like nothing else
        named = self.best.title >= TITLE_SAYS or self.best.dataset.id == "payment"
        return named and self.best.score >= THRESHOLD_BY_VALUE and self.margin >= MARGIN_BY_VALUE


@dataclass(frozen=True)
class _Evidence:
    """What all datasets are judged by. scale: what the parts can add up to; unit: what one column can reach."""

    cands: Sequence[Cand]
    weights: Mapping[int, float]
    scale: float
    unit: float
    is_foreign: bool


def choose(cands: Sequence[Cand], sources: Sequence[Source], catalogue: Catalogue) -> Choice:
    """Judges all datasets; only the likelier ones get an exact assignment."""
    signs = load_signs()
    headed = any(cand.scores for cand in cands)
    titles = {name: title_score(signs[name], sources) for name in catalogue.datasets}
    evidence = _Evidence(
        cands=cands,
        weights=_weights(cands, catalogue),
        scale=HEADERS + NEEDS + OWN + (TITLE if max(titles.values()) >= TITLE_SAYS else 0.0),
        unit=1.0 if headed else BY_VALUE,
        is_foreign=any(_OTHER_PAPERS.search(source.text) for source in sources if source.kind != "folder"),
    )
    likely = list(catalogue.datasets)
    if headed:
        rough = {name: _rough(name, cands, evidence.weights) + TITLE * titles[name] for name in likely}
        likely = sorted(rough, key=lambda name: (-rough[name], name))[:_PREFILTER]
    verdicts = [_judge(catalogue.datasets[name], signs[name], titles[name], evidence) for name in likely]
    verdicts.sort(key=lambda verdict: (-verdict.score, verdict.dataset.id))
    return Choice(tuple(verdicts), headed)


def _weights(cands: Sequence[Cand], catalogue: Catalogue) -> dict[int, float]:
    """How much each column tells: a header that few datasets know tells most; 备注 and 序号 next to nothing."""
    total = len(catalogue.datasets)
    weights: dict[int, float] = {}
    for cand in cands:
        knowing = len({dataset for (dataset, _), score in cand.scores.items() if score >= 0.8})
        if knowing == 0:
            weights[cand.column.index] = 0.3 if cand.scores else 0.12
        else:
            weights[cand.column.index] = 0.12 + 0.88 * math.log(total / knowing) / math.log(total)
    return weights


def _rough(name: str, cands: Sequence[Cand], weights: Mapping[int, float]) -> float:
    got = 0.0
    for cand in cands:
        best = max((score for (dataset, _), score in cand.scores.items() if dataset == name), default=0.0)
        got += weights[cand.column.index] * best
    return HEADERS * got / max(sum(weights.values()), 1e-9)


def _judge(dataset: Dataset, signs: Signs, title: float, evidence: _Evidence) -> Verdict:
    matches = score_columns(dataset, evidence.cands)
    fields = {match.field: min(1.0, match.score / evidence.unit) for match in matches.values()}
    weights = evidence.weights
    covered = sum(weights[index] * fields[match.field] for index, match in matches.items())
    told = {field.id for field in dataset.fields.values() if field.from_title} if title >= 0.5 else set()
    needs = _needs(signs, fields, told)
    own = min(1.0, sum(fields[name] for name in fields if name in signs.own) / 3)
    score = (
        HEADERS * covered / max(sum(weights.values()), 1e-9)
        + NEEDS * sum(needs) / len(needs)
        + OWN * own
        + TITLE * title
        + _shape(dataset, matches, evidence.cands)
        - _REQUIRED * _missing(dataset, set(fields) | told)
        - _penalties(dataset, signs, title, evidence, needs, set(fields))
    )
    lacks = _lacks_numbers(dataset, set(fields))
    return Verdict(dataset, max(0.0, score / evidence.scale), matches, title, lacks)


def _needs(signs: Signs, fields: Mapping[str, float], told: set[str]) -> list[float]:
    """How well each needed group is met; a title meets half of what it may tell."""
    groups = [[fields.get(name, 0.5 if name in told else 0.0) for name in group] for group in signs.need]
    return [max(group) for group in groups]


def _penalties(
    dataset: Dataset, signs: Signs, title: float, evidence: _Evidence, needs: Sequence[float], there: set[str]
) -> float:
    total = _AGAINST * min(_count_against(signs, evidence.cands), 3)
    total += _NEED_MISSING * sum(value == 0.0 for value in needs) * (0.5 if title >= _TITLE_SURE else 1.0)
    if dataset.id in _ONLY_SAID and title < 0.4 and not _is_said(dataset.id, evidence.cands):
        total += _NOT_SAID
    if evidence.is_foreign:
        total += _FOREIGN
    # nobody whom a row is about, or no number where one is required: every row would be refused
    if needs[0] == 0.0 or _lacks_numbers(dataset, there):
        total += _NO_NUMBER
    return total


def _is_said(name: str, cands: Sequence[Cand]) -> bool:
    return any(re.search(_ONLY_SAID[name], cand.column.written) for cand in cands)


def _lacks_numbers(dataset: Dataset, there: set[str]) -> bool:
    """Whether the dataset asks for identity numbers and the sheet has none: every row would be refused."""
    wanted = {field.id for field in dataset.fields.values() if field.required and field.type == "id18"}
    return bool(wanted) and not wanted & there


def _missing(dataset: Dataset, there: set[str]) -> float:
    """Share of the required fields and any_of groups that have no column; places often stand in the title."""
    required = [field.id for field in dataset.fields.values() if field.required and field.type != "division"]
    groups = [(name,) for name in required] + list(dataset.any_of)
    if not groups:
        return 0.0
    return sum(not there.intersection(group) for group in groups) / len(groups)


def _count_against(signs: Signs, cands: Sequence[Cand]) -> int:
    if signs.against is None:
        return 0
    return sum(bool(signs.against.search(normal_header(cand.column.written).text)) for cand in cands)


def _shape(dataset: Dataset, matches: Mapping[int, Match], cands: Sequence[Cand]) -> float:
    """What the filling of columns says: one row a household or one a person."""
    looks = {cand.column.index: cand.profile for cand in cands}
    by_field = {match.field: looks[index] for index, match in matches.items() if index in looks}
    if dataset.id in {"dibao_household", "low_income_household", "tekun_household"}:
        members = by_field.get("member_ids") or by_field.get("member_names")
        if members is not None and members.n and members.several < 0.2 and _column_of_relations(cands):
            return -0.15
    return 0.0


def _column_of_relations(cands: Sequence[Cand]) -> bool:
    return any(cand.profile.lists.get("relation", 0.0) >= 0.5 for cand in cands)
