CREATE TRIGGER audit_not_changed BEFORE UPDATE ON review_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
;;
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON review_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
