-- What is written once stays as it was written, unless it is erased: then it is
-- emptied, in the transaction that has named it in erasing.

-- +goose Up

-- +goose StatementBegin
create function kept_unless_erasing() returns trigger language plpgsql as $$
declare
	named text;
begin
	if tg_op = 'UPDATE' then
		execute format('select ($1).%I', tg_argv[0]) into named using old;
		if exists (select 1 from erasing e where e.what = named) then
			return new;
		end if;
	end if;
	raise exception '% is never changed or deleted', tg_table_name;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function hold_kept() returns trigger language plpgsql as $$
begin
	if tg_op <> 'UPDATE' or old.lifted_at <> 0 or (new.id, new.project, new.thread, new.reason, new.login, new.set_at, new.salt)
		is distinct from (old.id, old.project, old.thread, old.reason, old.login, old.set_at, old.salt) then
		raise exception 'a hold is lifted once, and never changed';
	end if;
	return new;
end $$;
-- +goose StatementEnd

drop trigger raw_kept on raw;
create trigger raw_kept before update or delete on raw for each row execute function kept_unless_erasing('sha');
drop trigger letter_kept on letter;
create trigger letter_kept before update or delete on letter for each row execute function kept_unless_erasing('id');
drop trigger answer_kept on answer;
create trigger answer_kept before update or delete on answer for each row execute function kept_unless_erasing('item');
drop trigger delivery_event_kept on delivery_event;
create trigger delivery_event_kept before update or delete on delivery_event for each row execute function kept_unless_erasing('letter');
drop trigger notice_kept on notice;
create trigger notice_kept before update or delete on notice for each row execute function kept_unless_erasing('id');
drop trigger notice_event_kept on notice_event;
create trigger notice_event_kept before update or delete on notice_event for each row execute function kept_unless_erasing('notice');

create trigger erased_kept before update or delete on erased for each row execute function never_changed();
create trigger erased_not_emptied before truncate on erased execute function never_changed();
create trigger hold_kept before update or delete on hold for each row execute function hold_kept();
create trigger hold_not_emptied before truncate on hold execute function never_changed();
