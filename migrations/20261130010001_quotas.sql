-- What came over HTTP and has no answer yet: how much each site has in flight, and what waits before a submission. A worker
-- removes the row together with storing the verdict. One of a version before this table leaves it, and so does a message
-- that was dropped: services remove what has its answer, and what has waited for a week.
CREATE TABLE gateway_open (
    submission_id uuid        NOT NULL REFERENCES gateway_submissions (id) ON DELETE CASCADE,
    -- The request to judge once more; nil: the submission as it was first sent.
    rejudge       uuid        NOT NULL,
    -- The site that waits for it.
    site          text        NOT NULL,
    -- It may wait behind others.
    bulk          boolean     NOT NULL,
    -- Its CPU time is counted for the site.
    charged       boolean     NOT NULL,
    since         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (submission_id, rejudge)
)
-- Each row is there for as long as a submission waits and runs.
WITH (autovacuum_vacuum_scale_factor = 0.02);

COMMENT ON TABLE gateway_open IS 'What came over HTTP and has no answer yet';

CREATE INDEX gateway_open_of_a_site ON gateway_open (site, since);
CREATE INDEX gateway_open_in_order ON gateway_open (bulk, since, submission_id);

-- CPU time that submissions of sites with a quota have used, by the minute in which they ended. Workers add to one of several
-- rows of a minute, so that they do not wait for each other. Services remove what is older than some hours.
CREATE TABLE gateway_cpu (
    site   text        NOT NULL,
    minute timestamptz NOT NULL,
    part   smallint    NOT NULL,
    cpu_ms bigint      NOT NULL,
    PRIMARY KEY (site, minute, part)
)
-- Rows are written anew all the time, and beside themselves where there is room.
WITH (fillfactor = 50);

COMMENT ON TABLE gateway_cpu IS 'CPU time that submissions of sites with a quota have used';
