-- Whether mail comes from whom it says, and what managers decided about that.

-- +goose Up

-- evidence: the form of what the log commits to about a message, so that older
-- lines can still be proven. Since 2, why it was filed and what is known of its
-- sender stand in it as they are.
alter table message add column evidence integer not null default 1;

-- via: the domain that may pass on mail of the change's address, '' for none.
alter table change add column via text not null default '';
