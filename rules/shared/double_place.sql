/*
id: double_place
says:
  zh: 同时列在两户低保的人的每一处,以及可能如此的人:两户同号;同名、同日出生而其中一处证号不可用。由重复低保、身份规则提示,其他比较家庭成员的规则不再提示。
  en: >-
    Every place of people who are, or may be, listed in two dibao households: of one person; of the same number; of the same name and
    birth date where one of the two numbers cannot be read. That is duplicate_dibao's and the identity rules' matter, and rules that
    compare who belongs to a household say nothing.
*/
SELECT here.scheme, here.household_id, here.member_id
FROM membership AS here
JOIN membership AS there USING (person_id, scheme)
SEMI JOIN dibao_member AS member ON member.household_id = here.household_id
WHERE there.household_id <> here.household_id
UNION
SELECT here.scheme, here.household_id, here.member_id
FROM dibao_member AS here
JOIN dibao_member AS there USING (id_number)
WHERE here.id_number_verdict = 'sound' AND there.household_id <> here.household_id
UNION
SELECT here.scheme, here.household_id, here.member_id
FROM dibao_member AS here
JOIN dibao_member AS there USING (name, birth_date)
WHERE there.household_id <> here.household_id
  AND (here.id_number_verdict NOT IN ('sound', 'sound_15') OR there.id_number_verdict NOT IN ('sound', 'sound_15'))
