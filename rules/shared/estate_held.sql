/*
id: estate_held
says:
  zh: >-
    在保家庭每个成员在每处房屋中的份额。份额未填的,由登记簿上该单元未填份额的权利人平分余下部分;同一坐落、同一面积的新旧两证为同一处房屋。
    登记以后已转让的,不再算作持有。
  en: >-
    What each member of a protected household holds of each home or other unit. Where no share is written, the owners on the
    register for whom none is divide what the written shares leave. An old and a new certificate for the same address and floor
    area are one home, and so are all certificates of one unit. What was passed on since is held no more.
reads: [real_estate, real_estate_transfer]
parameters: [uncounted_home_natures]
*/
WITH theirs AS (
    SELECT estate.scheme, estate.household_id, estate.member_id, estate.unit_no, estate."use", estate.nature, estate.share,
           estate.area, estate.registered_on, estate.division, estate.evidence, member.monthly_amount,
           member.division AS household_division,
           min(regexp_replace(estate.address, '[\s ]', '', 'g'))
               OVER (PARTITION BY estate.household_id, estate.unit_no) AS place
    FROM linked_real_estate AS estate
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE estate.status = 'current'
      -- What was sold since is theirs no more, though the entry has not been taken off; a sale whose unit is not known may be of any.
      AND NOT EXISTS (
          SELECT 1 FROM linked_real_estate_transfer AS sale
          WHERE sale.role = 'seller' AND coalesce(sale.unit_no = estate.unit_no, true) AND sale.scheme = estate.scheme
            AND sale.household_id = estate.household_id AND sale.member_id = estate.member_id
            AND coalesce(sale.status, 'completed') = 'completed' AND coalesce(sale.transferred_on >= estate.registered_on, true))
), located AS (
    SELECT * REPLACE (coalesce(area, max(area) OVER (PARTITION BY household_id, coalesce(place, unit_no))) AS area)
    FROM theirs
), owned AS (
    SELECT unit_no, coalesce(sum(share), 0) AS written, count(DISTINCT owner_name) FILTER (share IS NULL) AS unwritten
    FROM real_estate SEMI JOIN theirs USING (unit_no)
    WHERE coalesce(status, 'current') = 'current'
    GROUP BY unit_no
)
SELECT scheme, household_id, member_id, min(unit_no) AS unit_no, list(DISTINCT mask_number(unit_no)) AS units,
       any_value("use") AS "use", bool_or(nature IN policy('uncounted_home_natures', household_division)) AS uncounted,
       max(coalesce(share, greatest(100 - written, 0) / unwritten)) AS share, max(area) AS area,
       min(registered_on) AS registered_on, any_value(division) AS division, any_value(household_division) AS household_division,
       any_value(monthly_amount) AS monthly_amount, list(evidence) AS evidence,
       coalesce(place || '|' || round(area)::INTEGER, place, unit_no) AS home
FROM located JOIN owned USING (unit_no)
GROUP BY scheme, household_id, member_id, home
