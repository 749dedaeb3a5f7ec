-- The accounts that were signed stay as they were.

-- +goose Up

create trigger coverage_kept before update or delete on coverage for each row execute function never_changed();
create trigger coverage_not_emptied before truncate on coverage execute function never_changed();
