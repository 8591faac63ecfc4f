"""Value profiles: what the cells of a column look like, whatever its header says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from mingcha.datasets import Field, load_catalogue
from mingcha.intake.model import CellKind
from mingcha.values.divisions import load_divisions

_ID = re.compile(
    r"^[1-9]\d{5}(?:1[89]|20)\d{2}[01*]\d[0-3*]\d[\d*]{3}[\dxх×*]$|^[1-9]\d{5}\d{2}[01]\d[0-3]\d{4}$", re.I
)
_SHOWN_ID = re.compile(r"^[1-9]\.\d+e\+?17$")
_SHOWN_ACCOUNT = re.compile(r"^[1-9]\.\d+e\+?1[4-8]$")
_ID_LIKE = re.compile(r"^[1-9]\d{5}[\d*]{8,11}[\dx*]$", re.I)
_CERT = re.compile(r"^[1-9]\d{16}[\dx][1-7][1-4](?:b\d)?$", re.I)
_PHONE = re.compile(r"^1[3-9][\d*]{9}$|^0\d{2,3}-?\d{7,8}$|^\d{7,8}$|^1[2-9]\d{3}$")
_ACCOUNT = re.compile(r"^[\d*\- ]{10,32}$")
_DATE = re.compile(
    r"^(?:1[89]|20)\d{2}(?:[-/.年](?:0?[1-9]|1[0-2])[-/.月](?:[0-3]?\d)日?|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))"
    r"(?:[ t]?\d{1,2}:\d{2}(?::\d{2})?)?$",
    re.I,
)
_MONTH = re.compile(
    r"^(?:1[89]|20)\d{2}(?:[-/.年](?:0?[1-9]|1[0-2])月?份?|(?:0[1-9]|1[0-2]))$|^(?:0?[1-9]|1[0-2])月份?$|^20\d{2}年?第?[一二三四1-4]季度$"
)
_NUMBER = re.compile(
    r"^[¥￥]?-?\d{1,3}(?:,\d{3})+(?:\.\d+)?元?$|^[¥￥]?-?\d+(?:\.\d+)?(?:元|万元|人|户|岁|㎡|平方米)?$"
)
_PLATE = re.compile(
    r"^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.]?[a-z0-9]{5,6}[挂学警]?$", re.I
)
_USCC = re.compile(r"^[159y][1239]\d{6}[0-9a-hj-npqrtuwxy]{10}$", re.I)
_PARTED = re.compile(r"[、,;\s]")
_YES = frozenset(
    [
        "是",
        "否",
        "有",
        "无",
        "√",
        "×",
        "✓",
        "已签",
        "未签",
        "y",
        "n",
        "true",
        "false",
        "已",
        "未",
        "☑",
        "同意",
        "不同意",
        "是√",
        "对",
        "错",
    ]
)
_BLANK = frozenset(["-", "--", "/", "\\", "无", "不详", "—", "0001-01-01"])
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_TITLE_IN_NAME = re.compile(
    r"[村镇乡局院校社区路号室组年月日元人员户金费款类级位间系额目牌源型别息况称态项数量期址证码部位务注]"
)
_PLACE = re.compile(r"(?:省|市|县|区|镇|乡|街道|办事处|村|社区|居委会|村委会)$")
_ADDRESS = re.compile(r"(?:省|市|县|区|镇|乡|街道|村|路|社区).*(?:村|组|号|路|街|楼|庄|区|室|社区|镇|乡)")


@dataclass(frozen=True)
class Profile:
    """Shares (0–1) of a column's filled sampled cells that look like each kind of value.

    n        filled cells sampled; filled: their share of the sampled rows; distinct: different values / n
    length   mean length; several: share of cells with several values; is_sequence: 1 2 3 …, row numbers
    shares   kind → share; lists: code list → share of words it knows
    """

    n: int
    filled: float
    distinct: float
    length: float
    several: float
    shares: Mapping[str, float]
    lists: Mapping[str, float]
    is_sequence: bool = False

    def share(self, kind: str) -> float:
        """Share of one kind."""
        return self.shares.get(kind, 0.0)


NOTHING = Profile(0, 0.0, 0.0, 0.0, 0.0, {}, {})


@cache
def _code_words() -> Mapping[str, frozenset[str]]:
    """Word → the code lists that know it (labels and aliases; bare codes are no words)."""
    words: dict[str, set[str]] = defaultdict(set)
    for code_list in load_catalogue().codes.values():
        for code in code_list.values:
            for word in (code.label, *code.aliases):
                plain = unicodedata.normalize("NFKC", word).lower()
                if not plain.isdigit():
                    words[plain].add(code_list.id)
    return {word: frozenset(lists) for word, lists in words.items()}


def is_code_word(text: str) -> bool:
    """Whether some code list knows the text: a value, hardly a header."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").lower() in _code_words()


@cache
def _places() -> tuple[frozenset[str], frozenset[str]]:
    divisions = load_divisions()
    villages = {written for _, written, _ in divisions.village_spellings() if not written.isdigit()}
    return frozenset(divisions.township_spellings()), frozenset(villages)


def kinds_of(text: str, kind: int) -> list[str]:
    """The kinds of value one cell may be. Several may hold: 20230105 is a date, a number, an account."""
    value = unicodedata.normalize("NFKC", text).strip().strip("'").replace(" ", "").lower()
    if kind == CellKind.DATE:
        return ["date"]
    if not value or value in _BLANK:
        return ["dash"]
    found = _figured_kinds(value) if _FIGURED.search(value) else []
    if found:
        return _sift(found, value, kind)
    if value in _YES:
        found.append("bool")
    return found + _words_kinds(value)


#: Without a digit or a letter none of the patterns can match: most words are told by that alone.
_FIGURED = re.compile(r"[\da-z]")


def _figured_kinds(value: str) -> list[str]:
    if _ID.match(value):  # whatever else it may be, it is that: see _sift
        return ["id"]
    return [name for name, pattern in _PATTERNS if pattern.match(value)]


_PATTERNS = (
    ("id", _ID),
    ("id", _SHOWN_ID),
    ("id_like", _ID_LIKE),
    ("account", _SHOWN_ACCOUNT),
    ("cert", _CERT),
    ("phone", _PHONE),
    ("account", _ACCOUNT),
    ("date", _DATE),
    ("month", _MONTH),
    ("number", _NUMBER),
    ("plate", _PLATE),
    ("uscc", _USCC),
)


def _sift(found: list[str], value: str, kind: int) -> list[str]:
    """An identity number is no account and no amount; a long number is no amount."""
    if "id" in found:
        return ["id"]
    if "id_like" in found and (kind == CellKind.NUMBER or value.startswith("41")):
        return ["id"]
    if "cert" in found:
        return ["cert"]
    if "date" in found or "month" in found:
        found = [name for name in found if name not in {"account", "phone"}]
    if "phone" in found and "account" in found:
        found.remove("account")
    if "number" in found and len(value.split(".", maxsplit=1)[0]) > 9:
        found.remove("number")
    if "number" in found and kind == CellKind.NUMBER and value.isdigit() and 20000 <= int(value) <= 60000:
        found.append("serial")
    return found


def _words_kinds(value: str) -> list[str]:
    towns, villages = _places()
    found = []
    if value in towns:
        found.append("township")
    if value in villages:
        found.append("village")
    if _PLACE.search(value) and len(value) <= 12:
        found.append("place")
    if len(value) >= 6 and _ADDRESS.search(value):
        found.append("address")
    if 2 <= len(value) <= 4 and value[0] in _SURNAMES and not _TITLE_IN_NAME.search(value[1:]):
        found.append("name")
    return found


def profile(cells: Sequence[str | None], kinds: Sequence[int]) -> Profile:
    """The profile of a column's sampled cells."""
    filled = [(cell, kind) for cell, kind in zip(cells, kinds, strict=True) if cell is not None and cell.strip()]
    found: Counter[str] = Counter()
    lists: Counter[str] = Counter()
    words = _code_words()
    n = 0
    several = 0
    for cell, kind in filled:
        looks = kinds_of(cell, kind)
        if looks == ["dash"]:
            continue
        n += 1
        found.update(looks)
        plain = unicodedata.normalize("NFKC", cell).replace(" ", "").lower()
        lists.update(words.get(plain, ()))
        several += _PARTED.search(plain) is not None
    if n == 0:
        return NOTHING
    distinct = len({cell for cell, _ in filled}) / len(filled)
    length = sum(len(cell) for cell, _ in filled) / len(filled)
    return Profile(
        n,
        len(filled) / max(len(cells), 1),
        distinct,
        length,
        several / n,
        {kind: count / n for kind, count in found.items()},
        {name: count / n for name, count in lists.items()},
        _is_sequence([cell for cell, _ in filled]),
    )


def _is_sequence(cells: Sequence[str]) -> bool:
    """Row numbers: whole numbers, each one more than the last nearly always."""
    numbers = [int(text) for cell in cells if (text := cell.strip().removesuffix(".0")).isdigit() and len(text) < 7]
    if len(numbers) < 3 or len(numbers) < 0.8 * len(cells):
        return False
    steps = sum(later - earlier == 1 for earlier, later in pairwise(numbers))
    return steps >= 0.7 * (len(numbers) - 1)


# field type → kinds of value that fit it
_FITS: Mapping[str, tuple[str, ...]] = {
    "id18": ("id", "cert"),
    "cert": ("cert", "id"),
    "account": ("account",),
    "phone": ("phone",),
    "uscc": ("uscc",),
    "date": ("date", "month", "serial"),
    "datetime": ("date", "serial"),
    "month": ("month", "date", "serial"),
    "money": ("number",),
    "decimal": ("number",),
    "int": ("number",),
    "percent": ("number",),
    "name": ("name",),
    "bool": ("bool",),
}
# what a field of this type never holds
_NEVER: Mapping[str, tuple[str, ...]] = {
    "name": ("id", "number", "date", "phone", "account", "cert"),
    "text": ("id", "cert"),
    "enum": ("id", "cert", "account", "date"),
    "division": ("id", "number", "date", "cert"),
    "list": ("number", "date"),
    "bool": ("id", "account", "date"),
    "money": ("id", "cert", "account", "date"),
    "int": ("id", "cert", "account", "date"),
    "decimal": ("id", "cert", "account", "date"),
    "account": ("id",),
    "phone": ("id",),
    "date": ("id", "name"),
    "month": ("id", "name"),
}
# text fields whose values have a form of their own
_OWN_FORM = {
    "plate": "plate",
    "township": "township",
    "village": "village",
    "location": "address",
    "address": "address",
}


def fit(field: Field, column: Profile) -> float:
    """How well values fit a field: 1 they are just so, 0 nothing known, −1 they are something else."""
    if column.n == 0:
        return 0.0
    never = max((column.share(kind) for kind in _NEVER.get(field.type, ())), default=0.0)
    if never >= 0.6:
        return -1.0
    own = column.share(_OWN_FORM.get(field.id, ""))
    return own if own > 0 else _fit_type(field, column)


def _fit_type(field: Field, column: Profile) -> float:
    if field.codes and field.type in {"enum", "bool"}:
        return _fit_codes(column.lists.get(field.codes, 0.0), column)
    if field.type == "bool":
        return max(column.share("bool"), column.lists.get("bool", 0.0))
    fits = _FITS.get(field.type)
    if fits is None:
        return column.share("place") * 0.3 if field.type == "division" else 0.0
    share = min(1.0, sum(column.share(kind) for kind in fits))
    if share >= 0.5:
        return share
    # names and dates have many forms that are not known here; numbers have not
    return -0.7 if column.n >= 3 and share < 0.1 and field.type not in {"name", "date", "month"} else share - 0.2


def _fit_codes(share: float, column: Profile) -> float:
    if share >= 0.3:
        return share
    if share == 0 and max(column.lists.values(), default=0.0) >= 0.6:
        return -0.5  # words of another list
    return -0.3 if column.n >= 3 and column.share("number") < 0.5 and column.length > 8 else 0.0
