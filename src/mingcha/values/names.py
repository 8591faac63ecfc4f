"""Names of people (姓名), one at a time; columns are read by ``values.sql.names`` with the same steps.

The normal form is for comparing: the form as written is always kept beside it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from mingcha.values.text import half_width

#: Dots between the parts of a name, all written for ·
DOTS = "•・‧∙⋅․●﹒᛫▪"
#: What programs put where they do not know a rare character.
UNKNOWN = "？�□■▢〓囗"
#: Signs and words after a name that are no part of it.
MARKS = "[*#△▲★☆+^、,，。.;；:：]+$"
#: What stands in front of a name that was copied with its label.
LABEL = "^(?:户主|姓名|申请人|本人|开户人|收款人)[:：]"
#: Figures behind a name: namesakes counted (张三2), or a number that slipped in.
FIGURES = "[-_－]?[0-9]+[Xx]?$"
#: A full stop between two characters stands for the dot of a foreign name.
STOP = "[㐀-鿿豈-﫿][.．][㐀-鿿豈-﫿]"
GONE = "(?:已故|亡故|病故|死亡|已死亡|去世|已亡|亡|故)$"
TITLES = (
    *("村党支部书记", "村党总支书记", "党支部书记", "党总支书记", "支部书记", "村支部书记", "村支书", "支书", "书记"),
    *("村委会主任", "村民委员会主任", "居委会主任", "社区主任", "村主任", "副主任", "主任", "村委委员", "支部委员"),
    *("村会计", "会计", "出纳", "文书", "村文书", "妇女主任", "村妇联主席", "妇联主席", "治保主任", "民兵营长"),
    *("村民组长", "小组长", "组长", "村干部", "民政所长", "所长", "副所长", "院长", "副院长", "镇长", "副镇长"),
    *("乡长", "副乡长", "主席", "科长", "股长", "站长", "局长", "副局长", "民政专干", "民政干事", "专干", "干事"),
    *("协管员", "网格员", "经办人", "工作人员", "第一书记", "驻村干部", "包村干部", "同志", "老师", "先生", "女士"),
)
_TITLE = "|".join(sorted(TITLES, key=lambda word: (-len(word), word)))
#: A title in front or behind, where two characters or more of a name are left.
TITLE_BEFORE = f"^(?:{_TITLE})[:：]?(\\p{{Han}}{{2,4}})$"
TITLE_BEHIND = f"^(\\p{{Han}}{{2,4}}?)(?:{_TITLE})$"
_PY_BEFORE = re.compile(TITLE_BEFORE.replace("\\p{Han}", "[㐀-鿿豈-﫿]"))
_PY_BEHIND = re.compile(TITLE_BEHIND.replace("\\p{Han}", "[㐀-鿿豈-﫿]"))


@cache
def traditional() -> tuple[str, str]:
    """Traditional characters and their simplified forms (OpenCC's table), as two strings of equal length.

    Characters that are in use in simplified text too (乾, 著) are left alone.
    """
    table = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    old, new = [], []
    for line in table.splitlines():
        char, _, forms = line.partition("\t")
        targets = forms.split()
        # beyond the basic plane lie forms that fonts cannot show: a name is better left as it was written
        if len(char) == 1 and targets and char not in targets and ord(targets[0]) < 0x10000:
            old.append(char)
            new.append(targets[0])
    return "".join(old), "".join(new)


@cache
def _simplifying() -> dict[int, str]:
    old, new = traditional()
    return {ord(char): target for char, target in zip(old, new, strict=True)}


def _without(pattern: str, text: str) -> str:
    """The text without what the pattern finds, unless fewer than two characters would be left."""
    rest = re.sub(pattern, "", text)
    return rest if len(rest) >= 2 else text


def normal_name(written: str) -> str:
    """A name as it is compared.

    >>> normal_name("张　三（已故）"), normal_name("買買提•艾力"), normal_name("李四*")
    ('张三', '买买提·艾力', '李四')
    """
    text = half_width(written).translate({ord(dot): "·" for dot in DOTS} | {ord(mark): "?" for mark in UNKNOWN})
    text = re.sub(r"\s", "", text)
    text = _without(r"\([^()]*\)", text)
    text = _without(LABEL, text)
    text = _without(MARKS, text)
    text = _without(FIGURES, text)
    text = re.sub(r"[.．]", "·", text) if re.search(STOP, text) else text
    text = _without(GONE, text) if len(text) >= 4 else text
    text = _without("代$", text)
    if "·" in text and (len(text) <= 3 or text.startswith("·") or text.endswith("·")):
        text = text.replace("·", "?")  # a rare character that a program could not write
    text = text.translate(_simplifying())
    return strip_title(text)


def strip_title(name: str) -> str:
    """A name without the office held, in front or behind; 李会计 stays, nothing but a surname would be left.

    >>> strip_title("村主任张三"), strip_title("张三会计"), strip_title("李会计")
    ('张三', '张三', '李会计')
    """
    for pattern in (_PY_BEFORE, _PY_BEHIND):
        found = pattern.match(name)
        if found:
            return found[1]
    return name
