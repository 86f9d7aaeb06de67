-- The audit log only grows, even under the hands of its owner.
CREATE FUNCTION hedui_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
;;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON review_auditentry
FOR EACH ROW EXECUTE FUNCTION hedui_audit_only_grows()
;;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON review_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION hedui_audit_only_grows()
;;
ALTER TABLE review_auditentry ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE review_auditentry FORCE ROW LEVEL SECURITY
;;
CREATE POLICY keeper ON review_auditentry TO CURRENT_USER USING (true) WITH CHECK (true)
;;
CREATE POLICY adders ON review_auditentry FOR INSERT TO hedui_site WITH CHECK (true)
;;
CREATE POLICY auditors ON review_auditentry FOR SELECT TO hedui_site USING (
    (
        current_setting('hedui.role', true) = 'auditor'
        OR (
            current_setting('hedui.role', true) = 'administrator'
            AND (action LIKE 'account.%' OR action LIKE 'sign\_in.%')
        )
    )
    AND (length(hedui_division()) <= 2 OR starts_with(division, hedui_division()))
)
;;
GRANT SELECT, INSERT ON review_auditentry TO hedui_site
;;
GRANT SELECT, UPDATE ON review_audithead TO hedui_site
