//! Attacks on the judge, run for real and watched from outside.
//!
//! ```text
//! corpus: programs, each with what it tries and what must hold
//!   `-> group: eight of them, then a control submission; a bisection when the control fails
//!         `-> run: one of them, judged on a fixture, and held against what must be true afterwards
//!               |- fixture: secret answers and files, a listener
//!               `- detection: programs for which each check must fail
//! ```
//!
//! What a program prints about its success counts against the judge and never for it: an attack has failed when nothing
//! outside its box changed, nothing secret came out, the verdict is one that is expected, and the judge goes on judging.

mod corpus;
mod detection;
mod fixture;
mod group;
mod run;

pub use corpus::{Attack, CorpusError, built_in, read_directory};
pub use detection::{DetectionCheck, detection_checks};
pub use fixture::{AttackFixture, FixtureError};
pub use run::{AttackRun, AttackRunError, Outcome};
