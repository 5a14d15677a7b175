//! The answer about a candidate, of any judge.

use crate::contract::Judgement;

/// The outcome of a candidate.
#[derive(Debug)]
pub(super) enum Answered {
    /// It was judged.
    Verdict(Box<Judgement>),
    /// It cannot be judged as it is, and why.
    Refused(String),
    /// The judge failed, and why.
    Silent(String),
    /// The judge takes no candidate, and why.
    Closed(String),
}
