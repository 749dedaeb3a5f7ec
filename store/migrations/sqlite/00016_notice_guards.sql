-- What was sent by itself stays as it was sent.

-- +goose Up

-- +goose StatementBegin
create trigger notice_no_update before update on notice
begin select raise(abort, 'a notice is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger notice_no_delete before delete on notice
begin select raise(abort, 'a notice is never deleted'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger notice_event_no_update before update on notice_event
begin select raise(abort, 'the history of a notice is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger notice_event_no_delete before delete on notice_event
begin select raise(abort, 'the history of a notice is never deleted'); end;
-- +goose StatementEnd
