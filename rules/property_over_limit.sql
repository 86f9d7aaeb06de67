/*
id: property_over_limit
title: {zh: 房产超过规定, en: Property over the limit}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  real_estate: tells
  real_estate_transfer: absence tells
parameters: [home_limit, uncounted_home_natures, non_residential_uses, property_share_threshold]
legal_basis:
  zh: 《社会救助暂行办法》(须符合家庭财产状况规定;家庭状况查询核对,含不动产登记);住房套数按地方规定;条款假定(assumed)
  en: Interim Measures on Social Assistance (property rules; checking with the real-estate register); the number of homes is a local rule; the provision is assumed
check_on_visit:
  zh: 看房:谁在居住、是否唯一可住;旧房是否已拆、是否危房;份额来自继承还是出资;商铺厂房是否出租、租金多少。
  en: See who lives where and whether another home is fit to live in; an old house pulled down or unsafe; a share inherited or paid for; whether a shop is let and for how much.
can_be_wrong:
  zh: 已拆除未注销;搬迁安置房或宅基地登记成其他性质;继承所得小份额;同名差错;一房两证。
  en: Pulled down and not cancelled; relocation housing or a homestead registered as another kind; a small inherited share; another person of the name; two certificates for one home.
*/
-- Homes that the household declared, and held when the last decision was made, were known to those who made it.
WITH held AS (
    SELECT scheme, household_id, home, min(unit_no) AS unit_no, any_value("use") AS "use", bool_or(uncounted) AS uncounted,
           sum(share) AS share, min(registered_on) AS registered_on, any_value(household_division) AS division,
           any_value(monthly_amount) AS amount, list_sort(list_distinct(flatten(list(units)))) AS units,
           flatten(list(evidence)) AS evidence
    FROM estate_held
    GROUP BY scheme, household_id, home
), counted AS (
    SELECT * FROM held WHERE share >= policy('property_share_threshold', division)
), homes AS (
    SELECT scheme, household_id, any_value(division) AS division, any_value(amount) AS amount, count(*) AS homes,
           max(registered_on) AS last_on, array_to_string(list_sort(flatten(list(units))), '、') AS units,
           flatten(list(evidence)) AS evidence
    FROM counted
    WHERE "use" = 'dwelling' AND NOT uncounted
    GROUP BY scheme, household_id
), declaration AS (
    SELECT household_id, max(declared_homes) AS declared FROM dibao_member GROUP BY household_id
)
SELECT scheme, household_id, NULL AS member_id, 'real_estate:homes' AS record_key, NULL AS period, amount,
       '家庭名下住房 ' || homes || ' 套(上限 ' || policy('home_limit', division)::INTEGER || ' 套),申报 '
       || coalesce(declared || ' 套', '未填') || ',不动产单元 ' || units AS reason_zh,
       'The household holds ' || homes || ' homes (limit ' || policy('home_limit', division)::INTEGER || ') and declared '
       || coalesce(declared::VARCHAR, 'nothing') || ', units ' || replace(units, '、', ', ') AS reason_en, evidence
FROM homes
JOIN decided USING (scheme, household_id)
JOIN declaration USING (household_id)
WHERE homes > policy('home_limit', division)
  AND (coalesce(declared, 0) < homes OR last_on > decided_on)
UNION ALL
SELECT scheme, household_id, NULL, 'real_estate:' || unit_no, NULL, amount,
       '非住宅房产(' || CASE "use" WHEN 'commercial' THEN '商业' WHEN 'office' THEN '办公' ELSE '工业' END || ') '
       || mask_number(unit_no) || coalesce(' 于 ' || registered_on, '') || ' 登记在家庭名下',
       'Non-residential property (' || "use" || ') ' || mask_number(unit_no) || ' was registered to the household'
       || coalesce(' on ' || registered_on, ''), evidence
FROM counted
WHERE "use" IN policy('non_residential_uses', division)
