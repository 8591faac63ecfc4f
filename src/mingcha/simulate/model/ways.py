"""Short ways to put people of a township into programmes and offices.

What the ledgers need has ways of its own beside this file (`ways_procedure` and others); `ground` puts them together.
Base programmes and planted cases use the same ways, so that a planted person differs in nothing but the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import day_in, day_shift, later, month_of
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import (
    Child,
    Custody,
    Dibao,
    DibaoMember,
    Filing,
    Monitored,
    NearPoor,
    Officer,
    PayLine,
    Schedule,
    Stay,
    Subsidy,
    Tekun,
    Visit,
)
from mingcha.simulate.model.site import Site

GRAVE = ("尿毒症", "恶性肿瘤", "脑梗死后遗症", "白血病", "肝硬化失代偿期")
#: how many of the six items somebody cannot do at least, by level of self-care (TK-10)
FAILED = {"全自理": 0, "半自理": 1, "不能自理": 4}
#: kinds whose third level is severe as well: 智力, 精神
_SEVERE_AT_THREE = frozenset({5, 6})


def is_severe(person: Person) -> bool:
    """Whether the person has a certificate of severe disability (重度残疾)."""
    cert = person.cert
    return cert is not None and (cert.level <= 2 or (cert.level == 3 and cert.kind in _SEVERE_AT_THREE))


class Ways(Site):
    """The common ways into each programme and office."""

    # -- dibao --------------------------------------------------------------------------------------------------------

    def dibao(
        self,
        house: House,
        *,
        insured: Sequence[int] | None = None,
        members: Sequence[tuple[Person, str]] | None = None,
        tier: str | None = None,
        area: str | None = None,
        disease: str = "",
        has_grounds: bool = True,
    ) -> Dibao:
        """Puts a household on the dibao roll. insured: places of the insured among its members (default all).

        has_grounds  who is insured alone out of several is gravely ill or disabled, as the law asks (False: as given)
        Households with severe disability or grave illness never get the lowest tier here.
        """
        people = list(members) if members is not None else [(person, person.relation) for person in house.members]
        listed = [DibaoMember(person, "本人" if place == 0 else word) for place, (person, word) in enumerate(people)]
        for place, member in enumerate(listed):
            member.insured = insured is None or place in insured
        area = area or ("城市" if house.village.is_urban else "农村")
        head = listed[0].person
        covered = [member for member in listed if member.insured]
        size = max(len(listed), len(house.members))
        if has_grounds and not disease and len(covered) == 1 < size and not is_severe(covered[0].person):
            disease = GRAVE[len(self.records.dibao) % len(GRAVE)]
            covered[0].disease = disease
        elif disease:
            listed[0].disease = disease
        grave = bool(disease) or any(m.person.cert and m.person.cert.level <= 3 for m in covered)
        tier = tier or self._tier(grave, area)
        each = self.setting.tiers(self.township.name, area)[tier]
        extra = amounts.EXTRA if area == "农村" and any(m.person.age(self.as_of) >= 70 for m in covered) else Decimal(0)
        account = self.account_of(head)
        first = self.settled(later(self.as_of, -150 - int(self.rng.random() * 2200)))
        record = Dibao(
            listed,
            house.village,
            area,
            tier,
            each * len(covered),
            extra,
            ("因病" if disease else "因残") if grave else self.rng.choice(("缺乏劳动力", "年老体弱", "因学")),
            Schedule(account, head.name),
            account,
            head.name,
            first,
            month_of(day_shift(day_in(month_of(first), 1), 1)),
            family_size=size,
        )
        self.records.dibao.append(record)
        return record

    def _tier(self, grave: bool, area: str) -> str:
        draw = self.rng.random()
        if grave:
            # a township has few urban households, and where none of them is in the third tier the second is the lowest
            return "A" if draw < 0.7 or area == "城市" else "B"
        return "A" if draw < 0.22 else "B" if draw < 0.72 else "C"

    def lone(self, years: int | None = None, *, is_male: bool | None = None, tier: str | None = None) -> Dibao:
        """A dibao household of one person, the common subject of planted cases."""
        age = years if years is not None else 46 + int(self.rng.random() * 12)
        male = is_male if is_male is not None else self.rng.random() < 0.6
        return self.dibao(self.house(("户主", male, self.aged(age))), tier=tier)

    def couple(self, years: int = 52, *, tier: str | None = None, insured: Sequence[int] | None = None) -> Dibao:
        """A dibao household of man and wife."""
        house = self.house(("户主", True, self.aged(years)), ("妻", False, self.aged(years - 1)))
        return self.dibao(house, tier=tier, insured=insured)

    # -- other programmes ---------------------------------------------------------------------------------------------

    def tekun(
        self,
        person: Person,
        *,
        central: bool = False,
        care: str | None = None,
        approved: date | None = None,
        agreement: tuple[date, date] | None = None,
    ) -> Tekun:
        """Puts a person on the tekun roll; a scattered one gets a carer and an agreement in force."""
        care = care or self.rng.choice(("全自理", "全自理", "半自理", "不能自理"))
        low = self.township.name in self.setting.low
        living = amounts.TEKUN_LIVING_LOW if low else amounts.TEKUN_LIVING
        since = approved or self.settled(later(self.as_of, -160 - int(self.rng.random() * 2400)))
        account = self.account_of(person)
        record = Tekun(
            person,
            "集中供养" if central else "分散供养",
            f"{self.township.name}敬老院" if central else "",
            care,
            living,
            amounts.NURSING[care],
            since,
            Schedule(account, person.name),
            account,
            month_of(day_shift(day_in(month_of(since), 1), 1)),
        )
        record.failed = FAILED[care] + (len(self.records.tekun) % 3 if care != "全自理" else 0)
        if not central:
            record.carer = self.neighbour(person)
            start = later(self.as_of, -30 - int(self.rng.random() * 250))
            record.agreement = agreement or (start, later(start, 364))
            record.agreement_on_roll = len(self.records.tekun) % 3 == 0
        self.records.tekun.append(record)
        return record

    def neighbour(self, person: Person) -> Person:
        """A grown-up of another household of the village, in no programme and no office."""
        pool = self.pools.get("family") or []
        for house in pool[-120:]:
            if house.village is person.village:
                return house.head
        return self.house(("户主", True, self.aged(48)), village=person.village).head

    def child(
        self,
        person: Person,
        category: str,
        guardian: Person,
        *,
        relation: str = "祖孙",
        amount: Decimal | None = None,
        top_up: bool = False,
    ) -> Child:
        """Puts a child on the roll of orphans and de-facto unattended children, paid to the guardian."""
        orphan = "孤儿" in category
        school = "" if person.age(self.as_of) < 6 else f"{self.township.short}第一中学"
        record = Child(
            person,
            category,
            guardian,
            relation,
            "死亡" if orphan else self.rng.choice(("服刑", "重残", "失联")),
            "死亡" if orphan else self.rng.choice(("失联", "死亡")),
            amount if amount is not None else amounts.CHILD_HOME,
            top_up,
            Schedule(self.account_of(guardian), guardian.name),
            self.month(14),
            school,
            "在校" if school else "未到入学年龄",
        )
        self.records.children.append(record)
        return record

    def subsidy(
        self,
        person: Person,
        *,
        living: bool = False,
        care: bool = False,
        kind: int | None = None,
        level: int | None = None,
    ) -> Subsidy:
        """Puts a disabled person on the roll of the two subsidies."""
        cert = person.cert
        record = Subsidy(
            person,
            amounts.SUBSIDY if living else None,
            amounts.SUBSIDY if care else None,
            kind if kind is not None else (cert.kind if cert else 4),
            level if level is not None else (cert.level if cert else 2),
            Schedule(self.account_of(person), person.name),
            self.month(10),
        )
        self.records.subsidies.append(record)
        return record

    def near_poor(self, house: House, *, rigid: bool = False) -> NearPoor:
        """Puts a household on the near-poor (or rigid-spending) roll."""
        recognised = later(self.as_of, -60 - int(self.rng.random() * 200))
        record = NearPoor(
            [(person, "本人" if place == 0 else person.relation) for place, person in enumerate(house.members)],
            house.village,
            "刚性支出困难" if rigid else "低保边缘",
            Decimal(600 + int(self.rng.random() * 80)),
            Decimal(12000 + int(self.rng.random() * 9000)) if rigid else Decimal(0),
            recognised,
            later(recognised, 365),
        )
        self.records.near_poor.append(record)
        return record

    def visit(
        self,
        head: Person,
        person: Person | None = None,
        *,
        on: date | None = None,
        program: str = "",
        eligible: str = "符合",
        holder: str = "本人",
    ) -> Visit:
        """Records a visit with a result."""
        day = on or later(self.as_of, -5 - int(self.rng.random() * 50))
        who = self.rng.choice(("王志远、李文静", "赵立新、刘晓燕", "孙建华、周敏"))
        record = Visit(head, person, head.village, day, program, eligible, holder, by=who, size=len(head.house.members))
        self.records.visits.append(record)
        return record

    def monitored(self, house: House, *, removed: bool = False, identified: str | None = None) -> Monitored:
        """Puts a household on the national list of those watched, by default more than a year ago."""
        record = Monitored(
            [(person, "户主" if place == 0 else person.relation) for place, person in enumerate(house.members)],
            house.village,
            self.rng.choice(("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")),
            self.rng.choice(("因病", "因残", "因学", "缺劳动力")),
            identified or self.month(14 + int(self.rng.random() * 14)),
            removed,
            self.month(2) if removed else "",
            f"FP{house.number[-9:]}",
        )
        self.records.monitored.append(record)
        return record

    def stay(self, person: Person, own: Decimal, *, on: date | None = None, total: Decimal | None = None) -> Stay:
        """Records a settled hospital stay with the person's own cost."""
        whole = total if total is not None else own * 3
        record = Stay(
            person,
            on or later(self.as_of, -20 - int(self.rng.random() * 250)),
            whole,
            whole - own,
            Decimal(0),
            Decimal(0),
            own,
            self.rng.choice(GRAVE),
            self.rng.choice(("夏邑县人民医院", "商丘市第一人民医院", "夏邑县中医院")),
        )
        self.records.stays.append(record)
        return record

    # -- offices ------------------------------------------------------------------------------------------------------

    def officer(
        self,
        person: Person,
        *,
        kind: str = "村干部",
        post: str = "村委会主任",
        since: date | None = None,
        until: date | None = None,
    ) -> Officer:
        """Puts a person into office. Names of officers are kept apart from those of card holders."""
        village = person.village if kind in {"村干部", "居委会干部"} else None
        unit = f"{person.village.name}" if village else f"{self.township.name}人民政府"
        started = since or later(self.as_of, -400 - int(self.rng.random() * 1500))
        record = Officer(person, kind, unit, post, self.township.name, village, started, until)
        self.records.officers.append(record)
        self.officer_names.add(person.name)
        return record

    def file_kin(self, officer: Officer, relative: Person, relation: str, program: str = "低保") -> Filing:
        """Files a relative of an officer."""
        filed = later(self.as_of, -90 - int(self.rng.random() * 200))
        record = Filing(officer, relative, relation, program, filed, later(filed, 10))
        self.records.filings.append(record)
        return record

    def keep_card(
        self,
        person: Person,
        holder: Person | str,
        *,
        post: str,
        relation: str,
        will: str = "同意",
        agreement: str = "是",
        days: tuple[int, int] = (-200, 165),
        filed: bool = True,
        program: str = "低保",
    ) -> Custody:
        """Registers a card kept by another. days: agreement from and to, relative to the day."""
        agreed = agreement == "是"
        record = Custody(
            person,
            program,
            holder if isinstance(holder, str) else holder.name,
            "" if isinstance(holder, str) else holder.number,
            post,
            relation,
            will,
            agreement,
            later(self.as_of, days[0]) if agreed else None,
            later(self.as_of, days[1]) if agreed else None,
            later(self.as_of, max(days[0] + 5, -320)) if filed else None,
        )
        self.records.custody.append(record)
        return record

    @staticmethod
    def unpaid() -> list[PayLine]:
        """No payment row at all."""
        return []
