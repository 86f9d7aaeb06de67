/*
id: vehicle_held
says:
  zh: 在保家庭成员名下仍归其所有且计入财产的机动车,以及家庭是否申报、作决定的人是否已看到。号牌在申报栏中按文字查找,不论分隔、全半角和大小写。
  en: >-
    The vehicles that members of protected households still own and that count as property; whether the household declared
    each, and whether those who last decided saw it. The plate is looked for in the free text of the declaration, however it
    is separated, in whatever width and case. Plates have no letters O and I: where they are written, 0 and 1 are meant.
reads: [motor_vehicle]
parameters: [exempt_vehicle_kinds, vehicle_gone_statuses]
*/
WITH theirs AS (
    SELECT vehicle.*, member.monthly_amount, member.division AS home_division,
           translate(upper(vehicle.plate_number), 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９OI',
                     'ABCDEFGH1JKLMN0PQRSTUVWXYZ012345678901') AS plate
    FROM linked_motor_vehicle AS vehicle
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE vehicle.status NOT IN policy('vehicle_gone_statuses', member.division)
      AND vehicle.vehicle_kind NOT IN policy('exempt_vehicle_kinds', member.division)
), declaration AS (
    SELECT household_id, string_agg(translate(upper(declared_vehicle), 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９OI',
                                              'ABCDEFGH1JKLMN0PQRSTUVWXYZ012345678901'), ';') AS plates
    FROM dibao_member
    GROUP BY household_id
)
SELECT theirs.scheme, theirs.household_id, theirs.member_id, theirs.row_key, theirs.plate_number, theirs.registered_on,
       theirs.monthly_amount, theirs.home_division AS division, theirs.evidence, decided.decided_on,
       coalesce(contains(regexp_replace(declaration.plates, '[^A-Z0-9]', '', 'g'),
                         regexp_replace(theirs.plate, '[^A-Z0-9]', '', 'g')), false) AS declared
FROM theirs
JOIN decided USING (scheme, household_id)
JOIN declaration USING (household_id)
