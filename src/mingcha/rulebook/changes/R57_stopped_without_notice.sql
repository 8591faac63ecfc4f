/* ---
id: R57
title: 停发减发无告知
version: 1
status: trial
severity: red
clauses: [C33]
law: [民发〔2021〕57号第32条, 国务院令第649号第13条, 民发〔2021〕43号第25条, 夏民办〔2023〕14号四(一)]
subject: person
identity: exact
needs: [notice]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, officer, tekun_person]
reads: [roll_change, notice_row, death]
finds: 低保、特困名册上停发或减发，而告知台账上没有停发、减发告知；或者停发、减发告知书没有写理由、没有送达记录的对象。
summary: "{name}：{what}。请核实是否已书面告知并说明理由，没有告知的及时补送。"
false_hits: [告知书已送达而台账未登记, 名册漏列而实际没有停发, 保障标准统一调整引起的变动]
verify: [查停发或减发审批表, 查告知书存根和送达回证, 向本人或家属核实是否收到并知道理由, 及时补送并说明救济途径]
reading: >-
  只看告知台账已经报送停发、减发告知的乡镇，变动早于台账第一个月的不算。变动前后各差一个月以内的停发、减发、渐退告知都算这次变动的告知。
  台账没有理由栏、送达栏的不论理由、送达；决定当月未过的不论送达。只有一人享受而本人死亡的、转入其他救助的、换了号码或户主的不算。
  增发不算。低保按户，对象为申请人；名册按已报送的相邻两次比较，没有报送的月份不推断。
--- */
WITH ledger AS (
    SELECT
        COALESCE(notice.township, '') AS township,
        MIN(COALESCE(MONTH_OF(notice.said_on), notice.month)) AS first_month
    FROM notice_row AS notice
    WHERE notice.tells_stops
    GROUP BY COALESCE(notice.township, '')
),

-- one row a number that the notice names, or none where it names none
told AS (
    SELECT
        notice.row_id,
        notice.person_key AS key,
        notice.program,
        notice.month
    FROM notice_row AS notice
    WHERE notice.kind IN ('stop', 'cut', 'taper') AND notice.person_key IS NOT NULL
    UNION
    SELECT
        notice.row_id,
        notice.head_key AS key,
        notice.program,
        notice.month
    FROM notice_row AS notice
    WHERE notice.kind IN ('stop', 'cut', 'taper') AND notice.head_key IS NOT NULL
),

change AS (
    SELECT
        c.program,
        c.person_key,
        c.household_key,
        c.name,
        c.township,
        c.village,
        c.kind,
        c.month,
        COALESCE(c.month_before, ADD_TO_MONTH(c.month, -1)) AS month_before,
        c.row_before,
        c.row_after
    FROM roll_change AS c
    LEFT JOIN death
        ON c.person_key = death.person_key AND death.id_is_valid AND death.death_date <= $as_of
    LEFT JOIN ledger AS own ON c.township = own.township
    LEFT JOIN ledger AS whole ON whole.township = ''
    WHERE
        c.id_is_valid
        AND c.moved_to IS NULL
        -- nobody is left to be told
        AND NOT (
            COALESCE(c.insured_count, 1) <= 1 AND c.kind <> 'cut'
            AND (death.person_key IS NOT NULL OR COALESCE(c.reason_kind = 'dead', FALSE))
        )
        AND c.month >= COALESCE(own.first_month, whole.first_month)
    GROUP BY
        c.program, c.person_key, c.household_key, c.name, c.township, c.village, c.kind, c.month, c.month_before,
        c.row_before, c.row_after
),

answered AS (
    SELECT
        change.program,
        change.person_key,
        change.month
    FROM change
    INNER JOIN told ON change.person_key = told.key
    WHERE
        COALESCE(told.program, change.program) = change.program
        AND told.month >= ADD_TO_MONTH(change.month_before, -1)
        AND told.month <= ADD_TO_MONTH(change.month, 1)
    UNION
    -- a notice without a valid number is for whoever bears the name in the village
    SELECT
        change.program,
        change.person_key,
        change.month
    FROM change
    INNER JOIN notice_row AS notice
        ON
            change.name = notice.name
            AND COALESCE(change.village, '') = COALESCE(notice.village, change.village, '')
            AND COALESCE(change.township, '') = COALESCE(notice.township, change.township, '')
    WHERE
        notice.kind IN ('stop', 'cut', 'taper')
        AND notice.person_key IS NULL
        AND notice.head_key IS NULL
        AND COALESCE(notice.program, change.program) = change.program
        AND notice.month >= ADD_TO_MONTH(change.month_before, -1)
        AND notice.month <= ADD_TO_MONTH(change.month, 1)
),

-- notices that lack what makes them one; the month of the decision is time to deliver them
wanting AS (
    SELECT
        notice.row_id,
        COALESCE(notice.person_key, notice.head_key) AS person_key,
        notice.head_key AS household_key,
        notice.name,
        notice.township,
        notice.village,
        COALESCE(notice.program, '') AS program,
        notice.kind,
        notice.month,
        NOT notice.has_reason AND notice.tells_reason AS lacks_reason,
        NOT notice.has_proof AND notice.tells_proof AS lacks_proof
    FROM notice_row AS notice
    WHERE
        notice.kind IN ('stop', 'cut')
        AND COALESCE(notice.person_key, notice.head_key) IS NOT NULL
        AND COALESCE(notice.reason_kind, '') <> 'dead'
        AND COALESCE(MONTH_OF(notice.said_on), notice.month) < $as_of_month
        AND ((NOT notice.has_reason AND notice.tells_reason) OR (NOT notice.has_proof AND notice.tells_proof))
),

-- sent again in due form
mended AS (
    SELECT wanting.row_id
    FROM wanting
    INNER JOIN notice_row AS other
        ON
            wanting.person_key = COALESCE(other.person_key, other.head_key)
            AND wanting.kind = other.kind
            AND wanting.program = COALESCE(other.program, '')
    WHERE
        (other.has_reason OR NOT other.tells_reason)
        AND (other.has_proof OR NOT other.tells_proof)
        AND other.month >= wanting.month
    UNION
    SELECT wanting.row_id
    FROM wanting
    INNER JOIN death ON wanting.person_key = death.person_key
    WHERE death.id_is_valid AND death.death_date <= $as_of
),

lead AS (
    SELECT
        change.person_key,
        change.household_key,
        change.name,
        change.township,
        change.village,
        change.row_before,
        change.row_after,
        CAST(NULL AS BIGINT) AS notice_id,
        change.month,
        CONCAT(
            CASE change.program WHEN 'DB' THEN '低保' ELSE '特困供养' END,
            '自',
            change.month,
            CASE change.kind WHEN 'cut' THEN '起减发' ELSE '起停发' END,
            '，没有查到告知书'
        ) AS what
    FROM change
    LEFT JOIN answered
        ON
            change.program = answered.program
            AND change.person_key = answered.person_key
            AND change.month = answered.month
    WHERE answered.person_key IS NULL
    UNION ALL
    SELECT
        wanting.person_key,
        wanting.household_key,
        wanting.name,
        wanting.township,
        wanting.village,
        CAST(NULL AS BIGINT) AS row_before,
        CAST(NULL AS BIGINT) AS row_after,
        wanting.row_id AS notice_id,
        wanting.month,
        CONCAT(
            wanting.month,
            CASE wanting.kind WHEN 'cut' THEN '减发告知书' ELSE '停发告知书' END,
            CASE
                WHEN wanting.lacks_reason AND wanting.lacks_proof THEN '没有写明理由，也没有送达记录'
                WHEN wanting.lacks_reason THEN '没有写明理由'
                ELSE '没有送达记录'
            END
        ) AS what
    FROM wanting
    LEFT JOIN mended ON wanting.row_id = mended.row_id
    WHERE mended.row_id IS NULL
)

SELECT
    lead.person_key,
    MIN(lead.name) AS name,
    MIN(lead.township) AS township,
    MIN(lead.village) AS village,
    COALESCE(MIN(lead.household_key), lead.person_key) AS household_key,
    ARRAY_AGG(DISTINCT lead.row_before) FILTER (WHERE lead.row_before IS NOT NULL) AS ev_before,
    ARRAY_AGG(DISTINCT lead.row_after) FILTER (WHERE lead.row_after IS NOT NULL) AS ev_after,
    ARRAY_AGG(DISTINCT lead.notice_id) FILTER (WHERE lead.notice_id IS NOT NULL) AS ev_notice,
    ARRAY_SORT(ARRAY_AGG(DISTINCT lead.what)) AS fact_what,
    MIN(lead.month) AS period
FROM lead
GROUP BY lead.person_key
