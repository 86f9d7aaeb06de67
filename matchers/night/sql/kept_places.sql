-- reads: right_block, place_row, linked_household
-- makes: condition
row IN (
    SELECT row FROM right_block
    UNION ALL
    SELECT p.row FROM place_row AS p JOIN linked_household AS h ON h.scheme = p.scheme AND h.household_id = p.household_id
)
