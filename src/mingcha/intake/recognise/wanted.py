"""What a dataset cannot do without and no column was mapped to: found by elimination, or asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from mingcha.datasets import Dataset, Field
from mingcha.intake.recognise.columns import Cand, Match
from mingcha.intake.recognise.headers import normal_header
from mingcha.intake.recognise.lexicon import Lexicon
from mingcha.intake.recognise.profiles import fit

#: How such matches are marked; the user is told of each.
BY_ELIMINATION = "similar"
#: A column that nothing else claims is taken for a wanted field if its header comes so near and its values fit.
NEAR, FITS = 0.34, 0.5
#: A lead of so much over the next column.
LEAD = 0.05
#: From here on an unmapped column might be the wanted one: then the user is asked instead of every row being refused.
MIGHT_BE = 0.22
_SCORE = 0.5
#: Types whose values tell themselves.
_TELLING = frozenset({"id18", "account", "cert", "date", "month", "datetime", "money", "phone", "name", "int"})


def wanted_fields(dataset: Dataset, there: Collection[str]) -> list[tuple[str, ...]]:
    """Required fields and any_of groups of which none is there; each as the fields that would do."""
    groups = [(field.id,) for field in dataset.fields.values() if field.required and field.type != "division"]
    return [group for group in (*groups, *dataset.any_of) if not set(group) & set(there)]


def by_elimination(
    dataset: Dataset, matches: Mapping[int, Match], cands: Sequence[Cand], there: Collection[str], lexicon: Lexicon
) -> dict[int, Match]:
    """Further matches: for each wanted field the one unmapped column whose header and values come near enough.

    there   fields that a title tells
    """
    found: dict[int, Match] = {}
    for group in wanted_fields(dataset, {*there, *(match.field for match in matches.values())}):
        ranked = sorted(
            (
                (_nearness(dataset, dataset.fields[name], cand, lexicon), -cand.column.index, name)
                for name in group
                for cand in _free(cands, {*matches, *found})
            ),
            reverse=True,
        )
        if not ranked or ranked[0][0] < NEAR:
            continue
        others = [score for score, place, _ in ranked if place != ranked[0][1]]
        if not others or ranked[0][0] - others[0] >= LEAD:
            found[-ranked[0][1]] = Match(ranked[0][2], _SCORE, BY_ELIMINATION)
    return found


def might_be(
    dataset: Dataset, matches: Mapping[int, Match], cands: Sequence[Cand], there: Collection[str], lexicon: Lexicon
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(fields that are wanted, headers of unmapped columns that might be them); both () where nothing might."""
    wanted: list[str] = []
    headers: list[str] = []
    for group in wanted_fields(dataset, {*there, *(match.field for match in matches.values())}):
        for cand in _free(cands, set(matches)):
            if any(_nearness(dataset, dataset.fields[name], cand, lexicon) >= MIGHT_BE for name in group):
                wanted.append(group[0])
                headers.append(cand.column.written)
    return tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(headers))


def _free(cands: Sequence[Cand], taken: Collection[int]) -> list[Cand]:
    return [cand for cand in cands if cand.column.index not in taken and cand.column.written and cand.profile.n]


def _nearness(dataset: Dataset, field: Field, cand: Cand, lexicon: Lexicon) -> float:
    fits = fit(field, cand.profile)
    if fits < 0 or (field.type in _TELLING and fits < FITS):
        return 0.0
    forms = (cand.column.written, cand.column.levels[-1])
    return max(lexicon.nearness(normal_header(text), (dataset.id, field.id)) for text in forms)
