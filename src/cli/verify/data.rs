//! The data of a package is checked: inputs by its input validators, and outputs of its author by its output validator.

use std::collections::HashSet;

use futures::{StreamExt as _, stream};

use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::lint::Finding;
use crate::cli::verify::outputs;
use crate::cli::verify::verification::Verification;
use crate::judge::{InputCase, InputVerdict};
use crate::problem::{DataCase, PackageChecks, TestedBy, ValidatorProgram};

/// Findings of one kind that are listed one by one; of the others only the number is shown.
const LISTED: usize = 5;

impl Verification<'_> {
    /// Checks everything in `data/` that is selected.
    pub(super) async fn check_data(&self, checks: &PackageChecks) -> DataReport {
        let mut report = DataReport::default();
        let warnings = checks.warnings.iter().map(ToString::to_string);
        report.findings.extend(warnings.map(Finding::Warning));
        let cases: Vec<&DataCase> = checks
            .cases
            .iter()
            .filter(|case| self.selection.has_test(&case.name))
            .collect();
        match self.package.tested_by {
            TestedBy::Inputs => self.check_inputs(&checks.input_validators, &cases, &mut report).await,
            TestedBy::Functions | TestedBy::UnitTests => report.findings.extend(unused(&checks.input_validators)),
        }
        outputs::check(self, &cases, &mut report).await;
        report
    }

    async fn check_inputs(&self, validators: &[ValidatorProgram], cases: &[&DataCase], report: &mut DataReport) {
        if validators.is_empty() {
            let message = "input_validators: there is none that can be run, so that no input is checked";
            report.findings.push(Finding::Warning(message.to_owned()));
            return;
        }
        let mut running = stream::iter(validators)
            .map(|validator| async move {
                let inputs: Vec<InputCase> = cases.iter().map(|case| input_of(case, &validator.name)).collect();
                let verdicts = self.judge.validate_inputs(self.package, validator, &inputs).await;
                (validator, verdicts)
            })
            .buffered(self.jobs);
        let mut undecided = false;
        let mut rejected = HashSet::new();
        let mut complaints = Vec::new();
        while let Some((validator, verdicts)) = running.next().await {
            let verdicts = match verdicts {
                Ok(verdicts) => verdicts,
                Err(error) => {
                    undecided = true;
                    report.failed(&error);
                    continue;
                }
            };
            report.input_validators.push(validator.name.clone());
            for (case, verdict) in cases.iter().zip(verdicts) {
                if verdict != InputVerdict::Accepted {
                    rejected.insert(&case.name);
                }
                complaints.extend(complaint(case, &validator.name, verdict));
            }
        }
        report.findings.extend(shortened(complaints));
        let (valid, invalid): (Vec<&DataCase>, Vec<&DataCase>) = cases.iter().partition(|case| case.is_valid);
        if undecided {
            return;
        }
        (report.valid_inputs, report.invalid_inputs) = (valid.len(), invalid.len());
        let accepted = invalid.iter().filter(|case| !rejected.contains(&case.name));
        let message = |case: &&DataCase| format!("data/{}.in: no input validator rejects it", case.name);
        report.findings.extend(shortened(accepted.map(message).collect()));
    }
}

/// What a function is given is data, and no input: an author who has validators of inputs believes that they are run.
fn unused(validators: &[ValidatorProgram]) -> Option<Finding> {
    let names: Vec<&str> = validators.iter().map(|validator| validator.name.as_str()).collect();
    let message = format!(
        "input_validators: {} not run: the tests of this problem have no inputs",
        match names.as_slice() {
            [] => return None,
            [one] => format!("{one} is"),
            several => format!("{} are", several.join(", ")),
        }
    );
    Some(Finding::Warning(message))
}

/// Arguments of the submission come behind those of the validator (format 2025-09, section "Input validators").
fn input_of(case: &DataCase, validator: &str) -> InputCase {
    InputCase {
        name: case.name.clone(),
        input: case.input.clone(),
        args: [case.input_validator_args.of(validator), &case.args].concat(),
        files: case.files.clone(),
    }
}

fn complaint(case: &DataCase, validator: &str, verdict: InputVerdict) -> Option<String> {
    let name = &case.name;
    match verdict {
        InputVerdict::Rejected(how) if case.is_valid => Some(format!(
            "data/{name}.in: the input validator {validator} rejects it: {how}"
        )),
        InputVerdict::Undecided(how) => Some(format!(
            "data/{name}.in: the input validator {validator} does not decide: {how}"
        )),
        InputVerdict::Accepted | InputVerdict::Rejected(_) => None,
    }
}

/// Errors of one kind: the first few, and how many more there are.
fn shortened(mut messages: Vec<String>) -> Vec<Finding> {
    let more = messages.len().saturating_sub(LISTED);
    messages.truncate(LISTED);
    if let Some(last) = messages.last_mut().filter(|_| more > 0) {
        last.push_str(&format!(" (and {more} more like this)"));
    }
    messages.into_iter().map(Finding::Error).collect()
}
