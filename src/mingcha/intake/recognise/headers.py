"""Header cells → what is compared: normalised text, its looser key, the unit in it.

>>> normal_header("＊身份证 号码：（必填）").text
'身份证号码'
>>> normal_header("补助资金（万元）").text, normal_header("补助资金（万元）").factor
('补助资金', 10000)
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

_UNITS = (
    r"(?:人民币|单位)?:?(?:元|万元|人|户|口|个|套|张|次|名|平方米|㎡|m2|亩|岁|月|天|辆|%|人次|户次|"
    r"元/月|元/年|元/人|元/户|万元/年|元/人[·.*/]?月|元/人[·.*/]?年|元/月[·.*/]?人|元/户[·.*/]?月)"
)
_TRAILING_UNIT = re.compile(rf"\((?P<unit>{_UNITS})\)$")
_DROPPED = re.compile(r"[\s*:'\"“”‘’`]+")
_OPTIONAL = re.compile(r"\((?:必填|选填|必填项|选填项|必录|非必填|下拉选择|下拉|可选|请选择)\)")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})[、.．)](?=[一-龥])")
_BRACKETED = re.compile(r"[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]")
#: Only a digit, 甲 乙 丙, (1), 1=2+3: a column-number row.
NUMBERING = re.compile(r"^\(?(?:\d{1,3}|[甲乙丙丁戊己庚辛])\)?(?:=[\d+\-*/×÷()（）]+)?$")


@dataclass(frozen=True)
class Header:
    """A normalised header. text as compared; bare: without bracketed parts; factor: 10000 where it says 万元."""

    text: str
    bare: str
    factor: int


@lru_cache(maxsize=65536)
def normal_header(written: str) -> Header:
    """Normalises one header cell."""
    text = unicodedata.normalize("NFKC", written).lower()
    text = _DROPPED.sub("", text).replace("帐", "账")
    text = _OPTIONAL.sub("", text)
    text = _NUMBERED.sub("", text)
    factor = 1
    while (unit := _TRAILING_UNIT.search(text)) is not None and unit.start() > 0:
        factor = 10000 if "万元" in unit.group("unit") else factor
        text = text[: unit.start()]
    if text.endswith("万元") and len(text) > 3:
        factor, text = 10000, text.removesuffix("万元")
    return Header(text, _BRACKETED.sub("", text) or text, factor)


# What offices use for one another; each group becomes one private character. Longer words first.
_PARTS: tuple[tuple[str, str], ...] = (
    ("\ue020", r"残疾人?证件?(?:号码|编号|证号|号)|残疾人?证(?=$|[^状有])"),
    (
        "\ue000",
        r"(?:居民|公民|有效|本人的?)?(?:身份证件|身份证明|身份证|公民身份|身份|证件)(?:号码|编号|代码|证号|号)|(?:居民|公民)?身份证|社会保障号码?",
    ),
    ("\ue001", r"联系电话|联系方式|联系号码|手机号码|手机号|手机|电话号码|电话"),
    (
        "\ue002",
        r"(?:银行|存折|社保卡|金融)?(?:卡号|账号|账户号码|账户账号|卡账号|账户号|存折号|账户(?!名|姓|户|类|性))",
    ),
    ("\ue003", r"年月日|日期|时间|时点"),
    ("\ue004", r"总金额|金额|数额|款额|资金额|额度"),
    ("\ue005", r"类型|类别|种类"),
    ("\ue006", r"情况|状况|状态"),
    ("\ue007", r"等级|级别|登记级别"),
    ("\ue008", r"家庭住址|居住地址|现住址|详细地址|住址|地址"),
    ("\ue009", r"人口数|人数|人口"),
    ("\ue00a", r"起始|开始|起止?(?=\ue003|$)|生效"),
    ("\ue00b", r"终止|结束|截止|截至|到期|期满"),
    ("\ue00c", r"原因|缘由|事由"),
    ("\ue00d", r"是否|有无"),
    ("\ue00e", r"补助|补贴|津贴"),
    ("\ue00f", r"领取人|领款人|收款人|收款方"),
    ("\ue010", r"逝者|死者|亡者|亡故者|逝世人员?|死亡人员|亡人|去世人员?|殁者"),
    ("\ue011", r"去世|逝世|亡故|死亡"),
    ("\ue012", r"代管人|代持人|保管人|代领人|持有人|代保管人|代为保管人|管理人"),
    ("\ue013", r"照料护理人员?|照料服务人员?|照护人员?|照料人员?|护理人员|护理人|看护人|受托人"),
    ("\ue014", r"村\(居\)委会|村\(社区\)|村\(居\)|村委会|行政村|村居|村\/社区|村名称|村名"),
    ("\ue015", r"乡\(镇\)|乡[/、]镇(?:[/、]街道)?|镇[/、]乡|乡镇\(街道\)|乡镇街道|乡镇办|镇街|街镇|乡镇名称|乡镇"),
    ("\ue016", r"姓名|名字"),
    ("\ue017", r"单位名称|工作单位|所在单位|单位"),
    ("\ue018", r"职务|岗位|任职"),
    ("\ue019", r"结论|结果"),
    ("\ue01a", r"火葬|火化"),
    ("\ue01b", r"签订|签署|签约"),
    ("\ue01c", r"补差|差额"),
    ("\ue01d", r"车牌号码?|号牌号码|号牌号"),
    ("\ue01e", r"家属|亲属"),
)
_PART_PATTERNS = tuple((mark, re.compile(pattern)) for mark, pattern in _PARTS)
_FILLER = re.compile(r"[的之及和与或、/\\,，.。;；·\-—_()\[\]【】<>]")
_REPEATED = re.compile(r"([\ue000-\ue020])\1+")
ID, PHONE, ACCOUNT, NAME = "\ue000", "\ue001", "\ue002", "\ue016"


@lru_cache(maxsize=65536)
def key_of(text: str) -> str:
    """A looser key: interchangeable parts become one character each, fillers go.

    >>> key_of("公民身份证号码") == key_of("居民身份证号"), key_of("与户主的关系") == key_of("户主关系")
    (True, True)
    """
    for mark, pattern in _PART_PATTERNS:
        text = pattern.sub(mark, text)
    key = _REPEATED.sub(r"\1", _FILLER.sub("", text))
    # 户主姓名 and 户主 are one
    return key[:-1] if len(key) > 1 and key[-1] == NAME else key


# First letter of the pinyin of a character, from where it stands in GB 2312 level 1, which is sorted by pinyin.
_INITIALS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"), (0xD7FA, ""),
)  # fmt: skip


@cache
def _initial(char: str) -> str:
    """The first letter of one character; '' where it is not known."""
    code = char.encode("gb2312", "ignore")
    if len(code) != 2:
        return ""
    value = code[0] << 8 | code[1]
    return next((name for start, name in reversed(_INITIALS) if value >= start), "")


@lru_cache(maxsize=65536)
def initials(text: str) -> str:
    """Pinyin initials of a Chinese name; '' where a character is not in GB 2312 level 1.

    >>> initials("户籍地详址"), initials("公民身份号码")
    ('hjdxz', 'gmsfhm')
    """
    letters = [_initial(char) for char in text]
    return "".join(letters) if all(letters) else ""


def fingerprint(headers: Sequence[str]) -> str:
    """Of a header row: 16 hex digits; the order of columns and the padding of cells do not matter.

    >>> fingerprint(["姓 名", "身份证号"]) == fingerprint(["身份证号：", "姓名"])
    True
    """
    words = sorted(normal_header(header).text for header in headers if header.strip())
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
