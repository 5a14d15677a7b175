//! What comes in and what goes out: the published schemas, the example messages, and every way to get a message wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_calls;
mod bad_json;
mod bad_messages;
mod bad_runs;
mod fingerprints;
mod other_types;
mod schemas;

use assize::contract::SubmissionCaps;

/// As small as makes the tests quick.
const CAPS: SubmissionCaps = SubmissionCaps {
    message_bytes: 64 << 10,
    source_bytes: 8 << 10,
    files: 3,
    tests: 3,
    metadata_bytes: 1 << 10,
};
