//! A page of memory on which forks of the zygote record audit events for the runner.
//!
//! It is a file without a name, so a program neither finds it nor holds a descriptor of it.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt as _;

use assize_child::{AUDIT_PAGE, read_audit};

use crate::streams::memory_file::create;

/// Most events that are reported of a run.
const REPORTED: usize = 16;

pub(crate) struct AuditPage(File);

impl AuditPage {
    /// `None` when it cannot be created: then no events are recorded.
    pub(crate) fn new() -> Option<Self> {
        let file = create().ok()?;
        file.write_all_at(&[0; AUDIT_PAGE], 0).ok()?;
        Some(Self(file))
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// What was noted since the last time. To be called when no process is left that writes.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut page = [0; AUDIT_PAGE];
        // A page that its writer has truncated is ignored.
        if self.0.read_exact_at(&mut page, 0).is_err() || self.0.write_all_at(&[0; AUDIT_PAGE], 0).is_err() {
            return Vec::new();
        }
        read_audit(&page, REPORTED)
    }
}
