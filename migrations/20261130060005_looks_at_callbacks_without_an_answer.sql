-- What has no answer yet is in the range of no look for callbacks that are due: it becomes due with its answer, and is looked
-- at in between rarely, and more rarely each time, for a worker of an earlier version does not say that it has stored one.
-- Neither does a service of an earlier version say when a callback is to be looked at: one of this version puts it off.
ALTER TABLE gateway_callbacks ADD COLUMN unanswered_looks integer NOT NULL DEFAULT 0;

COMMENT ON COLUMN gateway_callbacks.unanswered_looks IS
    'Looks, one behind the other, at which there was no answer; each one puts due_at off for twice as long as the one before';
