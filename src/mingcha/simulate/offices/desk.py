"""What every office has on its desk: the records, the day, and its own way of naming columns and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from mingcha.simulate.model.days import day_in, month_word
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Records
from mingcha.simulate.model.setting import Setting
from mingcha.simulate.model.streams import stream
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import TIDY, Column, Formula, Habit, NumberCell, Table, Value, a_habit

#: header words of fields that many sheets share, the official one first
WORDS: dict[str, tuple[str, ...]] = {
    "seq": ("序号", "序号", "行号", "No."),
    "township": ("乡镇", "乡（镇）", "所属乡镇", "乡镇名称", "镇街"),
    "village": ("村", "行政村", "村（居）", "村名", "村委", "所属社区"),
    "name": ("姓名", "姓名", "人员姓名", "对象姓名", "成员姓名"),
    "id": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "居民身份证号"),
    "head_name": ("户主姓名", "户主", "申请人姓名", "户主（申请人）姓名"),
    "head_id": ("户主身份证号", "户主身份证号码", "申请人身份证号", "户主身份证"),
    "relation": ("与户主关系", "与申请人关系", "家庭关系", "与户主的关系"),
    "birth": ("出生日期", "出生年月日", "出生日期"),
    "phone": ("联系电话", "联系方式", "手机号码", "电话"),
    "account": ("银行账号", "银行帐号", "银行卡号", "账号", "卡号"),
    "account_name": ("开户人", "银行账户名称", "户名", "账户姓名"),
    "insured_size": ("保障人口", "保障人口数", "保障人数", "享受人数"),
    "family_size": ("家庭人口", "家庭人口数", "家庭人数"),
    "monthly": ("户月保障金额（元）", "户月保障金（元）", "月保障金额（元）", "户月保障金额"),
    "total": ("合计（元）", "户月合计（元）", "合计", "总发放金额（元）"),
    "first_month": ("最初享受月份", "享受起始月份", "纳入月份", "最初享受月"),
    "approved": ("批准时间", "审批时间", "确认时间"),
    "ended": ("救助结束日期", "停保时间", "终止时间"),
    "status": ("状态", "在保状态", "状态描述"),
    "tekun_status": ("状态", "供养状态"),
    "subsidy_status": ("状态", "发放状态"),
    "dis_type": ("残疾类别", "残疾类型", "残疾种类"),
    "dis_level": ("残疾等级", "残疾级别", "残疾登记"),
    "cert": ("残疾证号", "残疾人证号", "残疾证编号"),
    "remark": ("备注", "备注说明", "备注"),
    "address": ("家庭住址", "家庭地址", "现住址", "居住地址"),
    "insured": ("是否保障对象", "是否享受", "是否保障"),
}
KINDS = {1: "视力", 2: "听力", 3: "言语", 4: "肢体", 5: "智力", 6: "精神", 7: "多重"}
LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
COUNTY = "夏邑县"


@dataclass
class Desk:
    """The offices' common ground. protected: numbers whose rows no office may spoil (see `untidy`)."""

    setting: Setting
    records: Records
    townships: list[str]
    protected: frozenset[str] = frozenset()
    _rngs: dict[str, Random] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The comparison day."""
        return self.setting.as_of

    def month(self, back: int = 0) -> str:
        """The month of the day, or so many back."""
        return self.setting.month(back)

    def rng(self, label: str) -> Random:
        """The stream of one purpose, going on where it was left."""
        if label not in self._rngs:
            self._rngs[label] = stream(self.setting.seed, "office", label)
        return self._rngs[label]

    def habit(self, label: str) -> Habit:
        """The habit of the clerk who writes this sheet."""
        return a_habit(self.rng(f"habit {label}"), clean=self.setting.clean)

    def words(self, label: str) -> Callable[[str], str]:
        """Header words as this clerk chooses them: the official ones where all is tidy."""
        rng = self.rng(f"words {label}")
        chosen: dict[str, str] = {}

        def word(key: str) -> str:
            if key not in chosen:
                chosen[key] = WORDS[key][0] if self.setting.clean else rng.choice(WORDS[key])
            return chosen[key]

        return word

    def book(
        self,
        path: str,
        tables: Sequence[Table],
        *,
        container: str = "xlsx",
        label: str = "",
        cover: str = "",
        **changes: object,
    ) -> Book:
        """A book whose sheets each get a clerk's habit; changes: what this kind of sheet always does."""
        habits = [self.habit(f"{label or path} {table.name}").but(**changes) for table in tables]
        if self.setting.clean:
            habits = [TIDY.but(**{key: value for key, value in changes.items() if key in _ALWAYS}) for _ in tables]
            cover = ""
        return Book(path, list(tables), habits, container, cover)

    def stamp(self, back: int = 0) -> str:
        """A month as file names carry it."""
        return month_word(self.month(back))

    def filled_in(self, back: int = 0) -> str:
        """The line under a title that says who filled it in and when."""
        day = min(day_in(self.month(back), 3), self.as_of)
        return f"填报单位：{COUNTY}民政局　　填报日期：{day.year}年{day.month}月{day.day}日"


_ALWAYS = frozenset({"title", "meta", "village_style"})


def shown_name(desk: Desk, person: Person) -> str:
    """The name as a roll has it: some clerks note a death behind it and leave the row."""
    noted = person.death is not None and not desk.setting.clean and int(person.number[14:17]) % 3 == 0
    return f"{person.name}（已故）" if noted else person.name


Office = Callable[[Desk], Iterator[Book]]


def columns(*parts: tuple[str | tuple[str, ...], str] | tuple[str | tuple[str, ...], str, bool]) -> list[Column]:
    """Columns in short: header, kind, and whether totals sum it."""
    return [Column(part[0], part[1], part[2] if len(part) == 3 else False) for part in parts]


def cert_number(person: Person) -> str:
    """The certificate's number: identity number, kind, level."""
    cert = person.cert
    return f"{person.number}{cert.kind}{cert.level}" if cert is not None else ""


def numbered(rows: Iterable[Sequence[Value | NumberCell | Formula]]) -> list[Sequence[Value | NumberCell | Formula]]:
    """Rows with a running number before them."""
    return [[place, *row] for place, row in enumerate(rows, start=1)]
