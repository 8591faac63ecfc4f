"""Wide payment sheets: a column per subsidy, or a column per month, each filled cell a payment of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingcha.intake.model import Unpivot
from mingcha.intake.recognise.columns import Cand
from mingcha.intake.recognise.headers import normal_header

# subsidy words → what the code list of projects knows; the more special first
_PROJECTS: tuple[tuple[str, str], ...] = (
    (r"重度?残疾?人?护理|残疾人?护理", "重度残疾人护理补贴"),
    (r"困难残疾人|残疾人?生活|困残", "困难残疾人生活补贴"),
    (r"照料护理|照护|特困.{0,4}护理|护理费", "照料护理费"),
    (r"特困|五保|供养", "特困供养金"),
    (r"低保|最低生活保障", "低保金"),
    (r"临时救助|急难救助", "临时救助"),
    (r"孤儿|无人抚养|困境儿童", "孤儿基本生活费"),
    (r"高龄", "高龄津贴"),
    (r"物价|价格", "物价补贴"),
    (r"护理补贴", "重度残疾人护理补贴"),
    (r"生活补贴", "困难残疾人生活补贴"),
)
_PATTERNS = tuple((re.compile(pattern), word) for pattern, word in _PROJECTS)
# subsidies of other offices: payments too, of a project of their own name
_OTHER = re.compile(
    r"^(?!.*(?:合计|总|小计|类型|类别|项目|名称|标准|日期|时间|状态|原因)).{2,12}(?:补贴|津贴|补助金?|救助金|奖补|直补|抚恤金?|慰问金)(?:资金)?(?:金额)?$"
)
_NOT_MONEY = re.compile(
    r"是否|类型|类别|等级|标准|档次|人数|户数|证|号|日期|时间|情况|对象|姓名|状态|原因|方式|机构|关系|备注|协议|起|止|月份$|人$|能力|项数"
)
_LIVING = re.compile(r"^(?:月|发放)?(?:基本)?生活(?:费|补助)")
_TOTAL = re.compile(r"合计|总计|总额|总金额|小计|共计|累计|金额合计|实发总|应发总")
_MONTH = re.compile(
    r"(?:(20\d{2})年)?(?<!\d)(1[0-2]|0?[1-9])月(?:份)?|(?<![一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])月(?:份)?|(20\d{2})[.\-/]?(0[1-9]|1[0-2])(?!\d)"
)
_ONLY_MONTH = re.compile(
    r"^(?:(?:20\d{2}年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?|20\d{2}[.\-/]?\d{2})(?:金额|发放金额|发放额|应发|实发|补贴|补助|资金|低保金|金|发放)?$"
)
_CN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
#: So many columns of their own make a sheet wide.
LEAST = 2
NUMBERS = 0.6


@dataclass(frozen=True)
class WideColumn:
    """A column that holds payments: of which project, of which month, where its header says so."""

    index: int
    header: str
    factor: int
    project: str | None
    month: int | None
    year: int | None


def project_in(text: str) -> str | None:
    """The word of the project list for a subsidy named in a text.

    >>> project_in("重度残疾人护理补贴"), project_in("2023年6月低保金发放"), project_in("公示")
    ('重度残疾人护理补贴', '低保金', None)
    """
    return next((word for pattern, word in _PATTERNS if pattern.search(text)), None)


def projects_in(text: str) -> tuple[str, ...]:
    """All projects that a title names; a more special one stands for the general (特困照料护理费 is no 特困供养金).

    >>> projects_in("2023年6月低保金、特困供养金发放表"), projects_in("残疾人两项补贴")
    (('特困供养金', '低保金'), ('重度残疾人护理补贴', '困难残疾人生活补贴'))
    >>> projects_in("特困人员照料护理费发放"), projects_in("残疾人护理补贴发放")
    (('照料护理费',), ('重度残疾人护理补贴',))
    """
    if re.search(r"两项补贴|两补", text):
        return ("重度残疾人护理补贴", "困难残疾人生活补贴")
    words = list(dict.fromkeys(word for pattern, word in _PATTERNS if pattern.search(text)))
    if "照料护理费" in words:
        words = [word for word in words if word not in {"特困供养金", "重度残疾人护理补贴"}]
    return tuple(words)


def wide_columns(cands: Sequence[Cand], sheet_project: str | None = None, least: int = LEAST) -> tuple[WideColumn, ...]:
    """The payment columns of a wide sheet; () where it is none. Totals never become payments.

    sheet_project   what the sheet's title pays: 基本生活费 beside 照料护理费 is then that
    least   how many it takes: one is enough where a payment sheet has no other amount
    """
    found = [wide for cand in cands if (wide := _wide(cand, sheet_project)) is not None]
    months = {(wide.year, wide.month) for wide in found if wide.month}
    projects = {wide.project for wide in found if wide.project}
    if len(months) >= least or len(projects) >= least:
        if len(months) >= LEAST:
            found = [wide for wide in found if wide.month]
        return tuple(found)
    return ()


def _wide(cand: Cand, sheet_project: str | None) -> WideColumn | None:
    header = normal_header(cand.column.written)
    text = header.text
    if cand.behind_gap or _TOTAL.search(text) or (cand.profile.n and cand.profile.share("number") < NUMBERS):
        return None
    if cand.profile.n == 0:
        # an empty subsidy column pays nobody this time; nothing to read
        return None
    factor = max(header.factor, cand.column.factor, *(normal_header(level).factor for level in cand.column.levels))
    lower = normal_header(cand.column.levels[-1]).text
    year, month = _month(text)
    if month and not (_ONLY_MONTH.match(lower) or len(cand.column.levels) > 1):
        year = month = None
    if _NOT_MONEY.search(lower) and not (month and _ONLY_MONTH.match(lower)):
        return None
    project = project_in(text)
    if project is None and _OTHER.match(lower) and not month:
        project = lower.removesuffix("金额").removesuffix("资金")
    if project is None and sheet_project is not None and _LIVING.search(lower):
        project = sheet_project
    if project is None and month is None:
        return None
    return WideColumn(cand.column.index, cand.column.written, factor, project, month, year)


def _month(text: str) -> tuple[int | None, int | None]:
    found = _MONTH.search(text)
    if not found:
        return None, None
    if found[2]:
        return (int(found[1]) if found[1] else None), int(found[2])
    if found[3]:
        return None, _CN.index(found[3]) + 1
    return int(found[4]), int(found[5])


def unpivots(wide: Sequence[WideColumn], field: str, said: Mapping[str, str], year: int | None) -> tuple[Unpivot, ...]:
    """Plans of the payment columns.

    said   constants of the whole sheet; a column's own project and month come before them
    year   of the sheet, for headers that give the month alone
    """
    plans = []
    for column in wide:
        constants: dict[str, str] = {}
        project = column.project or said.get("project")
        if project:
            constants["project"] = project
        known_year = column.year or year
        if column.month:
            constants["period"] = f"{known_year}年{column.month}月" if known_year else f"{column.month}月"
        elif "period" in said:
            constants["period"] = said["period"]
        plans.append(Unpivot(column.index, field, column.header, column.factor, constants))
    return tuple(plans)
