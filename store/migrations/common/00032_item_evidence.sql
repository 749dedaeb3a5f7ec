-- More of items and letters stands in what the log commits to.

-- +goose Up

-- evidence: the form of what the log commits to, so that older lines can still
-- be proven. Since 2 an item's has all that a manager can correct, and where its
-- words stand; a letter's has its place, its Message-ID, and who let it go out.
alter table item add column evidence integer not null default 1;
alter table letter add column evidence integer not null default 1;

-- login: who approved the letter.
alter table letter add column login text not null default '';
