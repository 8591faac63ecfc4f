/* ---
id: custody_row
title: 卡折代管登记
reads: [cadre, kin_pair, aid_person, card_custody, care_agreement]
columns:
  is_returned: given back on the comparison date or before
  is_family: the holder is a near relative, guardian or entrusted carer, by the register's words or by other lists
  is_staff: the holder is staff or a village cadre; never together with is_family
  post: what makes the holder staff, in words; else what the register says he is
  officer_rows: his rows on the officers' list
  tells_will: some row of the sheet says something about the person's will; likewise tells_agreement, tells_filing
--- */
-- The custody register (卡折代管登记), each row with what its holder is.
-- A holder is staff by his number on the officers' list in post, by the words of the register (村干部, 会计, 民政所 …), or, where
-- the register gives neither number nor identity, by the exact name of a cadre of the village or of staff of the township.
-- Near relatives, guardians and entrusted carers are no staff custody even if they are cadres.
WITH worded AS (
    SELECT
        custody.row_id,
        -- 非亲属 is the opposite of 亲属
        REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
            CONCAT_WS('，', custody.holder_post, custody.relation),
            '非直系亲属', ''), '非近亲属', ''), '非亲属', ''), '无亲属关系', ''), '无亲属', ''), '无血缘', '') AS words,
        REPLACE(REPLACE(COALESCE(custody.holder_name_written, custody.holder_name), ' ', ''), '　', '') AS written
    FROM card_custody AS custody
),

said AS (
    SELECT
        worded.row_id,
        worded.written,
        REGEXP_MATCHES(
            CONCAT_WS('，', worded.words, worded.written),
            '敬老院|养老|福利院|光荣院|供养服务|供养机构|养护|托养|机构|院民'
        ) AS is_institution,
        (
            REGEXP_MATCHES(
                worded.words,
                '父|母|爸|妈|夫妻|夫妇|配偶|妻|丈夫|老伴|爱人|儿子|儿媳|女儿|子女|婿|媳|长子|次子|三子|四子|养子|继子|独子|长女|次女|养女|继女|孙|爷|奶|姥|外公|外婆|兄|弟|姐|妹|哥|近亲属|直系|家属|家人|监护|照料|照护|护理|(^|，)(夫|子|女|之子|之女)($|，)'
            )
            OR (
                REGEXP_MATCHES(worded.words, '亲属|亲戚')
                AND NOT REGEXP_MATCHES(worded.words, '侄|甥|叔|伯|舅|姑|姨|堂|表|远')
            )
        )
        -- cousins are no near relatives, and a 表兄 still contains 兄
        AND NOT REGEXP_MATCHES(worded.words, '[堂表](兄|弟|姐|妹|哥|亲)') AS is_family,
        (
            REGEXP_MATCHES(
                worded.words,
                '干部|两委|支书|支部|书记|村主任|村长|村委|居委|社区主任|妇女主任|妇联|治保|儿童主任|会计|文书|出纳|民兵营长|经办|民政|社会救助|协理员|包村|驻村|乡长|镇长|镇政府|乡政府|街道办|办事处|党委|专干|工作人员|^(副)?主任($|，)'
            )
            OR REGEXP_MATCHES(worded.written, '支书|书记|主任|会计|文书|村长|镇长|乡长|所长|专干|民政|干部|村委|居委')
        )
        AND NOT REGEXP_MATCHES(
            CONCAT_WS('，', worded.words, worded.written),
            '(^|，|（|、)(原|前任|曾任|前村|前主任|前支书)|离任|卸任|退休|退职|非(村|社区|居|在职|现任)*干部|不是|银行|信用社|信用联社|医院|卫生|学校|小学|中学|教师|幼儿园|公司|企业|超市|合作社'
        ) AS says_staff
    FROM worded
),

-- on the officers' list in post: by number, or by name where the register gives no number and no identity
on_list AS (
    SELECT
        custody.row_id,
        cadre.row_id AS officer_row,
        COALESCE(cadre.post, '经办人员或村（居）干部') AS post
    FROM card_custody AS custody
    INNER JOIN said ON custody.row_id = said.row_id
    INNER JOIN cadre ON custody.holder_key = cadre.person_key
    WHERE
        custody.holder_is_valid
        AND cadre.id_is_valid
        AND cadre.is_in_post
        -- a title may stand with the name
        AND (NAMES_AGREE(custody.holder_name, cadre.name) OR CONTAINS(said.written, cadre.name))
    UNION ALL
    SELECT
        custody.row_id,
        cadre.row_id AS officer_row,
        COALESCE(cadre.post, '经办人员或村（居）干部') AS post
    FROM card_custody AS custody
    INNER JOIN cadre ON custody.holder_name = cadre.name AND custody.township = cadre.township
    WHERE
        NOT COALESCE(custody.holder_is_valid, FALSE)
        AND custody.holder_post IS NULL
        AND cadre.is_in_post
        AND (custody.village = cadre.village OR COALESCE(cadre.officer_kind, '') IN ('township', 'leader'))
),

officer AS (
    SELECT
        on_list.row_id,
        ARRAY_AGG(DISTINCT on_list.officer_row) AS officer_rows,
        MIN(on_list.post) AS post
    FROM on_list
    GROUP BY on_list.row_id
),

-- relatives, guardians and carers as other lists know them
near AS (
    SELECT custody.row_id
    FROM card_custody AS custody
    INNER JOIN kin_pair AS pair ON custody.person_key = pair.person_key AND custody.holder_key = pair.relative_key
    UNION ALL
    SELECT custody.row_id
    FROM card_custody AS custody
    INNER JOIN aid_person AS aid ON custody.person_key = aid.person_key
    WHERE
        custody.holder_key = aid.guardian_key
        OR custody.holder_key = aid.carer_key
        OR custody.holder_name = aid.guardian_name
        OR custody.holder_name = aid.carer_name
    UNION ALL
    SELECT custody.row_id
    FROM card_custody AS custody
    INNER JOIN care_agreement AS care ON custody.person_key = care.person_key
    WHERE custody.holder_key = care.carer_key OR custody.holder_name = care.carer_name
),

family AS (
    SELECT DISTINCT near.row_id
    FROM near
),

-- What a sheet says about nobody, it has no column for; unless it is too short to tell and other sheets of the register say it.
sheet_state AS (
    SELECT
        custody.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        BOOL_OR(custody.will IS NOT NULL) AS tells_will,
        BOOL_OR(
            custody.agreement IS NOT NULL
            OR custody.agreement_from IS NOT NULL
            OR custody.agreement_to IS NOT NULL
            OR custody.agreement_to_precision IS NOT NULL
        ) AS tells_agreement,
        BOOL_OR(custody.filed_on IS NOT NULL) AS tells_filing,
        COUNT(*) < 5 AS is_short -- literal: too few rows to be a column
    FROM card_custody AS custody
    GROUP BY custody.row_id >> 38 -- literal: the sheet's place in row_id
),

register AS (
    SELECT
        BOOL_OR(sheet_state.tells_will) AS tells_will,
        BOOL_OR(sheet_state.tells_agreement) AS tells_agreement,
        BOOL_OR(sheet_state.tells_filing) AS tells_filing
    FROM sheet_state
)

SELECT
    custody.row_id,
    custody.person_key,
    COALESCE(custody.id_is_valid, FALSE) AS id_is_valid,
    custody.name,
    custody.township,
    custody.village,
    custody.holder_key,
    COALESCE(custody.holder_is_valid, FALSE) AS holder_is_valid,
    COALESCE(custody.holder_name, custody.holder_name_written) AS holder_name,
    COALESCE(custody.returned_on <= $as_of, FALSE) AS is_returned,
    said.is_family OR family.row_id IS NOT NULL AS is_family,
    (officer.row_id IS NOT NULL OR (said.says_staff AND NOT said.is_institution))
    AND NOT (said.is_family OR family.row_id IS NOT NULL) AS is_staff,
    COALESCE(custody.holder_post, officer.post, custody.relation, '身份未写') AS post,
    officer.officer_rows,
    custody.will,
    custody.agreement,
    custody.agreement_from,
    custody.agreement_to,
    custody.agreement_to_precision,
    custody.filed_on,
    sheet_state.tells_will OR (sheet_state.is_short AND register.tells_will) AS tells_will,
    sheet_state.tells_agreement OR (sheet_state.is_short AND register.tells_agreement) AS tells_agreement,
    sheet_state.tells_filing OR (sheet_state.is_short AND register.tells_filing) AS tells_filing
FROM card_custody AS custody
INNER JOIN said ON custody.row_id = said.row_id
INNER JOIN sheet_state ON custody.row_id >> 38 = sheet_state.sheet -- literal: the sheet's place in row_id
CROSS JOIN register
LEFT JOIN officer ON custody.row_id = officer.row_id
LEFT JOIN family ON custody.row_id = family.row_id
