GRANT SELECT ON review_ruletext TO hedui_site
;;
ALTER TABLE review_savedview ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE review_savedview FORCE ROW LEVEL SECURITY
;;
CREATE POLICY keeper ON review_savedview TO CURRENT_USER USING (true) WITH CHECK (true)
;;
CREATE POLICY owners ON review_savedview TO hedui_site USING (
    account_id = (SELECT id FROM accounts_account WHERE username = current_setting('hedui.account', true))
)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON review_savedview TO hedui_site
;;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hedui_site
