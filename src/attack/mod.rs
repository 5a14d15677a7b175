//! Attacks on the judge, run for real and watched from outside.
//!
//! ```text
//! corpus: programs, each with what it tries and what must hold --> trial: judged on a stage, and held against it
//!                                                                   |- stage: secret answers, canaries, a listener
//!                                                                   `- controls: programs for which each check must fail
//! ```
//!
//! What a program prints about its success counts against the judge and never for it: an attack has failed when nothing
//! outside its box changed, nothing secret came out, the verdict is one that is expected, and the judge goes on judging.

mod controls;
mod corpus;
mod stage;
mod trial;

pub use controls::{Control, controls};
pub use corpus::{Attack, CorpusError, built_in, read_directory};
pub use stage::{Stage, StageError};
pub use trial::{Outcome, Trial, TrialError};
