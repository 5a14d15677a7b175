//! What a validator says beside its exit code.

/// What a validator left in its feedback directory.
#[derive(Debug, Default)]
pub(in crate::judge) struct Feedback {
    pub(in crate::judge) judge_message: Option<String>,
    pub(in crate::judge) team_message: Option<String>,
    pub(in crate::judge) score: Option<String>,
    pub(in crate::judge) score_multiplier: Option<String>,
}

impl Feedback {
    /// A message that quotes a test: of one that is no sample, it is for judges only.
    pub(in crate::judge) fn about(sample: bool, message: Option<String>) -> Self {
        let (team_message, judge_message) = match sample {
            true => (message, None),
            false => (None, message),
        };
        Self {
            team_message,
            judge_message,
            ..Self::default()
        }
    }
}
