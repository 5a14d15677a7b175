//! Groups that came to more points than the package allows: a judge error (format 2025-09, section "Scoring test data
//! groups").

use crate::judge::grading::Results;
use crate::problem::{Grading, ROUNDING, TestGroup};

/// A group that came to too many points.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Excess {
    pub(in crate::judge) group: String,
    pub(in crate::judge) score: f64,
    pub(in crate::judge) highest: f64,
}

impl Results<'_, '_> {
    /// The first group that came to more than its `max_score`, the inner ones first.
    pub(in crate::judge) fn excess(&self) -> Option<Excess> {
        self.excess_in(self.root)
    }

    fn excess_in(&self, group: &TestGroup) -> Option<Excess> {
        if let Some(inner) = group.groups().find_map(|inner| self.excess_in(inner)) {
            return Some(inner);
        }
        let Grading::V2025 {
            max_score: Some(highest),
            ..
        } = group.grading
        else {
            return None;
        };
        let score = self.of_group(group).score;
        (score > highest * (1.0 + ROUNDING)).then(|| Excess {
            group: group.name.clone(),
            score,
            highest,
        })
    }
}
