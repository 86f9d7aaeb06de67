/*
id: counted_member
says:
  zh: >-
    家庭人口:名册上与家庭同住的每一个人都计入,并写明为何计入;不明关系也是人。不计:已从户中停出的人,核算期开始前已去世的人。
    户内状态不同的,按仍在保障者。
  en: >-
    The household as the law counts it: everybody the roster has as living in it, each with why; an unknown relation is a person too.
    Not counted: who was taken off, and who had died before the accounting period. Where lines of a household differ in status, those
    that are still paid.
parameters: [adult_age, urban_period_months, rural_period_months]
*/
-- Measures of 2021, art. 7: spouse, minor children, grown children who cannot live independently, and others with a duty of support
-- who live together long-term; those of 2012 name the parents too. Whose booklet it is does not decide who is a member.
WITH standing AS (
    SELECT household_id, CASE WHEN bool_or(status = 'active') THEN 'active' WHEN bool_or(status = 'exiting') THEN 'exiting'
                              WHEN bool_or(status = 'stopped') THEN 'stopped' ELSE 'suspended' END AS status
    FROM dibao_member
    GROUP BY household_id
), counted AS (
    SELECT member.* REPLACE (standing.status AS status), dead.died_on,
           CASE WHEN member.relation_to_head = 'head' THEN 'head'
                WHEN member.relation_to_head = 'spouse' THEN 'spouse'
                WHEN datesub('year', member.birth_date, as_of()) < policy('adult_age', member.division) THEN 'minor'
                WHEN member.recipient = 'yes' THEN 'recipient'
                WHEN member.relation_to_head IN ('son', 'daughter') THEN 'grown_child'
                WHEN member.relation_to_head = 'parent' THEN 'elder'
                WHEN member.relation_to_head = 'sibling' THEN 'grown_sibling'
                ELSE 'living_together' END AS counts_as
    FROM dibao_member AS member
    JOIN standing USING (household_id)
    LEFT JOIN deceased AS dead USING (scheme, household_id, member_id)
    -- Whose own standing is not known has the household's.
    WHERE coalesce(member.status, standing.status) = standing.status
      AND (dead.died_on IS NULL OR dead.died_on >= this_month() - to_months(
        (CASE WHEN member.area = 'urban' THEN policy('urban_period_months', member.division)
              ELSE policy('rural_period_months', member.division) END)::INTEGER))
)
SELECT *,
       CASE counts_as WHEN 'head' THEN '户主' WHEN 'spouse' THEN '配偶' WHEN 'minor' THEN '未成年人' WHEN 'recipient' THEN '保障对象'
                      WHEN 'grown_child' THEN '同住成年子女' WHEN 'elder' THEN '同住老人'
                      WHEN 'grown_sibling' THEN '同住成年兄弟姐妹' ELSE '共同生活的其他人' END AS counts_zh,
       CASE counts_as WHEN 'head' THEN 'the head' WHEN 'spouse' THEN 'the spouse' WHEN 'minor' THEN 'a minor'
                      WHEN 'recipient' THEN 'a recipient' WHEN 'grown_child' THEN 'a grown child at home'
                      WHEN 'elder' THEN 'an elder at home'
                      WHEN 'grown_sibling' THEN 'a grown sibling at home' ELSE 'another living in the household' END AS counts_en
FROM counted
