//! How large a submission may be.

/// How large a submission may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubmissionCaps {
    /// Bytes of the whole message body.
    pub message_bytes: usize,
    /// Bytes of all source files together.
    pub source_bytes: usize,
    /// Source files.
    pub files: usize,
    /// Inline tests.
    pub tests: usize,
    /// Bytes of `metadata` as JSON.
    pub metadata_bytes: usize,
}

impl SubmissionCaps {
    /// For what travels nowhere, or to a service that has caps of its own.
    pub(crate) const UNLIMITED: Self = Self {
        message_bytes: usize::MAX,
        source_bytes: usize::MAX,
        files: usize::MAX,
        tests: usize::MAX,
        metadata_bytes: usize::MAX,
    };
}
