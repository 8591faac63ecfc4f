"""The programmes of a township as they stand when nothing is wrong."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import Dibao, Injured, Worker
from mingcha.simulate.model.streams import Weighted
from mingcha.simulate.model.ways import GRAVE

# shares of the registered population
DIBAO = 0.0265
TEKUN = 0.0050
CARE_ONLY = 0.0060
MILD = 0.012
NEAR_POOR = 0.0040
CHILDREN = 0.0005
MONITORED = 0.0030
STAYS = 0.008
VISITED = 0.07

_DIBAO_KINDS = Weighted(
    [("elder", 14.0), ("elders", 7.0), ("elder_kids", 12.0), ("single", 42.0), ("family", 23.0), ("three", 2.0)]
)
#: kinds and levels a tekun person under 60 may be unable to work by (TK-02)
_UNABLE = Weighted([((5, 2), 25.0), ((5, 3), 10.0), ((6, 2), 25.0), ((6, 3), 10.0), ((4, 1), 12.0), ((4, 2), 18.0)])
_SEVERE = Weighted(
    [((1, 1), 10.0), ((1, 2), 6.0), ((2, 1), 8.0), ((4, 1), 20.0), ((4, 2), 32.0), ((5, 2), 12.0), ((6, 2), 12.0)]
)
#: levels 3–4 of kinds that are not severe at level 3
_MILD = Weighted(
    [((1, 3), 8.0), ((1, 4), 14.0), ((2, 3), 10.0), ((2, 4), 8.0), ((4, 3), 30.0), ((4, 4), 40.0), ((3, 4), 4.0)]
)


def settle(ground: Ground) -> None:
    """Fills all programmes of the township."""
    residents = sum(len(house.members) for house in ground.houses)
    _officers(ground)
    _dibao(ground, int(residents * DIBAO))
    _tekun(ground, int(residents * TEKUN))
    _children(ground, max(2, int(residents * CHILDREN)))
    _near_poor(ground, int(residents * NEAR_POOR))
    _disabled_outside(ground, int(residents * CARE_ONLY), int(residents * MILD))
    _monitored(ground, int(residents * MONITORED))
    _costs(ground, int(residents * STAYS))
    _workers(ground)
    _visits(ground)
    _cards(ground)


def _officers(ground: Ground) -> None:
    posts = (
        ("党支部书记、村委会主任", "村干部"),
        ("村委会委员", "村干部"),
        ("村会计", "村干部"),
        ("妇联主席", "村干部"),
    )
    for village in ground.villages:
        taken = 0
        pool = ground.pools["family"]
        for place in range(len(pool) - 1, -1, -1):
            if taken == len(posts):
                break
            if pool[place].village is village:
                post, kind = posts[taken]
                person = pool.pop(place).members[1 if post == "妇联主席" else 0]
                ground.officer(
                    person,
                    kind="居委会干部" if village.is_urban else kind,
                    post=post.replace("村委会", "居委会") if village.is_urban else post,
                )
                taken += 1
    for post in ("民政所所长", "低保经办员", "民政所工作人员"):
        house = ground.take("family")
        if house is not None:
            ground.officer(house.head, kind="乡镇民政工作人员", post=post)


def _dibao(ground: Ground, wanted: int) -> None:
    rng = ground.rng
    count = 0
    while count < wanted:
        house = ground.take(_DIBAO_KINDS.draw(rng))
        if house is None:
            continue
        insured = _insured_places(house, rng)
        disease = rng.choice(GRAVE) if rng.random() < 0.08 else ""
        for place in insured:
            _maybe_disabled(ground, house.members[place], alone=len(insured) == 1)
        area = "城市" if house.village.is_urban or rng.random() < 0.01 else "农村"
        record = ground.dibao(house, insured=insured, disease=disease, area=area)
        _subsidise(ground, record)
        count += len(insured)


def _insured_places(house: House, rng: Random) -> list[int]:
    """Who of a household is insured: everybody, or the weak members where others earn."""
    everybody = list(range(len(house.members)))
    if house.kind in {"family", "three"} and rng.random() < 0.75:
        weak = [
            place
            for place in everybody
            if house.members[place].relation in {"长子", "次子", "长女", "次女", "孙子", "孙女"}
        ]
        return [0, *weak[:1]]
    if house.kind == "elder_kids" and rng.random() < 0.3:
        return [0]
    return everybody


def _maybe_disabled(ground: Ground, person: Person, *, alone: bool) -> None:
    if ground.rng.random() < (0.3 if alone else 0.13):
        kind, level = (_SEVERE if ground.rng.random() < 0.45 else _MILD).draw(ground.rng)
        ground.certify(person, kind, level)


def _subsidise(ground: Ground, record: Dibao) -> None:
    for member in record.insured:
        cert = member.person.cert
        if cert is not None:
            ground.subsidy(member.person, living=True, care=cert.level <= 2)


def _tekun(ground: Ground, wanted: int) -> None:
    rng = ground.rng
    for _ in range(wanted):
        young = rng.random() < 0.12
        house = ground.take("single" if young else "elder")
        if house is None:
            continue
        person = house.head
        if young:
            ground.certify(person, *_UNABLE.draw(rng))
        record = ground.tekun(person, central=rng.random() < 0.15)
        if young and rng.random() < 0.3 and person.cert is not None:
            record.cert_on_roll = False


def _children(ground: Ground, wanted: int) -> None:
    rng = ground.rng
    for _ in range(wanted):
        house = ground.take("elder_kids")
        if house is None:
            return
        category = "社会散居孤儿" if rng.random() < 0.35 else "事实无人抚养儿童"
        ground.child(house.members[1], category, house.head, relation="祖孙")


def _near_poor(ground: Ground, wanted: int) -> None:
    count = 0
    while count < wanted:
        house = ground.take("family")
        if house is None:
            return
        ground.near_poor(house, rigid=ground.rng.random() < 0.25)
        count += len(house.members)


def _disabled_outside(ground: Ground, severe: int, mild: int) -> None:
    """Severely disabled people outside dibao (care subsidy, visited), and holders of certificates without aid."""
    rng = ground.rng
    for _ in range(severe):
        person = _somebody(ground)
        if person is None:
            break
        ground.certify(person, *_SEVERE.draw(rng))
        ground.subsidy(person, care=True)
        ground.visit(person.house.head, person, eligible="不符合")
    for _ in range(mild):
        person = _somebody(ground)
        if person is None:
            break
        ground.certify(person, *_MILD.draw(rng))


def _somebody(ground: Ground) -> Person | None:
    house = ground.take(ground.rng.choice(("elders", "elder", "three", "couple", "single")))
    return ground.rng.choice(house.members) if house is not None else None


def _monitored(ground: Ground, wanted: int) -> None:
    rng = ground.rng
    mine = [record for record in ground.records.dibao if record.village.township == ground.township.name]
    edge = [record for record in ground.records.near_poor if record.village.township == ground.township.name]
    full = [record for record in mine if len(record.insured) == len(record.head.house.members)]
    rng.shuffle(full)
    rng.shuffle(edge)
    count = 0
    while count < wanted:
        draw = rng.random()
        if draw < 0.55 and full:
            record = full.pop()
            listed = ground.monitored(record.head.house)
            listed.dibao_word = "城市低保" if record.area == "城市" else "农村低保"
        elif draw < 0.75 and edge:
            listed = ground.monitored(edge.pop().members[0][0].house)
        else:
            house = ground.take("couple")
            if house is None:
                return
            listed = ground.monitored(house, removed=draw > 0.88)
            if draw <= 0.88:
                ground.visit(house.head, eligible="不符合")
        count += len(listed.members)


def _costs(ground: Ground, wanted: int) -> None:
    """Hospital stays; who bears more than the limit is covered or visited."""
    rng = ground.rng
    mine = [r for r in ground.records.dibao if r.village.township == ground.township.name]
    # few are urban: where none of these is in the third tier, the second is the lowest
    covered = [r.head for r in mine if r.tier == "A" or (r.tier == "B" and r.area == "农村")]
    for _ in range(wanted):
        if rng.random() < 0.12 and covered:
            # a grave illness does not sit in the lowest tier unless it is planted there
            ground.stay(covered[int(rng.random() * len(covered))], Decimal(int(3000 + rng.random() * 40000)))
            continue
        house = ground.take(rng.choice(("couple", "elders", "three")))
        if house is None:
            return
        person = rng.choice(house.members)
        if rng.random() < 0.12:
            ground.stay(person, Decimal(int(21000 + rng.random() * 30000)))
            ground.visit(house.head, eligible="不符合")
        else:
            ground.stay(person, amounts.MEDICAL * Decimal(str(round(0.03 + 0.8 * rng.random(), 3))))


def _workers(ground: Ground) -> None:
    """People on public pay, and a few who draw work-injury care money; none of them on a roll."""
    rng = ground.rng
    units = (f"{ground.township.name}人民政府", f"{ground.township.short}中心小学", f"{ground.township.name}卫生院")
    for _ in range(max(6, len(ground.villages))):
        house = ground.take("couple")
        if house is None:
            return
        identity = rng.choice(("公务员", "事业编制", "事业编制", "退休"))
        state = "退休" if identity == "退休" else "在职"
        salary = Decimal(int(3200 + rng.random() * 2600))
        ground.records.workers.append(Worker(house.head, rng.choice(units), identity, "职员", state, salary))
    house = ground.take("couple")
    if house is not None:
        ground.records.injured.append(Injured(house.head, Decimal("1450.00")))


def _visits(ground: Ground) -> None:
    """The county's and the townships' visits to households in aid."""
    rng = ground.rng
    for record in ground.records.dibao:
        if record.village.township == ground.township.name and rng.random() < VISITED:
            visit = ground.visit(record.head, program="低保")
            visit.insured = len(record.insured)
    for tekun in ground.records.tekun:
        if tekun.person.village.township == ground.township.name and rng.random() < VISITED * 2:
            ground.visit(tekun.person, program="特困")


def _cards(ground: Ground) -> None:
    """Cards kept by family with agreement, and by the institution for its residents."""
    rng = ground.rng
    for record in ground.records.dibao:
        if record.village.township == ground.township.name and len(record.members) > 1 and rng.random() < 0.02:
            _kept_by_family(ground, record)
    for tekun in ground.records.tekun:
        if tekun.institution and tekun.person.village.township == ground.township.name and rng.random() < 0.5:
            ground.keep_card(tekun.person, tekun.institution, post="供养机构", relation="供养机构", program="特困")


def _kept_by_family(ground: Ground, record: Dibao) -> None:
    keeper = record.members[1].person
    if keeper.age(ground.as_of) >= 18:
        ground.keep_card(record.head, keeper, post="近亲属", relation=keeper.relation)
