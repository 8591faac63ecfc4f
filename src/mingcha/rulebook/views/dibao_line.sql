/* ---
id: dibao_line
title: 低保标准
kept: false
reads: [standard]
params:
  home_county: home_county
  city_urban: {key: HN-SQ.dibao_urban, optional: true, part: 市定城市低保标准}
  city_rural: {key: HN-SQ.dibao_rural, optional: true, part: 市定农村低保标准}
  floor_urban: {key: HN.dibao_urban, optional: true, part: 省定城市低保最低标准}
  floor_rural: {key: HN.dibao_rural, optional: true, part: 省定农村低保最低标准}
columns:
  area: urban, rural, or 'unknown', the higher of the two, for whoever's area is not written
  monthly: yuan a person and month; no row where nothing is known
--- */
-- The dibao standard incomes are held against (低保标准), by area: the highest of what the city and the province set and what the
-- county's own sheet has in force, so that nobody is over a line that is lower than the one he was measured by.
WITH said AS (
    SELECT
        'urban' AS area,
        CAST(GREATEST($city_urban, $floor_urban) AS DECIMAL(14, 2)) AS monthly
    UNION ALL
    SELECT
        'rural' AS area,
        CAST(GREATEST($city_rural, $floor_rural) AS DECIMAL(14, 2)) AS monthly
    UNION ALL
    SELECT
        s.area,
        CAST(s.standard AS DECIMAL(14, 2)) AS monthly
    FROM standard AS s
    WHERE
        s.program = 'DB'
        AND s.area IN ('urban', 'rural')
        AND (s.county_name IS NULL OR STARTS_WITH(s.county_name, $home_county) OR STARTS_WITH($home_county, s.county_name))
        AND (s.from_on IS NULL OR s.from_on <= $as_of)
        AND (s.to_on IS NULL OR s.to_on >= $as_of)
)

SELECT
    line.area,
    MAX(line.monthly) AS monthly
FROM (
    SELECT
        said.area,
        said.monthly
    FROM said
    UNION ALL
    SELECT
        'unknown' AS area,
        said.monthly
    FROM said
) AS line
WHERE line.monthly > 0
GROUP BY line.area
