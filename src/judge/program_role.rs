//! What programs of a package are for.

use std::fmt;

/// What a program of a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramRole {
    /// It says whether an output is right.
    OutputValidator,
    /// It says whether an input is as the statement promises.
    InputValidator,
    /// It makes one result of the results of a group.
    Grader,
}

impl fmt::Display for ProgramRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutputValidator => "output validator",
            Self::InputValidator => "input validator",
            Self::Grader => "grader",
        })
    }
}
