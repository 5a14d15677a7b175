//! Tests that take too long for every run.

use crate::runs_everything::runs_everything;

/// Whether this is left out now, which is said.
pub(crate) fn is_left_to_the_whole_run(what: &str) -> bool {
    let is_left = !runs_everything();
    if is_left {
        eprintln!("skipped without ASSIZE_TEST=all: {what}");
    }
    is_left
}
