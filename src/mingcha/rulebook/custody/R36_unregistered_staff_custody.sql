/* ---
id: R36
title: 代持卡折未登记
version: 1
status: active
severity: red
clauses: [C12, C13]
law: [夏民办〔2023〕14号三(一), 民发〔2021〕57号第26条]
subject: person
identity: mixed
needs: [card_custody, visit_check|third_party]
uses: [care_agreement, child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou,
  low_income_household, low_income_member, officer, payment, tekun_person]
reads: [kin_pair, aid_person, cadre, care_agreement, card_custody, visit_check, third_party]
finds: 入户核查或第三方评估写明卡折由工作人员、村（居）干部持有，而代管登记表上没有登记的人员。
summary: "入户核查写明{name}的银行卡（存折）由{holder}持有，代管登记表上没有查到。请核实卡折现在谁手中，应交还本人或按规定登记。"
false_hits: [持有人是共同生活的近亲属, 代管已登记而登记表未更新, 核查表把经办人误填为持有人]
verify: [当面核对卡折现在谁手中, 听取本人或监护人意见, 查近一年取款记录, 补登记或交还本人]
reading: >-
  持有人写姓名的，与同村在任干部（乡镇人员看同乡镇）姓名一致才算，姓名前后可带职务；写“李会计”的看姓；只写“村干部”“民政所”等的按字面算；
  写了职务又写了名册上没有的姓名，只在名册没有这个乡镇的村（居）干部时按字面算。近亲属、监护人、照料人、本人持有的不算，写明未发现、已归还、已离任的不算。
  以最近一次写明持有人的入户核查为准；第三方评估之后入户另有说明的，以入户为准。登记表有此人（或户主）任何一行即不列。
  核查表号码缺失或有误的，按同乡镇同村唯一同名的救助对象认定。
--- */
WITH form AS (
    SELECT
        visit.row_id,
        'holder' AS kind,
        visit.person_key,
        COALESCE(visit.id_is_valid, FALSE) AS person_is_valid,
        visit.head_key,
        COALESCE(visit.head_is_valid, FALSE) AS head_is_valid,
        COALESCE(visit.name, visit.head_name) AS name,
        visit.township,
        visit.village,
        visit.visit_on AS said_on,
        visit.card_holder AS said
    FROM visit_check AS visit
    WHERE COALESCE(visit.visit_on <= $as_of, TRUE) AND TRIM(visit.card_holder) <> ''
    UNION ALL
    SELECT
        visit.row_id,
        'free' AS kind,
        visit.person_key,
        COALESCE(visit.id_is_valid, FALSE) AS person_is_valid,
        visit.head_key,
        COALESCE(visit.head_is_valid, FALSE) AS head_is_valid,
        COALESCE(visit.name, visit.head_name) AS name,
        visit.township,
        visit.village,
        visit.visit_on AS said_on,
        CONCAT_WS('；', visit.problem, visit.remark) AS said
    FROM visit_check AS visit
    WHERE COALESCE(visit.visit_on <= $as_of, TRUE) AND REGEXP_MATCHES(CONCAT_WS('；', visit.problem, visit.remark), '卡|折')
    UNION ALL
    SELECT
        sample.row_id,
        'free' AS kind,
        sample.person_key,
        COALESCE(sample.id_is_valid, FALSE) AS person_is_valid,
        sample.head_key,
        COALESCE(sample.head_is_valid, FALSE) AS head_is_valid,
        COALESCE(sample.name, sample.head_name) AS name,
        sample.township,
        sample.village,
        sample.surveyed_on AS said_on,
        CONCAT_WS('；', sample.error_kind_text, sample.reason, sample.remark) AS said
    FROM third_party AS sample
    WHERE COALESCE(sample.surveyed_on <= $as_of, TRUE) AND REGEXP_MATCHES(CONCAT_WS('；', sample.error_kind_text, sample.reason, sample.remark), '卡|折')
),

nameless AS (
    SELECT
        form.name,
        form.township,
        form.village
    FROM form
    WHERE NOT form.person_is_valid AND NOT form.head_is_valid
    GROUP BY form.name, form.township, form.village
),

-- a form without a valid number means the one recipient of that name in the village
known AS (
    SELECT
        aid.name,
        aid.township,
        aid.village,
        MIN(aid.person_key) AS person_key
    FROM aid_person AS aid
    INNER JOIN nameless
        ON aid.name = nameless.name AND aid.township = nameless.township AND aid.village = nameless.village
    WHERE aid.id_is_valid AND aid.is_active
    GROUP BY aid.name, aid.township, aid.village
    HAVING COUNT(DISTINCT aid.person_key) = 1
),

whose AS (
    SELECT
        form.row_id,
        form.kind,
        CASE
            WHEN form.person_is_valid THEN form.person_key
            WHEN form.head_is_valid THEN form.head_key
            ELSE known.person_key
        END AS person_key,
        CASE WHEN form.head_is_valid THEN form.head_key END AS head_key,
        form.person_is_valid OR form.head_is_valid AS is_exact,
        form.name,
        form.township,
        form.village,
        form.said_on,
        REPLACE(REPLACE(form.said, ' ', ''), '　', '') AS said
    FROM form
    LEFT JOIN known
        ON form.name = known.name AND form.township = known.township AND form.village = known.village
),

met AS (
    SELECT whose.person_key
    FROM whose
    WHERE whose.person_key IS NOT NULL
    GROUP BY whose.person_key
),

placed AS (
    SELECT
        aid.person_key,
        MIN(aid.township) AS township,
        MIN(aid.village) AS village
    FROM aid_person AS aid
    INNER JOIN met ON aid.person_key = met.person_key
    GROUP BY aid.person_key
),

-- the last visit that names a holder speaks
latest AS (
    SELECT
        whose.person_key,
        MAX(whose.said_on) AS said_on
    FROM whose
    WHERE whose.kind = 'holder'
    GROUP BY whose.person_key
),

statement AS (
    SELECT
        whose.row_id,
        whose.kind,
        whose.person_key,
        whose.head_key,
        whose.is_exact,
        whose.name,
        COALESCE(whose.township, placed.township) AS township,
        COALESCE(whose.village, placed.village) AS village,
        -- the place may stand before the title: 东关村村会计张三
        REPLACE(
            REPLACE(whose.said, COALESCE(whose.township, placed.township, '|'), ''),
            COALESCE(whose.village, placed.village, '|'),
            ''
        ) AS said,
        whose.said AS as_written
    FROM whose
    LEFT JOIN latest ON whose.person_key = latest.person_key
    LEFT JOIN placed ON whose.person_key = placed.person_key
    WHERE
        whose.person_key IS NOT NULL
        AND NOT COALESCE(whose.said_on < latest.said_on, FALSE)
),

-- told of nobody, of others, or of what is over
standing AS (
    SELECT
        statement.row_id,
        statement.kind,
        statement.person_key,
        statement.head_key,
        statement.is_exact,
        statement.name,
        statement.township,
        statement.village,
        statement.said,
        statement.as_written
    FROM statement
    WHERE
        NOT REGEXP_MATCHES(
            statement.said,
            '(未发现|未见|不存在|没有|没被|没让|并非|不是|不由|未由|未被|未让|否认|无|非)(有|由|被|存在)?(本村|该村|村里?|社区|乡|镇)?(两委)?(干部|支书|书记|主任|会计|村委|民政|工作人员|他人|代管|代持|保管)'
        )
        AND NOT REGEXP_MATCHES(
            statement.said,
            '已(经)?(归还|退还|交还|收回|返还|整改|纠正)|(曾经?|以前|过去|原来|之前)(由|是|被|在|交)|(^|由|，|（)(原|前任|曾任)|离任|卸任|退休|家属|敬老院|养老院|福利院|供养机构'
        )
        -- a list of boxes of which nobody knows the ticked one says nothing
        AND NOT REGEXP_MATCHES(statement.said, '[□☐]')
        AND NOT (
            statement.kind = 'holder'
            AND REGEXP_MATCHES(statement.said, '^(本人|自己|户主)($|[，,。；;、/]|保管|持有|自持|自行|自管|管理|手)')
        )
),

-- near relatives, guardians and carers of the person: no staff custody, even if they are officers
own AS (
    SELECT
        pair.person_key,
        pair.relative_key AS own_key,
        CAST(NULL AS VARCHAR) AS own_name
    FROM kin_pair AS pair
    UNION ALL
    SELECT
        aid.person_key,
        aid.guardian_key AS own_key,
        aid.guardian_name AS own_name
    FROM aid_person AS aid
    UNION ALL
    SELECT
        aid.person_key,
        aid.carer_key AS own_key,
        aid.carer_name AS own_name
    FROM aid_person AS aid
    UNION ALL
    SELECT
        care.person_key,
        care.carer_key AS own_key,
        care.carer_name AS own_name
    FROM care_agreement AS care
),

-- officers in post near enough to be meant by a name alone
nearby AS (
    SELECT
        standing.row_id,
        standing.kind,
        standing.person_key,
        standing.said,
        cadre.row_id AS officer_row,
        cadre.person_key AS officer_key,
        cadre.name AS officer_name
    FROM standing
    INNER JOIN cadre ON standing.township = cadre.township
    WHERE
        cadre.is_in_post
        AND (
            standing.village = cadre.village
            OR COALESCE(cadre.officer_kind, '') IN ('township', 'leader')
            OR (cadre.village IS NULL AND CONTAINS(COALESCE(cadre.unit, ''), standing.village))
        )
),

near AS (
    SELECT
        nearby.row_id,
        nearby.kind,
        nearby.said,
        nearby.officer_row,
        nearby.officer_name
    FROM nearby
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM own
            WHERE
                own.person_key = nearby.person_key
                AND (own.own_key = nearby.officer_key OR own.own_name = nearby.officer_name)
        )
),

marked AS (
    SELECT
        near.row_id,
        near.kind,
        near.officer_row,
        near.officer_name AS shown,
        REPLACE(near.said, near.officer_name, '＠') AS said
    FROM near
    WHERE LENGTH(near.officer_name) > 1 AND CONTAINS(near.said, near.officer_name)
),

by_name AS (
    SELECT
        marked.row_id,
        marked.kind,
        marked.officer_row,
        marked.shown
    FROM marked
    WHERE
        -- the name as a whole: 张三 is not 张三丰, and 儿子张三 is a son
        REGEXP_MATCHES(
            marked.said,
            '(^|[，,、。；;（(：:/由在被给交为是系归]|村|乡|镇|所|局|办|会|委|社区|主任|书记|支书|会计|文书|委员|村长|干部|人员|人|干事|专干|所长|站长|营长|主席|同志|协理员)＠($|[，,、。；;）)（(/：:]|主任|书记|支书|会计|文书|委员|村长|干部|所长|专干|同志|代|保|持|拿|处|手|家|管|掌|那|这|领|收|扣|等|在)'
        )
        AND NOT (
            marked.kind = 'holder'
            AND REGEXP_MATCHES(
                marked.said,
                '父|母|爸|妈|夫妻|配偶|妻|丈夫|老伴|爱人|儿子|儿媳|女儿|子女|婿|媳|长子|次子|孙|爷|奶|姥|外公|外婆|兄|弟|姐|妹|哥|近亲属|直系|家人|监护|照料|照护|护理'
            )
        )
        AND (
            marked.kind = 'holder'
            OR REGEXP_MATCHES(marked.said, '＠[^，,。；;]*(代管|代持|代领|代取|代.{0,4}领取|代为(保管|持有|支取|管理)|保管|持有|掌管|拿着|拿走|手中|手里|手上|收走|扣留|扣押|处保管|那里|处($|[，,。；;]))')
            OR REGEXP_MATCHES(marked.said, '(代管人|代持人|持有人|保管人|代领人|保管者)[^，,。；;]*＠')
        )
),

surname AS (
    SELECT
        near.row_id,
        near.kind,
        near.officer_row,
        REPLACE(near.said, LEFT(near.officer_name, 1), '＠') AS said
    FROM near
),

-- 李会计: the surname of an officer and a title
by_surname AS (
    SELECT
        surname.row_id,
        surname.kind,
        surname.officer_row,
        CAST(NULL AS VARCHAR) AS shown
    FROM surname
    WHERE
        (surname.kind = 'holder' AND REGEXP_MATCHES(surname.said, '^(由|在|被|给|交|本?村)?＠(副?主任|支书|副?书记|会计|文书|村长|委员|所长|专干|干事|副?镇长|副?乡长)($|[，,、。；;（(]|代|保|持|拿|处|手|管|掌|那)'))
        OR REGEXP_MATCHES(surname.said, '(由|在|被|给|交|村)＠(副?主任|支书|副?书记|会计|文书|村长|委员|所长|专干|干事|副?镇长|副?乡长)(代|保管|持有|拿|处|手|掌|那里)')
),

covered AS (
    -- the list holds the township's village cadres: a name it does not hold near by is no cadre's
    SELECT DISTINCT standing.row_id
    FROM standing
    INNER JOIN cadre ON standing.township = cadre.township
    WHERE
        cadre.is_in_post
        AND COALESCE(cadre.officer_kind, 'village') IN ('village', 'resident')
),

-- no name at all, or a name where no list could tell it
by_words AS (
    SELECT
        standing.row_id,
        standing.kind,
        CAST(NULL AS BIGINT) AS officer_row,
        CAST(NULL AS VARCHAR) AS shown
    FROM standing
    LEFT JOIN covered ON standing.row_id = covered.row_id
    WHERE
        (
            standing.kind = 'holder'
            AND REGEXP_MATCHES(
                standing.said,
                '干部|两委|支书|支部|书记|村主任|社区主任|妇女主任|村长|村委|居委|会计|文书|经办|民政|社会救助|协理员|专干|乡长|镇长|镇政府|乡政府|办事处|工作人员'
            )
            AND (
                REGEXP_MATCHES(
                    standing.said,
                    '^(村干部|居干部|干部|村两委|两委|成员|党支部|支部|村支书|支书|书记|主任|妇女|儿童|治保|村长|村委会|村民委员会|村委|居委会|居民委员会|居委|村会计|会计|文书|出纳|妇联|主席|民兵营长|委员|经办|民政|社会救助|救助|工作|人员|人|协理员|专干|包村|驻村|第一|副|所长|所|办公室|办|站|局|科|股|政府|街道|办事处|社区|乡镇|镇长|乡长|镇|乡|村|县|本|该|所在|里|上|由|在|被|交给|交|给|系|为|是|有|统一|代为|代管|代持|代领|代|保管|管理|掌管|管|持有|持|拿着|拿|掌握|手中|手里|手上|手|处|那里|那|这里|领取|领|收走|收|的|等|银行卡|社保卡|一卡通|存折|卡折|卡|折|现在|现|长期|暂时|暂|一直|其|集中|[、（）()：:/])+([，,。；;].*)?$'
                )
                OR (
                    covered.row_id IS NULL
                    AND NOT REGEXP_MATCHES(
                        standing.said,
                        '父|母|爸|妈|夫妻|配偶|妻|丈夫|老伴|爱人|儿子|儿媳|女儿|子女|婿|媳|长子|次子|孙|爷|奶|姥|外公|外婆|兄|弟|姐|妹|哥|亲属|亲戚|直系|家人|监护|照料|照护|护理'
                    )
                )
            )
        )
        OR REGEXP_MATCHES(
            standing.said,
            '(干部|两委|支书|书记|村主任|社区主任|村长|村委会?|居委会?|会计|文书|经办人员?|民政所|民政办|民政工作人员|救助工作人员|社会救助工作人员|协理员|专干|村委会工作人员|镇工作人员|乡工作人员)(们|等人?|统一|集中|长期|一直|为其|替其|帮其|帮忙|替|为)*(代管|代持|代领|代取|代.{0,4}领取|代为(保管|持有|支取|管理)|保管|持有|掌管|拿着|拿走|手中|手里|手上|收走|扣留|扣押|处保管|那里)'
        )
        OR REGEXP_MATCHES(
            standing.said,
            '(代管人|代持人|持有人|保管人|代领人)(为|是|系|：|:)?(本村|该村|村)?(干部|两委|支书|书记|主任|会计|文书|村委|居委|民政|经办)(会|所|办|人员|工作人员)?($|[，,。；;])'
        )
        OR (
            covered.row_id IS NULL
            AND REGEXP_MATCHES(
                standing.said,
                '(干部|支书|书记|村主任|社区主任|村长|会计|文书|经办人员?|民政所|民政办|专干)[^，,。；;儿女父母兄弟姐妹亲家]{1,4}(代管|代持|代领|代取|代.{0,4}领取|代为(保管|持有|支取|管理)|保管|持有|掌管|拿着|拿走|手中|手里|手上|收走|扣留|扣押|处保管|那里)'
            )
        )
),

meant AS (
    SELECT
        by_name.row_id,
        by_name.kind,
        by_name.officer_row,
        by_name.shown
    FROM by_name
    UNION ALL
    SELECT
        by_surname.row_id,
        by_surname.kind,
        by_surname.officer_row,
        by_surname.shown
    FROM by_surname
    UNION ALL
    SELECT
        by_words.row_id,
        by_words.kind,
        by_words.officer_row,
        by_words.shown
    FROM by_words
),

-- any row of the register will do, whatever it says
registered AS (
    SELECT standing.row_id
    FROM standing
    INNER JOIN card_custody AS custody ON standing.person_key = custody.person_key
    UNION
    SELECT standing.row_id
    FROM standing
    INNER JOIN card_custody AS custody ON standing.head_key = custody.person_key
    UNION
    SELECT standing.row_id
    FROM standing
    INNER JOIN card_custody AS custody
        ON standing.name = custody.name
        AND COALESCE(standing.village, '') = COALESCE(custody.village, standing.village, '')
    WHERE NOT (COALESCE(custody.id_is_valid, FALSE) AND standing.is_exact)
)

SELECT
    standing.person_key,
    MIN(CASE WHEN NOT standing.is_exact THEN standing.name END) AS name,
    MIN(standing.township) AS township,
    MIN(standing.village) AS village,
    ARRAY_AGG(DISTINCT standing.row_id) AS ev_form,
    ARRAY_AGG(DISTINCT meant.officer_row) FILTER (WHERE meant.officer_row IS NOT NULL) AS ev_officer,
    CASE
        WHEN MIN(meant.shown) IS NOT NULL THEN CONCAT('干部或工作人员', MIN(meant.shown))
        WHEN MIN(CASE WHEN standing.kind = 'holder' THEN standing.as_written END) IS NOT NULL
            THEN CONCAT('“', MIN(CASE WHEN standing.kind = 'holder' THEN standing.as_written END), '”')
        ELSE '村（居）干部或工作人员'
    END AS fact_holder,
    CASE WHEN BOOL_OR(standing.is_exact) THEN 1.0 ELSE 0.9 END AS confidence -- literal: sureness of a name that is unique in its village
FROM standing
INNER JOIN meant ON standing.row_id = meant.row_id AND standing.kind = meant.kind
LEFT JOIN registered ON standing.row_id = registered.row_id
WHERE registered.row_id IS NULL
GROUP BY standing.person_key
