/*
id: double_place
says:
  zh: 同时列在两户低保的人的每一处:由重复低保规则提示,其他比较家庭成员的规则不再提示。
  en: >-
    Every place of people who are listed in two dibao households: that is duplicate_dibao's matter, and rules that compare who
    belongs to a household say nothing.
*/
SELECT here.scheme, here.household_id, here.member_id
FROM membership AS here
JOIN membership AS there USING (person_id, scheme)
SEMI JOIN dibao_member AS member ON member.household_id = here.household_id
WHERE there.household_id <> here.household_id
