-- What is written once stays as it was written, unless it is erased: then it is
-- emptied, in the transaction that has named it in erasing.

-- +goose Up

drop trigger raw_no_update;
-- +goose StatementBegin
create trigger raw_no_update before update on raw
when not exists (select 1 from erasing where what = old.sha) or new.sha <> old.sha
begin select raise(abort, 'raw mail is never changed'); end;
-- +goose StatementEnd

drop trigger letter_no_update;
-- +goose StatementBegin
create trigger letter_no_update before update on letter
when not exists (select 1 from erasing where what = old.id) or new.id <> old.id
begin select raise(abort, 'an approved letter is never changed'); end;
-- +goose StatementEnd

drop trigger answer_no_update;
-- +goose StatementBegin
create trigger answer_no_update before update on answer
when not exists (select 1 from erasing where what = old.item) or new.item <> old.item
begin select raise(abort, 'an answer is never changed'); end;
-- +goose StatementEnd

drop trigger delivery_event_no_update;
-- +goose StatementBegin
create trigger delivery_event_no_update before update on delivery_event
when not exists (select 1 from erasing where what = old.letter) or new.letter <> old.letter
begin select raise(abort, 'the history of a delivery is never changed'); end;
-- +goose StatementEnd

drop trigger notice_no_update;
-- +goose StatementBegin
create trigger notice_no_update before update on notice
when not exists (select 1 from erasing where what = old.id) or new.id <> old.id
begin select raise(abort, 'a notice is never changed'); end;
-- +goose StatementEnd

drop trigger notice_event_no_update;
-- +goose StatementBegin
create trigger notice_event_no_update before update on notice_event
when not exists (select 1 from erasing where what = old.notice) or new.notice <> old.notice
begin select raise(abort, 'the history of a notice is never changed'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger erased_no_update before update on erased
begin select raise(abort, 'a tombstone is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger erased_no_delete before delete on erased
begin select raise(abort, 'a tombstone is never deleted'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger hold_no_update before update on hold
when old.lifted_at <> 0 or new.id <> old.id or new.project <> old.project or new.thread <> old.thread or new.reason <> old.reason
	or new.login <> old.login or new.set_at <> old.set_at or new.salt <> old.salt
begin select raise(abort, 'a hold is lifted once, and never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger hold_no_delete before delete on hold
begin select raise(abort, 'a hold is never deleted'); end;
-- +goose StatementEnd
