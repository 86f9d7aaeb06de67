-- The types whose links are few beside the places, so that all of them together take little room.
SELECT type
FROM links
GROUP BY type
HAVING count(*) < {share} * (SELECT count(*) FROM person_memberships)
ORDER BY type
