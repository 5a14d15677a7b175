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
