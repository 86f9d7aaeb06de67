/*
id: relocation_buffer
says:
  zh: 易地扶贫搬迁转入城市低保的家庭,其缓冲期止于何日(依转入那天的规定,按上下限取值)。
  en: >-
    Until when the buffer runs of households relocated into urban dibao, its length kept within the two bounds in force on the day
    it began.
reads: [relocation]
parameters: [relocation_buffer_least_months, relocation_buffer_most_months]
*/
SELECT moved.scheme, moved.household_id, moved.member_id, moved.urban_dibao_on, moved.evidence, moved.row_key,
       (moved.urban_dibao_on + to_months(
           least(greatest(coalesce(moved.buffer_months, policy_on('relocation_buffer_most_months', member.division, moved.urban_dibao_on)),
                          policy_on('relocation_buffer_least_months', member.division, moved.urban_dibao_on)),
                 policy_on('relocation_buffer_most_months', member.division, moved.urban_dibao_on))::INTEGER))::DATE AS ends_on
FROM linked_relocation AS moved
JOIN dibao_member AS member USING (scheme, household_id, member_id)
WHERE moved.urban_dibao_on IS NOT NULL
