LEFT JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1)
LEFT JOIN unnumbered_near AS i
    ON i.born = u.born AND i.surname = u.surname AND i.county = CASE WHEN u.born IS NOT NULL THEN left(a.id_number, 6) END
LEFT JOIN unnumbered_near AS v
    ON v.born = u.born AND v.surname = u.surname AND v.county = CASE WHEN u.born IS NOT NULL THEN left(a.division, 6) END
LEFT JOIN compatible_stranger AS c ON c.born = u.born AND c.name = a.name
