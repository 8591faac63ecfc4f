/* ---
id: R39
title: 一人持多卡
version: 1
status: active
severity: orange
clauses: [C12, C13]
law: [夏民办〔2023〕14号三(一), 民发〔2021〕57号第26条]
subject: person
identity: exact
needs: [card_custody]
reads: [card_custody]
params: {cards: KZ-07}
finds: 一人代管{cards}名及以上救助对象银行卡（存折）的情形。
summary: "登记表上{name}代管{persons}名救助对象的银行卡（存折）。请逐户核对委托手续和资金领取情况。"
false_hits: [代管人是同一大家庭的监护人, 卡折已归还而登记未更新]
verify: [逐户当面核对卡折在谁手中, 查委托书和领取记录, 已归还的更新登记]
reading: >-
  按代管人身份证号计数，同一人的几张卡折只算一人；供养机构代管的、已归还的、代管人号码缺失或有误的、救助对象号码有误的和代管本人卡折的不计。
  疑点的对象是代管人。
--- */
WITH held AS (
    SELECT
        custody.row_id,
        custody.holder_key,
        custody.holder_name,
        custody.township,
        custody.village,
        custody.person_key
    FROM card_custody AS custody
    WHERE
        custody.holder_is_valid
        AND custody.id_is_valid
        AND custody.holder_key <> custody.person_key
        -- given back on the day is given back
        AND (custody.returned_on IS NULL OR custody.returned_on > $as_of)
        AND NOT REGEXP_MATCHES(
            CONCAT_WS('，', custody.holder_name, custody.holder_name_written, custody.holder_post, custody.relation),
            '敬老院|养老|福利院|光荣院|供养服务|供养机构|养护|托养|机构|院民'
        )
)

SELECT
    held.holder_key AS person_key,
    MIN(held.holder_name) AS name,
    MIN(held.township) AS township,
    CASE WHEN COUNT(DISTINCT held.village) = 1 THEN MIN(held.village) END AS village,
    ARRAY_AGG(DISTINCT held.row_id) AS ev_custody,
    COUNT(DISTINCT held.person_key) AS fact_persons
FROM held
GROUP BY held.holder_key
HAVING COUNT(DISTINCT held.person_key) >= $cards
