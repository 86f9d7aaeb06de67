-- What became of deliveries speaks of nobody. Requests are added by engineers of the province, each in the own name, and
-- settled by the tables' owner alone.
GRANT SELECT ON review_delivery TO hedui_site
;;
ALTER TABLE review_deliveryrequest ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE review_deliveryrequest FORCE ROW LEVEL SECURITY
;;
CREATE POLICY keeper ON review_deliveryrequest TO CURRENT_USER USING (true) WITH CHECK (true)
;;
CREATE POLICY readers ON review_deliveryrequest FOR SELECT TO hedui_site USING (
    current_setting('hedui.role', true) IN ('engineer', 'province', 'auditor')
)
;;
CREATE POLICY adders ON review_deliveryrequest FOR INSERT TO hedui_site WITH CHECK (
    current_setting('hedui.role', true) = 'engineer'
    AND length(hedui_division()) = 2
    AND requested_by = current_setting('hedui.account', true)
    AND state = 'waiting'
)
;;
GRANT SELECT, INSERT ON review_deliveryrequest TO hedui_site
;;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hedui_site
