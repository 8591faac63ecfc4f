"""All header names of all datasets, indexed once: which fields may a header be, and how surely."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from mingcha.datasets import Catalogue, load_catalogue
from mingcha.intake.recognise.headers import ACCOUNT, ID, NAME, PHONE, Header, initials, key_of, normal_header
from mingcha.values.yamls import load_yaml

#: How sure a match of each kind is. The catalogue's own names before our further words before equal keys.
EXACT, FURTHER, WEAK, SAME_KEY, INITIALS = 1.0, 0.96, 0.88, 0.9, 0.88
#: Below this a likeness of two headers says nothing (a shared 日期 or 金额 alone reaches about 0.4).
LEAST = 0.5

_ROLE = re.compile(
    r"户主|申请人|监护人|\ue013|\ue012|干部|经办人|备案人|报备人|\ue01e|近\ue01e|配偶|父亲|母亲|父|母|开户人|\ue00f|联系人|"
    r"承办人|诉求人|来电人|信访人|反映人|法定代表人|法人|投资人|委托人|责任人|家庭成员|成员|\ue010|负责人|抚养人|供养|"
    r"\ue01e|持卡人|所有人|权利人|产权人|被照料人|被代管人|特困人员|纳税人|评估对象|儿童|残疾人|干部\ue01e|乙方|甲方"
)
# words for the person whom the row is about: no other role
_SELF = re.compile(
    r"^(家庭成员|成员|特困人员|\ue010|权利人|产权人|所有人|儿童|残疾人|被照料人|被代管人|评估对象|供养|持卡人|委托人)"
)
# the last part of a header is its head noun: 死亡时间 and 死亡原因 differ in kind
_HEAD_NOUNS = frozenset("\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue00c\ue016\ue017\ue018\ue019")
#: endings that change nothing of what a header means: 残疾类别情况, 健康状况说明
_NEUTRAL_ENDS = frozenset("\ue004\ue006\ue009\ue016\ue019数额号项值率名称款金")
_QUESTION = "\ue00d"
#: so like a known name, a cell reads like a header though it ends otherwise (整改具体措施, 存在的问题)
_LIKE = 0.65
_LATIN = re.compile(r"^[a-z]{1,12}$")
_CODED = re.compile(r"^(?:[a-z]\w*\d{3,}|field\d+|f\d+|col(?:umn)?\d+|列\d+|字段\d+|unnamed.*)$")


def is_coded(text: str) -> bool:
    """A header that says nothing: a data-element id (d204c310001), Column3, 列5."""
    return bool(_CODED.match(text))


def likeness(one: str, other: str) -> float:
    """Likeness of two keys, 0–1: containment and shared pairs of characters, less where role or head noun differ."""
    if one == other:
        return 1.0
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    score = 0.6 + 0.35 * len(short) / len(long) if short in long else 0.85 * _pairs(one, other)
    if score < LEAST:
        return score
    nouns = (one[-1] in _HEAD_NOUNS) + (other[-1] in _HEAD_NOUNS)
    if one[-1] != other[-1] and (nouns == 2 or (nouns == 1 and long.startswith(short))):
        score *= 0.6
    elif one[-1] != other[-1] and short in long and long[-1] not in _NEUTRAL_ENDS:
        # the head of a Chinese noun stands last: 驻村队员 is no 村, 审核状态码 no 状态
        score *= 0.75
    if (_QUESTION in one) != (_QUESTION in other):
        score *= 0.7
    if _roles(one) != _roles(other):
        score *= 0.55
    return score


def _roles(key: str) -> frozenset[str]:
    stripped = _SELF.sub("", key)
    return frozenset(_ROLE.findall(stripped))


def _pairs(one: str, other: str) -> float:
    """Dice coefficient over characters and pairs of characters."""
    a = set(one) | {one[i : i + 2] for i in range(len(one) - 1)}
    b = set(other) | {other[i : i + 2] for i in range(len(other) - 1)}
    return 2 * len(a & b) / (len(a) + len(b))


Scores = Mapping[tuple[str, str], float]


class Lexicon:
    """Header names of the catalogue and of data/names.yaml, by text, by key and by pinyin initials."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._exact: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        self._by_key: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        self._by_initials: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        self._names_of: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._add_catalogue()
        self._add_further()
        self._keys_with: dict[str, set[str]] = defaultdict(set)
        for key in self._by_key:
            for char in set(key):
                self._keys_with[char].add(key)
        #: every header name as normalised, sorted
        self.names = tuple(sorted(self._exact))

    def _add_catalogue(self) -> None:
        for dataset in self.catalogue.datasets.values():
            for field in dataset.fields.values():
                for word in (field.header, *field.aliases):
                    self._add(word, (dataset.id, field.id), EXACT)

    def _add_further(self) -> None:
        further = _further_names()
        for dataset in self.catalogue.datasets.values():
            for field_id, words in further["shared"].items():
                if field_id in dataset.fields:
                    self._add_all(words, (dataset.id, field_id), FURTHER)
            for field_id, words in further["datasets"].get(dataset.id, {}).items():
                self._add_all(words, (dataset.id, field_id), FURTHER)
        for dataset_id, fields in further["weak"].items():
            for field_id, words in fields.items():
                for word in words:
                    for index in (self._exact[normal_header(word).text], self._by_key[key_of(word)]):
                        index[dataset_id, field_id] = WEAK

    def _add_all(self, words: list[str], target: tuple[str, str], score: float) -> None:
        for word in words:
            self._add(word, target, score)

    def _add(self, word: str, target: tuple[str, str], score: float) -> None:
        header = normal_header(word)
        _raise(self._exact[header.text], target, score)
        _raise(self._by_key[key_of(header.text)], target, score * SAME_KEY)
        self._names_of[target].add(key_of(header.text))
        short = initials(header.text)
        if len(short) >= 2:
            _raise(self._by_initials[short], target, score * INITIALS)
        if _LATIN.match(header.text):
            _raise(self._by_initials[header.text], target, score)

    @lru_cache(maxsize=16384)  # noqa: B019 - one lexicon a process
    def scores(self, header: Header) -> Scores:
        """(dataset, field) → how likely a header with this text is that field; only what reaches LEAST."""
        if not header.text or is_coded(header.text):
            return {}
        if _LATIN.match(header.text):
            return dict(self._by_initials.get(header.text, {}))
        found: dict[tuple[str, str], float] = {}
        for text, share in ((header.text, 1.0), (header.bare, 0.97)):
            _merge(found, self._exact.get(text, {}), share)
            self._add_like(found, key_of(text), share)
            if header.bare == header.text:
                break
        return found

    def _add_like(self, found: dict[tuple[str, str], float], key: str, share: float) -> None:
        if not key:
            return
        _merge(found, self._by_key.get(key, {}), share)
        near: dict[str, int] = defaultdict(int)
        for char in set(key):
            for other in self._keys_with.get(char, ()):
                near[other] += 1
        for other, shared in near.items():
            if other == key or shared * 4 < len(set(key)) + len(set(other)) - 2:
                continue
            score = likeness(key, other)
            if score >= LEAST:
                _merge(found, self._by_key[other], share * score * 0.95)

    def nearness(self, header: Header, target: tuple[str, str]) -> float:
        """How near a header comes to a field's names, 0–1, also below LEAST: for a field that is still wanted."""
        field = self.catalogue.datasets[target[0]].fields[target[1]]
        key = key_of(header.text)
        names = self._names_of.get(target, set()) | {key_of(normal_header(field.header).text)}
        return max((likeness(key, name) for name in names if key and name), default=0.0)

    def is_name(self, header: Header) -> bool:
        """Whether some dataset knows exactly this header (or its part before brackets)."""
        return header.text in self._exact or header.bare in self._exact

    def looks_like_header(self, header: Header) -> bool:
        """Whether a cell with this text reads like a header: a known name, or a short phrase ending like one."""
        if self.is_name(header) or is_coded(header.text):
            return True
        if _LATIN.match(header.text):
            return header.text in self._by_initials
        key = key_of(header.text)
        if key in self._by_key or (key and len(header.text) <= 24 and key[-1] in _ENDINGS):
            return True
        return 3 <= len(header.text) <= 24 and max(self.scores(header).values(), default=0.0) >= _LIKE


_ENDINGS = frozenset("号额数码名人类型期间月年址位况态式度准额费金率比质称因由量价值时者地区证款")
_ENDINGS |= _HEAD_NOUNS | {ID, PHONE, ACCOUNT, NAME, "\ue00e", "\ue00b", "\ue00a", "\ue014", "\ue015", "\ue020"}


def _raise(index: dict[tuple[str, str], float], target: tuple[str, str], score: float) -> None:
    if index.get(target, 0.0) < score:
        index[target] = score


def _merge(found: dict[tuple[str, str], float], more: Mapping[tuple[str, str], float], share: float) -> None:
    for target, score in more.items():
        if found.get(target, 0.0) < score * share:
            found[target] = score * share


@cache
def _further_names() -> dict[str, Any]:
    text = (files("mingcha.intake.recognise") / "data" / "names.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = load_yaml(text)
    return loaded


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of the packaged catalogue. Built once a process."""
    return Lexicon(load_catalogue())
