//! The outcome of the checks of a package's data, as data.

use crate::cli::units::counted;
use crate::cli::verify::lint::Finding;
use crate::judge::{Culprit, JudgeError};

/// The outcome of the checks of a package's data.
#[derive(Debug, Default)]
pub(super) struct DataReport {
    pub(super) findings: Vec<Finding>,
    /// The judge failed, so that not all is known.
    pub(super) judge_failed: bool,
    /// Names of the input validators that were run.
    pub(super) input_validators: Vec<String>,
    /// Inputs that have to be valid, and were looked at by all of them.
    pub(super) valid_inputs: usize,
    /// Inputs that one of them has to reject.
    pub(super) invalid_inputs: usize,
    /// Outputs that the output validator was run on.
    pub(super) outputs: usize,
}

impl DataReport {
    /// A line for people; `None` where nothing was checked.
    pub(super) fn line(&self) -> Option<String> {
        let validators = counted(self.input_validators.len(), "input validator");
        let mut parts = Vec::new();
        if !self.input_validators.is_empty() {
            parts.push(format!(
                "{} and {} looked at by {validators}",
                counted(self.valid_inputs, "input"),
                counted(self.invalid_inputs, "invalid input")
            ));
        }
        if self.outputs > 0 {
            parts.push(format!("{} by the output validator", counted(self.outputs, "output")));
        }
        (!parts.is_empty()).then(|| format!("data: {}", parts.join("; ")))
    }

    pub(super) fn failed(&mut self, error: &JudgeError) {
        self.judge_failed |= !matches!(error.culprit(), Culprit::Validator | Culprit::Problem);
        self.findings.push(Finding::Error(error.with_remedy()));
    }
}
