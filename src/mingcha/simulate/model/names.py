"""Names as eastern Henan has them: surnames by frequency, clans by village, given names by birth decade and sex.

The tables were put together for this generator from common knowledge of Chinese naming; they name nobody.
"""

from __future__ import annotations

from random import Random

from mingcha.simulate.model.streams import Weighted

# weight per ten thousand, the commonest first; the tail shares one weight
_SURNAMES = """
王900 李860 张850 刘620 陈400 赵310 杨300 孙250 郭210 马190
朱190 徐170 高160 胡150 宋140 孟140 韩130 冯120 彭110 周110
吴105 崔100 曹100 田95 许95 丁90 司90 段85 任85 梁80 何80 杜78
蒋76 程75 班70 魏70 黄68 于66 郑65 苗60 关58 侯56 谢55 罗54
夏52 贾50 董50 吕48 袁46 蔡45 付44 潘42 闫42 薛40 雷38 白38 秦36 邵36
史35 范34 姜33 洪32 尹32 祝30 武30 金28 沈28 卢28
姚27 余26 钟25 葛25 樊25 邱24 骆24 唐24 龙22 陆22 邢22 汪22
万20 钱20 常20 康20 毛20 石20 林20 江18 温18 卞18 褚18 窦18
邓16 曾16 苏16 叶15 傅15 方15 熊14 谭14 戴14 廖13 邹13 贺13 龚13 文12 赖12 倪12 牛12 殷12 施11 章11 鲁11 穆11
屈10 翟10 解10 郝10 庞10 齐10 乔10 阮9 柴9 芦9 霍9 耿9 安9 尚9 梅9 凌8 甄8 焦8 娄8 桑8 戚8 裴8 纪8 路8 左8
谷7 时7 华7 房7 米7 岳7 边7 辛7 申7 仝7 展7 祁7 巩7 车7 甘6 盛6 詹6 柳6 佟6 鲍6 阎6 闵6 滕6 项6 俞6 燕6 单6
刁5 臧5 蒲5 宁5 栾5 冉5 简5 荆5 管5 郎5 游5 向5 费5 靳5
牟5 欧阳4 司马4 上官3 诸葛2 皇甫2 卓4 危3 应4 连4 索4 习3 支4 井4 訾4
"""

# Given names are mostly built of two places; lists run from common to rare. `one` are names of a single character.
_GIVEN: dict[str, dict[str, str]] = {
    "m0": {  # men born before 1955
        "first": "学德文国玉金清振广凤传世效新明永兴继西保长忠敬孝万景洪福天青东立洋克本思心允良士成",
        "second": "义德英山堂田云成才亮林生礼臣修江海荣江亭友合印启章显法兰梅岭玉民先军喜龙安泰科善良举",
        "one": "忠义亮海山军锋",
    },
    "m1": {  # 1955–1974
        "first": "建国永新志红卫爱春文玉学金保德海长树庆胜全清世明社忠立军广跃运振凤传洪景西贵民",
        "second": "军国民伟华明平生东山亮林海峰强义成良才云杰海堂领启刚江俊红礼田法奎彬涛增岭友宾",
        "one": "军伟强勇杰峰涛辉亮刚兵斌平磊永",
    },
    "m2": {  # 1975–1989
        "first": "建海志永红卫新伟晓俊文国明春玉军学培光振庆金立小亚中东长胜宏振洪景贺继",
        "second": "伟强涛峰军杰辉磊亮勇超飞鹏波东华明刚龙平林永彬锋民生威立岭良友奎洋旺昌",
        "one": "伟强涛峰军杰辉磊亮勇超飞鹏波刚凯威彬锋旭",
    },
    "m3": {  # 1990–2004
        "first": "志文俊子浩晓明嘉世天宇永金海建帅鹏一梦亚振家少光松新东学成昊",
        "second": "豪鹏飞龙宇杰浩帅阳航辉威凯博强超洋旭涛坤轩帆明腾达磊昊峰奇康成源",
        "one": "帅鹏超浩杰凯旭阳龙飞宇坤博涛磊威康航",
    },
    "m4": {  # since 2005
        "first": "子浩宇梓俊一嘉奕佳博天明宸铭泽思皓家晨瑞熠锦文启景昊少",
        "second": "轩涵宇泽浩豪辰睿博阳航然杰诚铭霖翔旭凯哲恒乐晨硕琪源岩洋",
        "one": "浩轩宇睿辰博泽航硕晨",
    },
    "f0": {
        "first": "秀桂玉凤素兰淑金翠巧月爱春美瑞香清文广云彩书喜银雪贵俊西梅荣",
        "second": "英兰荣花云芝珍梅真莲芳香勤琴侠霞枝美菊娥凤环平玲连田芬青爱",
        "one": "氏英兰荣云芝莲",
    },
    "f1": {
        "first": "秀桂玉爱凤素春红翠美巧建淑金雪艳小新月永文彩丽海俊香书瑞云卫",
        "second": "英兰荣花云芝珍梅霞玲芳莲芹琴侠真枝美菊红勤环平丽华敏灵芬娟艳",
        "one": "英霞玲芳丽敏梅红艳娟芹",
    },
    "f2": {
        "first": "丽红艳小海晓春美玉雪秀爱彩慧永文金建亚亚素婷巧瑞俊燕佳云新",
        "second": "丽霞红玲芳敏娟艳梅英静华萍燕娜云勤莉侠平洁芹娟慧杰花玉真玲",
        "one": "丽霞敏静娟艳燕娜莉芳萍洁慧玲梅红",
    },
    "f3": {
        "first": "梦晓雨婷慧静佳文思雪丹亚明莹欣嘉玉丽春倩艳诗梓海颖",
        "second": "婷雪瑶静娜洁琪雨莹慧欣倩文洋琳茹丽颖敏怡月然梦云梅阳真",
        "one": "婷静雪倩莹洁娜慧敏颖丹琪悦",
    },
    "f4": {
        "first": "梓雨欣子佳诗思一若梦语嘉紫可艺奕涵依昕雅静婉星心沐",
        "second": "涵萱彤琪怡妍晴瑶欣然诺悦琳汐雅熙馨茹桐蕊淇月冉玥",
        "one": "涵萱彤悦妍冉诺玥",
    },
}
# names of two equal or customary places that stand beside the built ones
_WHOLE: dict[str, str] = {
    "m0": "黑孩 铁头 拴柱 留柱 石头 来福",
    "m1": "建国 国庆 卫东 建军 建设 红旗 跃进 援朝 爱民 新建 留柱 铁蛋",
    "m2": "建伟 海涛 永强 志强 小军 红伟 大伟 亚军",
    "m3": "梦龙 志豪 文博 子豪 世杰 明明 亮亮 帅帅",
    "m4": "浩宇 子轩 梓豪 宇轩 浩然 俊熙 一诺 乐乐",
    "f0": "秀英 桂英 玉兰 桂兰 秀兰 大妮 二妮 秀荣 玉英 凤英",
    "f1": "秀英 桂英 秀兰 爱英 玉英 秀荣 爱荣 桂荣 玉梅 素英",
    "f2": "红霞 海霞 丽丽 艳丽 小红 秀丽 艳艳 春霞 爱霞",
    "f3": "婷婷 梦梦 静静 晓雪 梦瑶 文静 雨晴 丹丹",
    "f4": "梓涵 欣怡 子涵 雨涵 诗涵 欣妍 佳怡 一诺 语桐",
}
_SINGLE_SHARE = {"0": 0.04, "1": 0.14, "2": 0.26, "3": 0.24, "4": 0.1}
_WHOLE_SHARE = 0.08
_COHORT_STARTS = ((2005, "4"), (1990, "3"), (1975, "2"), (1955, "1"), (0, "0"))


def _falling(characters: str, slope: float = 0.55) -> Weighted[str]:
    return Weighted([(character, 1 / (rank + 2.5) ** slope) for rank, character in enumerate(characters)])


def _surname_table() -> list[tuple[str, float]]:
    pairs: list[tuple[str, float]] = []
    for word in _SURNAMES.split():
        name = word.rstrip("0123456789")
        pairs.append((name, float(word[len(name) :])))
    return pairs


SURNAMES = _surname_table()


def cohort_of(year: int) -> str:
    """The naming cohort ('0' … '4') of a birth year."""
    return next(cohort for start, cohort in _COHORT_STARTS if year >= start)


class Namer:
    """Names people. Tables are built once; a village hands in its clans."""

    def __init__(self) -> None:
        self._surnames = Weighted(SURNAMES)
        self._first = {key: _falling(table["first"]) for key, table in _GIVEN.items()}
        self._second = {key: _falling(table["second"]) for key, table in _GIVEN.items()}
        self._one = {key: _falling(table["one"]) for key, table in _GIVEN.items()}
        self._whole = {key: _falling_words(words) for key, words in _WHOLE.items()}

    def clans(self, rng: Random) -> Weighted[str]:
        """Surnames of one village: a few clans hold most of it."""
        found: list[str] = []
        while len(found) < 4:
            name = self._surnames.draw(rng)
            if name not in found:
                found.append(name)
        shares = (38.0, 17.0, 9.0, 6.0)
        return Weighted([*zip(found, shares, strict=True), *((name, weight / 330) for name, weight in SURNAMES)])

    def surname(self, rng: Random) -> str:
        """A surname of the county at large (wives, incomers)."""
        return self._surnames.draw(rng)

    def given(self, rng: Random, is_male: bool, year: int) -> str:
        """A given name of one or two characters."""
        cohort = cohort_of(year)
        key = ("m" if is_male else "f") + cohort
        draw = rng.random()
        if draw < _SINGLE_SHARE[cohort]:
            return self._one[key].draw(rng)
        if draw < _SINGLE_SHARE[cohort] + _WHOLE_SHARE:
            return self._whole[key].draw(rng)
        return self._first[key].draw(rng) + self._second[key].draw(rng)


def _falling_words(words: str) -> Weighted[str]:
    return Weighted([(word, 1 / (rank + 2.0)) for rank, word in enumerate(words.split())])
