"""The county bureau's own sheets: standards, tiers, public lists, complaints, problems, warnings, those watched."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import later
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def standards(desk: Desk) -> Iterator[Book]:
    """The county's standards and each township's tiers."""
    start = desk.as_of.replace(year=desk.as_of.year - 1, month=1, day=1)
    doc = f"夏民文〔{start.year}〕虚字1号"
    cols = columns(
        ("序号", "int"),
        ("项目", "text"),
        ("城乡", "text"),
        ("保障标准（元/人·月）", "money"),
        ("平均补差水平（元/人·月）", "money"),
        ("执行时间", "date"),
        ("文件依据", "text"),
    )
    rows: list[Row] = [
        ["低保", "城市", amounts.STANDARD["城市"], amounts.SUPPLEMENT["城市"], start, doc],
        ["低保", "农村", amounts.STANDARD["农村"], amounts.SUPPLEMENT["农村"], start, doc],
        ["特困", "农村", amounts.TEKUN_LIVING, None, start, doc],
    ]
    first = Table("标准", f"{COUNTY}{start.year}年城乡低保和特困供养标准表", cols, numbered(rows), "", "单位：元")
    tiers = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("城乡", "text"),
        ("档次", "text"),
        ("补差金额", "money"),
        ("认定条件", "text"),
        ("执行时间", "date"),
    )
    reasons = {"A": "家庭主要成员重残、重病或无劳动能力", "B": "家庭劳动力弱、支出较大", "C": "家庭有一定劳动能力"}
    rows = [
        [township, area, f"{tier}类", amount, reasons[tier], start]
        for township in desk.townships
        for area in ("农村", "城市")
        for tier, amount in desk.setting.tiers(township, area).items()
    ]
    second = Table("分档", f"{COUNTY}低保分档补差标准表", tiers, numbered(rows), "", "单位：元/人·月")
    yield desk.book("民政局/标准/救助标准和分档补差表.xlsx", [first, second], total="none", money="number")


def disclosures(desk: Desk) -> Iterator[Book]:
    """Long-term public lists of some villages: names, sizes, amounts, nothing else."""
    cols = columns(
        ("序号", "int"),
        ("申请人姓名", "name"),
        ("家庭成员数量", "int"),
        ("保障人口", "int", True),
        ("保障金额（元）", "money", True),
        ("公示方式", "text"),
        ("监督电话", "text"),
    )
    for township in desk.townships:
        mine = [
            r
            for r in desk.records.dibao
            if r.village.township == township and r.area == "农村" and r.is_on(desk.month())
        ]
        villages = sorted({r.village.code: r.village for r in mine}.items())[:2]
        tables: list[Table] = []
        for code, village in villages:
            rows = numbered(
                [r.head.name, r.family_size, len(r.insured), r.total, "线下", None]
                for r in mine
                if r.village.code == code and r.last_month is None and r.ended_on is None
            )
            title = f"{COUNTY}{township}{village.name}{desk.stamp()}农村低保长期公示名单"
            tables.append(Table(village.short, title, cols, rows, "", "单位：人、元"))
        if tables:
            yield desk.book(f"民政局/公示/{township}低保长期公示表.xlsx", tables)


def complaints(desk: Desk) -> Iterator[Book]:
    """Petitions and the hotline's slips, and the test calls."""
    rng = desk.rng("complaints")
    people = desk.records.bystanders[3 :: max(1, len(desk.records.bystanders) // 30)][:30]
    cols = columns(
        ("序号", "int"),
        ("信访件编号", "text"),
        ("信访人姓名", "name"),
        ("乡镇", "text"),
        ("信访形式", "text"),
        ("登记日期", "date"),
        ("内容分类", "text"),
        ("反映内容", "text"),
        ("是否重复信访", "text"),
        ("承办单位", "text"),
        ("办结日期", "date"),
        ("办理结果", "text"),
    )
    topics = (("求助", "反映家庭困难，申请低保"), ("政策咨询", "咨询特困供养条件"), ("发放不及时", "反映补贴未到账"))
    rows: list[Row] = []
    for place, person in enumerate(people, start=1):
        day = later(desk.as_of, -30 - int(rng.random() * 200))
        topic, content = topics[place % 3]
        channel = rng.choice(("来信", "来访", "网上信访"))
        rows.append(
            [
                f"XF{day.year}{place:05d}",
                person.name,
                person.village.township,
                channel,
                day,
                topic,
                content,
                "否",
                f"{person.village.township}人民政府",
                later(day, 20),
                "已答复",
            ]
        )
    table = Table("信访台账", f"{COUNTY}民政信访登记台账", cols, numbered(rows), desk.filled_in())
    yield desk.book("民政局/信访/信访登记台账.xlsx", [table], total="none", meta=True)
    yield _hotline(desk)
    yield _dial_tests(desk)


def _hotline(desk: Desk) -> Book:
    rng = desk.rng("hotline")
    people = desk.records.bystanders[5 :: max(1, len(desk.records.bystanders) // 40)][:40]
    cols = columns(
        ("工单编号", "text"),
        ("诉求人姓名", "name"),
        ("诉求人电话", "text"),
        ("诉求标题", "text"),
        ("诉求内容", "text"),
        ("诉求类型", "text"),
        ("受理时间", "text"),
        ("办理时限", "text"),
        ("承办单位", "text"),
        ("答复时间", "text"),
        ("回访满意度", "text"),
        ("工单状态", "text"),
    )
    rows: list[Row] = []
    for place, person in enumerate(people, start=1):
        day = later(desk.as_of, -15 - int(rng.random() * 150))
        phone = f"100****{place:04d}"
        rows.append(
            [
                f"GD{day.year}{day.month:02d}{place:06d}",
                person.name,
                phone,
                "咨询救助政策",
                "来电人咨询低保申请需要哪些材料",
                "咨询",
                f"{day} 09:{place % 60:02d}:00",
                f"{later(day, 7)} 18:00:00",
                f"{COUNTY}民政局",
                f"{later(day, 3)} 15:20:00",
                rng.choice(("满意", "基本满意")),
                "已办结",
            ]
        )
    table = Table("工单", "12345热线救助类工单明细", cols, rows)
    return desk.book("民政局/信访/12345热线工单.csv", [table], container="gbk", total="none", trailing=0, helper=False)


def _dial_tests(desk: Desk) -> Book:
    rng = desk.rng("dial")
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("所属单位", "text"),
        ("热线号码", "text"),
        ("拨打时间", "text"),
        ("是否接通", "text"),
        ("响铃次数", "int"),
        ("解答是否准确", "text"),
        ("抽查人", "name"),
        ("存在问题", "text"),
    )
    rows: list[Row] = []
    for place, township in enumerate(desk.townships):
        day = later(desk.as_of, -12)
        through = rng.random() < 0.8
        rows.append(
            [
                township,
                f"{township}民政所",
                f"0370-000{place:04d}",
                f"{day} 10:{place:02d}",
                "是" if through else "否",
                3,
                "是" if through else None,
                "周敏",
                None if through else "无人接听",
            ]
        )
    table = Table("拨测记录", f"{COUNTY}社会救助热线抽查（拨测）记录表", cols, numbered(rows))
    return desk.book("民政局/信访/救助热线拨测记录.xlsx", [table], total="none")


def problems(desk: Desk) -> Iterator[Book]:
    """Problems found by audit with their mending, long text and words for dates; warnings from above."""
    cols = columns(
        ("序号", "int"),
        ("问题来源", "text"),
        ("发现时间", "date"),
        ("问题类型", "text"),
        ("反馈问题", "text"),
        ("涉及人数", "int"),
        ("涉及金额（元）", "money"),
        ("整改类型", "text"),
        ("整改措施", "text"),
        ("责任单位", "text"),
        ("责任人", "name"),
        ("整改时限", "text"),
        ("整改进展情况", "text"),
        ("是否完成", "text"),
    )
    found = later(desk.as_of, -150)
    year = desk.as_of.year
    rows: list[Row] = [
        [
            "审计",
            found,
            "死亡人员继续享受",
            "个别死亡人员未及时停发低保金",
            3,
            Decimal("4200.00"),
            "立行立改",
            "1.停发资金；\n2.追缴多发部分",
            desk.townships[0] + "人民政府",
            "张立民",
            "立行立改",
            "已追缴",
            "已整改",
        ],
        [
            "自查",
            later(found, 30),
            "程序不规范",
            "部分村公示不到位",
            None,
            None,
            "限期整改",
            "补充公示，规范公示栏",
            desk.townships[-1] + "人民政府",
            "刘玉成",
            f"{year}年12月底",
            "正在推进",
            "整改中",
        ],
        [
            "巡察",
            later(found, 45),
            "代管卡折",
            "村干部代管卡折未全部登记",
            None,
            None,
            "持续整改",
            "全面登记，逐户签订委托书",
            f"{COUNTY}民政局",
            "王学礼",
            "长期坚持",
            "持续推进",
            "整改中",
        ],
    ]
    table = Table(
        "问题清单", f"{COUNTY}社会救助领域审计、巡察和自查发现问题整改台账", cols, numbered(rows), desk.filled_in()
    )
    yield desk.book("民政局/整改/问题清单和整改台账.xlsx", [table], total="none", dates="dot")
    yield _warnings(desk)


def _warnings(desk: Desk) -> Book:
    cols = columns(
        ("预警编号", "text"),
        ("乡镇", "text"),
        ("村", "village"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("救助类别", "text"),
        ("预警类型", "text"),
        ("预警内容", "text"),
        ("下发时间", "date"),
        ("反馈时限", "date"),
        ("核查结果", "text"),
    )
    heads = [record.head for record in desk.records.dibao[:: max(1, len(desk.records.dibao) // 25)]][:25]
    day = later(desk.as_of, -18)
    rows: list[Row] = [
        [
            f"YJ{place:05d}",
            person.village.township,
            person.village,
            person.name,
            person.number,
            "低保",
            "车辆信息",
            "名下疑似有机动车",
            day,
            later(day, 30),
            None,
        ]
        for place, person in enumerate(heads, start=1)
    ]
    table = Table("预警信息", "省级下发社会救助预警信息核查表", cols, rows)
    return desk.book("民政局/整改/省级下发预警信息.xlsx", [table], total="none", village_style="plain", subtotals=False)


def watched(desk: Desk) -> Iterator[Book]:
    """The national export of households watched, months as six figures."""
    cols = columns(
        ("乡镇", "text"),
        ("行政村", "village"),
        ("户编号", "text"),
        ("人编号", "text"),
        ("姓名", "name"),
        ("证件号码", "id"),
        ("与户主关系", "text"),
        ("户类型", "text"),
        ("监测对象类别", "text"),
        ("致贫/返贫风险1", "text"),
        ("致贫/返贫风险2", "text"),
        ("识别监测时间", "month"),
        ("风险是否已消除", "text"),
        ("消除监测时间", "month"),
        ("享受低保政策情况", "text"),
        ("享受特困供养政策情况", "text"),
    )
    rows: list[Row] = []
    for record in sorted(desk.records.monitored, key=lambda m: m.village.code):
        for place, (person, relation) in enumerate(record.members, start=1):
            rows.append(
                [
                    record.village.township,
                    record.village,
                    record.number,
                    f"{record.number}{place:02d}",
                    person.name,
                    person.number,
                    relation,
                    "监测户",
                    record.kind,
                    record.risk,
                    None,
                    record.identified,
                    "是" if record.removed else "否",
                    record.removed_on or None,
                    record.dibao_word,
                    record.tekun_word,
                ]
            )
    table = Table("监测对象", "防止返贫监测对象信息（全国防返贫监测信息系统导出）", cols, rows)
    yield desk.book(
        "乡村振兴局/防止返贫监测对象.xlsx",
        [table],
        months="compact",
        total="none",
        village_style="plain",
        subtotals=False,
    )
