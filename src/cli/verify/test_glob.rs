//! Which tests an expectation is about.

use crate::problem::Glob;

/// A glob of `submissions.yaml`, expanded once for all tests.
#[derive(Debug)]
pub(super) enum TestGlob {
    /// All tests.
    All,
    /// Those that match; none where the glob is none.
    Matching(Option<Glob>),
}

impl TestGlob {
    /// Without a glob all tests are meant.
    pub(super) fn of(glob: Option<&str>) -> Self {
        glob.map_or(Self::All, |glob| Self::Matching(Glob::read(glob)))
    }

    /// Whether a test is meant.
    pub(super) fn means(&self, test: &str) -> bool {
        match self {
            Self::All => true,
            Self::Matching(glob) => glob.as_ref().is_some_and(|glob| glob.matches(test)),
        }
    }

    /// Whether a group is meant itself: its score is no score of what lies in it.
    pub(super) fn means_group(&self, group: &str) -> bool {
        match self {
            Self::All => true,
            Self::Matching(glob) => glob.as_ref().is_some_and(|glob| glob.matches_whole(group)),
        }
    }
}
