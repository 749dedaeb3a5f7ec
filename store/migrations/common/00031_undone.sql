-- What an undone change had made of the mail: without it, nothing would open what
-- the log commits to about items as they were in between.

-- +goose Up

-- undone: what each message was just before the change was taken back, as JSON.
alter table change add column undone text not null default '[]';
