/* ---
id: R70
title: 三类户临时救助缺口
version: 1
status: trial
severity: blue
clauses: [C24]
law: [民发〔2018〕23号二(一), 民发〔2022〕83号三(三), 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [poverty_monitor, temp_assistance|application]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, officer, severe_illness, tekun_person]
reads: [poverty_monitor, severe_illness, aid_person, death, relief_row, application_row]
params:
  home_county: home_county
  months: R70-M
  own_cost: {key: DS-06, optional: true, part: 个人负担医疗费用较高的监测户}
finds: 近{months}个月因病、因残、因灾、因意外事故识别，或家中有人个人负担医疗费超过{own_cost}元的防止返贫监测户，没有享受低保、特困，此后也没有临时救助，或者有临时救助而没有录入平台。
summary: "{name}家是防止返贫监测户，{event}，{gap}。请上门看一看，符合条件的帮助申请临时救助。"
false_hits: [已救助而台账未报送, 本人不愿申请, 医疗救助和其他帮扶已解决困难]
verify: [入户了解突发困难和支出, 符合条件的帮助申请临时救助并录入平台, 不符合的说明原因并记录]
reading: >-
  以户计，对象为医疗费高的人，否则为户主；家里任何人在低保、特困、儿童保障名册上的不列，风险已消除、全家已死亡的不列。
  医疗费按人合计这几个月的个人自付，没有的按总费用减去各项支付，同一次住院只算一次。困难发生当月以来的临时救助申请（撤回的除外）、批准都算已救助，
  批准与否不论。临时救助台账视为从最早一笔所在年份的一月记起：困难在此以前，或者乡镇不在台账上（全县合并的台账除外）的，不推断。
  没有录入平台的，当月批准的、表上没有这一栏的不算。
--- */
WITH listed AS (
    SELECT
        monitor.row_id,
        monitor.person_key,
        COALESCE(monitor.id_is_valid, FALSE) AS id_is_valid,
        monitor.name,
        monitor.township,
        monitor.village,
        CASE
            WHEN NULLIF(TRIM(monitor.household_no), '') IS NULL THEN CONCAT('p', monitor.person_key)
            ELSE CONCAT_WS('|', monitor.township, TRIM(monitor.household_no))
        END AS house,
        COALESCE(monitor.relation IN ('01', '02'), FALSE) AS is_head,
        CASE
            WHEN
                monitor.risk1 IN ('illness', 'disability', 'accident', 'disaster')
                OR monitor.risk2 IN ('illness', 'disability', 'accident', 'disaster')
                OR monitor.risk3 IN ('illness', 'disability', 'accident', 'disaster')
                THEN monitor.identified
        END AS hard_month,
        COALESCE(
            monitor.removed,
            monitor.removed_on IS NOT NULL OR COALESCE(TRIM(monitor.removed_how) NOT IN ('', '无', '-', '/', '未消除'), FALSE)
        ) AS is_removed,
        REGEXP_MATCHES(
            COALESCE(monitor.monitor_type_text, ''), '^(无|否|不是|非监测.*|未纳入.*|一般农?户)$'
        ) AS is_unwatched,
        ROW_NUMBER() OVER (
            PARTITION BY monitor.person_key ORDER BY COALESCE(monitor.roll_month, $as_of_month) DESC, monitor.row_id
        ) AS place
    FROM poverty_monitor AS monitor
    WHERE
        COALESCE(monitor.roll_month, $as_of_month) <= $as_of_month
        AND (
            monitor.county_name IS NULL
            OR STARTS_WITH(monitor.county_name, $home_county)
            OR STARTS_WITH($home_county, monitor.county_name)
        )
),

stay AS (
    SELECT
        illness.person_key,
        MIN(COALESCE(MONTH_OF(COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on)), illness.roll_month)) AS month,
        MIN(illness.row_id) AS row_id,
        MAX(
            GREATEST(
                COALESCE(
                    illness.self_paid,
                    illness.total_cost - COALESCE(illness.pool_paid, 0) - COALESCE(illness.serious_paid, 0)
                    - COALESCE(illness.aid_paid, 0)
                ),
                0
            )
        ) AS own_cost
    FROM severe_illness AS illness
    INNER JOIN listed ON illness.person_key = listed.person_key AND listed.place = 1
    WHERE
        illness.id_is_valid
        AND NAMES_AGREE(illness.name, listed.name)
        AND COALESCE(illness.self_paid, illness.pool_paid, illness.serious_paid, illness.aid_paid) IS NOT NULL
        AND COALESCE(MONTH_OF(COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on)), illness.roll_month)
        BETWEEN ADD_TO_MONTH($as_of_month, CAST(-$months AS INTEGER)) AND $as_of_month
        AND COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on, $as_of) <= $as_of
    -- the same stay stands on several lists
    GROUP BY
        illness.person_key,
        illness.hospital,
        illness.admitted_on,
        illness.discharged_on,
        illness.settled_on,
        illness.total_cost
),

ill AS (
    SELECT
        stay.person_key,
        MIN(stay.month) AS month,
        ARRAY_AGG(stay.row_id) AS row_ids,
        CAST(SUM(stay.own_cost) AS DECIMAL(14, 2)) AS own_cost
    FROM stay
    GROUP BY stay.person_key
    HAVING SUM(stay.own_cost) > $own_cost
),

member AS (
    SELECT
        listed.house,
        listed.row_id,
        listed.person_key,
        listed.name,
        listed.township,
        listed.village,
        listed.id_is_valid,
        ill.row_ids AS ill_rows,
        ill.own_cost,
        -- the months of the whole house: whoever was relieved since the first of them was relieved
        MIN(
            LEAST(
                ill.month,
                CASE
                    WHEN listed.hard_month BETWEEN ADD_TO_MONTH($as_of_month, CAST(-$months AS INTEGER)) AND $as_of_month
                        THEN listed.hard_month
                END
            )
        ) OVER (PARTITION BY listed.house) AS month,
        BOOL_OR(
            listed.is_removed OR listed.is_unwatched OR aid.person_key IS NOT NULL
        ) OVER (PARTITION BY listed.house) AS is_out,
        ROW_NUMBER() OVER (
            PARTITION BY listed.house
            ORDER BY
                (listed.id_is_valid AND dead.person_key IS NULL) DESC,
                ill.person_key IS NULL,
                listed.is_head DESC,
                listed.row_id
        ) AS place,
        listed.id_is_valid AND dead.person_key IS NULL AS is_sound
    FROM listed
    LEFT JOIN ill ON listed.person_key = ill.person_key
    LEFT JOIN (
        SELECT covered.person_key
        FROM aid_person AS covered
        WHERE covered.program IN ('DB', 'TK', 'ET') AND covered.is_active
        GROUP BY covered.person_key
    ) AS aid ON listed.person_key = aid.person_key
    LEFT JOIN (
        SELECT
            death.person_key,
            death.name
        FROM death
        WHERE death.death_date <= $as_of
    ) AS dead ON listed.person_key = dead.person_key AND NAMES_AGREE(listed.name, dead.name)
    WHERE listed.place = 1
),

relief AS (
    SELECT
        r.row_id,
        r.sheet,
        r.person_key,
        r.household_key,
        r.id_is_valid,
        r.name,
        r.township,
        r.village,
        r.month,
        r.tells_platform AND r.platform_on IS NULL AND r.month < $as_of_month AS lacks_platform
    FROM relief_row AS r
    UNION ALL
    SELECT
        a.row_id,
        a.sheet,
        a.person_key,
        a.household_key,
        a.id_is_valid,
        a.name,
        a.township,
        a.village,
        MONTH_OF(COALESCE(a.decided_on, a.accepted_on, a.apply_on)) AS month,
        FALSE AS lacks_platform
    FROM application_row AS a
    WHERE a.program = 'LS' AND COALESCE(a.decision, '') <> 'withdraw'
),

-- when the ledgers begin; a sheet of several townships, or of none, is the whole county's
begun AS (
    SELECT
        sheet.township,
        CONCAT(SUBSTRING(MIN(sheet.month), 1, 4), '-01') AS month -- literal: the year
    FROM (
        SELECT
            CASE WHEN COUNT(DISTINCT relief.township) = 1 THEN MIN(relief.township) END AS township,
            MIN(relief.month) AS month
        FROM relief
        GROUP BY relief.sheet
    ) AS sheet
    GROUP BY sheet.township
),

watched AS (
    SELECT
        member.house,
        member.row_id,
        member.person_key,
        member.id_is_valid,
        member.name,
        member.township,
        member.village,
        member.ill_rows,
        member.own_cost,
        member.month,
        member.is_sound AND member.place = 1 AS is_asked
    FROM member
    INNER JOIN (
        SELECT
            member.house,
            MIN(begun.month) AS month
        FROM member
        INNER JOIN begun ON COALESCE(begun.township, member.township, '') = COALESCE(member.township, '')
        WHERE NOT member.is_out
        GROUP BY member.house
    ) AS told ON member.house = told.house
    WHERE NOT member.is_out AND member.month >= told.month
),

tied AS (
    SELECT
        watched.house,
        relief.row_id,
        relief.lacks_platform
    FROM watched
    INNER JOIN relief ON watched.person_key = relief.person_key
    WHERE COALESCE(relief.month >= watched.month, TRUE)
    UNION ALL
    SELECT
        watched.house,
        relief.row_id,
        relief.lacks_platform
    FROM watched
    INNER JOIN relief ON watched.person_key = relief.household_key
    WHERE COALESCE(relief.month >= watched.month, TRUE)
    UNION ALL
    SELECT
        watched.house,
        relief.row_id,
        relief.lacks_platform
    FROM watched
    INNER JOIN relief
        ON watched.name = relief.name AND COALESCE(watched.village, '') = COALESCE(relief.village, watched.village, '')
    WHERE NOT (relief.id_is_valid AND watched.id_is_valid) AND COALESCE(relief.month >= watched.month, TRUE)
),

relieved AS (
    SELECT
        tied.house,
        ARRAY_AGG(DISTINCT tied.row_id) AS row_ids,
        BOOL_AND(tied.lacks_platform) AS lacks_platform
    FROM tied
    GROUP BY tied.house
)

SELECT
    watched.person_key,
    watched.name,
    watched.township,
    watched.village,
    watched.row_id AS ev_monitor,
    watched.ill_rows AS ev_illness,
    relieved.row_ids AS ev_relief,
    CASE
        WHEN watched.own_cost IS NOT NULL THEN CONCAT('本人近期个人负担医疗费', CAST(watched.own_cost AS VARCHAR), '元')
        ELSE CONCAT(watched.month, '因病、因残或因灾因意外发生困难')
    END AS fact_event,
    CASE WHEN relieved.house IS NULL THEN '此后没有查到临时救助' ELSE '此后的临时救助没有录入平台的时间' END AS fact_gap,
    watched.month AS period
FROM watched
LEFT JOIN relieved ON watched.house = relieved.house
WHERE watched.is_asked AND (relieved.house IS NULL OR relieved.lacks_platform)
