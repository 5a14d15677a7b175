//! Tests that cannot run on this machine: that is said, and under CI it is a failure.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// Says so once for each reason, even where what tests that pass have printed is not shown. Where `CI` is set the test fails.
pub(crate) fn skipped(reason: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(std::env::var_os("CI").is_none(), "a test cannot run here: {reason}");
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if said.insert(reason.to_owned()) {
        let line = format!("SKIPPED: {reason}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
