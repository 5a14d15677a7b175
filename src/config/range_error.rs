//! A setting that has the right type and cannot be used.

/// A setting that is out of its range.
#[derive(Debug)]
pub struct RangeError {
    /// Its name, such as `limits.default.cpu_ms`.
    pub(super) key: String,
    /// The value, unless it is a secret, and what is expected.
    pub(super) expected: String,
}

/// Refuses the setting with this key unless the condition holds.
pub(super) fn require(holds: bool, key: &str, expected: impl FnOnce() -> String) -> Result<(), RangeError> {
    if holds {
        return Ok(());
    }
    Err(RangeError {
        key: key.to_owned(),
        expected: expected(),
    })
}
