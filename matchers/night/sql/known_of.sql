LEFT JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1)
LEFT JOIN unnumbered_near AS i ON i.born = u.born AND i.surname = u.surname AND i.county = left(a.id_number, 6)
LEFT JOIN unnumbered_near AS v ON v.born = u.born AND v.surname = u.surname AND v.county = left(a.division, 6)
LEFT JOIN compatible_stranger AS c ON c.born = u.born AND c.name = a.name
