-- What is written once stays as it was written.

-- +goose Up

-- raw mail is compressed already.
alter table raw alter column body set storage external;

-- +goose StatementBegin
create function never_changed() returns trigger language plpgsql as $$
begin
	raise exception '% is never changed or deleted', tg_table_name;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function tile_grows() returns trigger language plpgsql as $$
begin
	if new.log <> old.log or new.level <> old.level or new.n <> old.n
		or length(new.data) < length(old.data) or substr(new.data, 1, length(old.data)) <> old.data then
		raise exception 'a tile of the log only grows';
	end if;
	return new;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function head_grows() returns trigger language plpgsql as $$
begin
	if new.log <> old.log or new.size < old.size or (new.size = old.size and new.root <> old.root) then
		raise exception 'the log only grows';
	end if;
	return new;
end $$;
-- +goose StatementEnd

create trigger raw_kept before update or delete on raw for each row execute function never_changed();
create trigger raw_not_emptied before truncate on raw execute function never_changed();
create trigger log_leaf_kept before update or delete on log_leaf for each row execute function never_changed();
create trigger log_leaf_not_emptied before truncate on log_leaf execute function never_changed();
create trigger log_tile_grows before update on log_tile for each row execute function tile_grows();
create trigger log_tile_kept before delete on log_tile for each row execute function never_changed();
create trigger log_tile_not_emptied before truncate on log_tile execute function never_changed();
create trigger log_head_grows before update on log_head for each row execute function head_grows();
create trigger log_head_kept before delete on log_head for each row execute function never_changed();
create trigger log_head_not_emptied before truncate on log_head execute function never_changed();
create trigger letter_kept before update or delete on letter for each row execute function never_changed();
create trigger letter_not_emptied before truncate on letter execute function never_changed();
create trigger answer_kept before update or delete on answer for each row execute function never_changed();
create trigger answer_not_emptied before truncate on answer execute function never_changed();
create trigger delivery_event_kept before update or delete on delivery_event for each row execute function never_changed();
create trigger delivery_event_not_emptied before truncate on delivery_event execute function never_changed();
