-- What is written once stays as it was written.

-- +goose Up

-- +goose StatementBegin
create trigger raw_no_update before update on raw
begin select raise(abort, 'raw mail is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger raw_no_delete before delete on raw
begin select raise(abort, 'raw mail is never deleted'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_leaf_no_update before update on log_leaf
begin select raise(abort, 'the log is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger log_leaf_no_delete before delete on log_leaf
begin select raise(abort, 'the log is never shortened'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_tile_grows before update on log_tile
when new.log <> old.log or new.level <> old.level or new.n <> old.n
	or length(new.data) < length(old.data) or substr(new.data, 1, length(old.data)) <> old.data
begin select raise(abort, 'a tile of the log only grows'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger log_tile_no_delete before delete on log_tile
begin select raise(abort, 'the log is never shortened'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger log_head_grows before update on log_head
when new.log <> old.log or new.size < old.size or (new.size = old.size and new.root <> old.root)
begin select raise(abort, 'the log only grows'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger log_head_no_delete before delete on log_head
begin select raise(abort, 'the log is never shortened'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger letter_no_update before update on letter
begin select raise(abort, 'an approved letter is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger letter_no_delete before delete on letter
begin select raise(abort, 'an approved letter is never deleted'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger answer_no_update before update on answer
begin select raise(abort, 'an answer is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger answer_no_delete before delete on answer
begin select raise(abort, 'an answer is never deleted'); end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger delivery_event_no_update before update on delivery_event
begin select raise(abort, 'the history of a delivery is never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger delivery_event_no_delete before delete on delivery_event
begin select raise(abort, 'the history of a delivery is never deleted'); end;
-- +goose StatementEnd
