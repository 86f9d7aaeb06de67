-- reads: scored, compared, prepared_left, prepared_right, $lived, $homes
-- makes: rows
-- The best pair: its weight, its places, and the values on both sides.
SELECT
    s.weight,
    {'name': c.g_name, 'number': c.g_number, 'birth': c.g_birth, 'sex': c.g_sex, 'place': c.g_place, 'phone': c.g_phone},
    {
        'name': l.name.written, 'number': l.number.read, 'birth': l.birth.value, 'sex': l.sex,
        'place': coalesce(o.address, l.division), 'phone': l.phone
    },
    {
        'name': r.name.written, 'number': r.number.read, 'birth': r.birth.value, 'sex': r.sex,
        'place': coalesce(h.address, r.division), 'phone': r.phone
    }
FROM scored AS s
JOIN compared AS c ON c.left_row = s.left_row AND c.right_row = s.right_row
JOIN prepared_left AS l ON l.row = s.left_row
JOIN prepared_right AS r ON r.row = s.right_row
-- What is compared of an address is its fingerprint.
CROSS JOIN ($lived) AS o
JOIN ($homes) AS h ON h.scheme = r.scheme AND h.household_id = r.household_id AND h.member_id = r.member_id
ORDER BY s.weight DESC, s.left_row, s.right_row
LIMIT 1
