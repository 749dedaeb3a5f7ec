-- The accounts that were signed stay as they were.

-- +goose Up

-- +goose StatementBegin
create trigger coverage_no_update before update on coverage
begin select raise(abort, 'a signed account is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger coverage_no_delete before delete on coverage
begin select raise(abort, 'a signed account is never deleted'); end;
-- +goose StatementEnd
