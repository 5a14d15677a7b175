//! Why something is no value.

/// Values inside of each other, at most: a few more than a program gives back. Each level is scanned with all that is
/// in it.
pub(super) const DEPTH: usize = 64;

/// Why something is no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It is no JSON.
    #[error("is no JSON: {0}")]
    NotJson(String),
    /// It is nested too deeply.
    #[error("is nested deeper than {DEPTH} values")]
    TooDeep,
    /// A number is longer than Python would read.
    #[error("holds a number with more than 4300 digits; write it in hexadecimal, as in {{\"$int\": \"0x1f\"}}")]
    LongNumber,
    /// A tag is unknown.
    #[error("holds the unknown tag {0:?}; a dict with such a key is written {{\"$dict\": [[key, value]]}}")]
    UnknownTag(String),
    /// What is behind a tag is wrong.
    #[error("holds a wrong {0}, expected {1}")]
    Tag(&'static str, &'static str),
}
