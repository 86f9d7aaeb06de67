-- Evidence about to be written anew.
DELETE FROM review_evidence
WHERE flag_id IN (SELECT flag_id FROM compared_flag WHERE rewrite = 1 AND status <> 'new')
