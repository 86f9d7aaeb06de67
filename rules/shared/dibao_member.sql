/*
id: dibao_member
says:
  zh: 低保名册上每一成员一行,连同其户号、成员号和名册本行作为证据。
  en: A row for every member on the dibao roster, with household, member, and the roster's own row as evidence.
reads: [dibao_roster]
*/
SELECT roster.* EXCLUDE (household_no, member_no, scheme), 'dibao' AS scheme, scheme AS area, household_no AS household_id, member_no AS member_id,
       {'type': 'dibao_roster', 'role': 'member', 'row_key': row_key,
        'link_reason': CASE id_number_verdict WHEN 'sound_15' THEN 'upgraded' ELSE 'exact' END} AS evidence
FROM dibao_roster AS roster
