//! How submissions bound a time limit that is derived from them.

/// How a submission bounds the time limit (format 2025-09, section "Timelimit inference").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeLimitBounds {
    /// Tests on which it must not be too slow: globs, and `None` for all.
    pub lower: Vec<Option<String>>,
    /// Tests on one of which it must be too slow.
    pub upper: Vec<Option<String>>,
}

impl TimeLimitBounds {
    /// It must not be too slow on any test.
    pub fn is_fast(&self) -> bool {
        self.lower.contains(&None)
    }

    /// Bounds of all tests.
    pub(super) fn of_all(lower: bool, upper: bool) -> Self {
        let all = |is: bool| if is { vec![None] } else { Vec::new() };
        Self {
            lower: all(lower),
            upper: all(upper),
        }
    }
}
