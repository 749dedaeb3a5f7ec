-- What was sent by itself stays as it was sent.

-- +goose Up

create trigger notice_kept before update or delete on notice for each row execute function never_changed();
create trigger notice_not_emptied before truncate on notice execute function never_changed();
create trigger notice_event_kept before update or delete on notice_event for each row execute function never_changed();
create trigger notice_event_not_emptied before truncate on notice_event execute function never_changed();
