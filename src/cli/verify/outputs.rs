//! Outputs of the author's, such as those in `data/valid_output`, go the way of every output: a program writes them, and
//! the output validator of the package judges them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;
use uuid::Uuid;

use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::lint::Finding;
use crate::cli::verify::verification::Verification;
use crate::contract::{Judgement, ProblemRef, SourceFile, SubmissionMessage, TestVerdict, Verdict, parse};
use crate::judge::{Attempt, Judge, JudgeFailure};
use crate::problem::{
    DataCase, Format, Grading, Item, Kind, LegacyGrader, OnReject, OutputCase, OutputValidator, Package, PackageLimits,
    ProblemStore, TestCase, TestGroup,
};

/// Name of the output in the box of the program that writes it.
const OUTPUT: &str = "output";

const WRITER: &str = "\
import shutil
import sys

with open(\"output\", \"rb\") as output:
    shutil.copyfileobj(output, sys.stdout.buffer)
";

/// Runs the output validator on the outputs among `cases`.
pub(super) async fn check(verification: &Verification<'_>, cases: &[&DataCase], report: &mut DataReport) {
    let package = verification.package;
    let mut checkable: Vec<(&DataCase, &OutputCase)> = Vec::new();
    for case in cases {
        let Some(output) = &case.output else { continue };
        match reason_to_leave_out(package, case, output) {
            None => checkable.push((case, output)),
            Some(Some(reason)) => report
                .findings
                .push(Finding::Warning(format!("data/{}: {reason}", case.name))),
            Some(None) => {}
        }
    }
    if checkable.is_empty() {
        return;
    }
    let judged = judge(verification, &checkable).await;
    match judged {
        Ok(Ok(judgement)) => {
            for (case, output) in &checkable {
                let test = judgement.tests.iter().find(|test| test.name == case.name);
                report.outputs += usize::from(test.is_some());
                let found = test.and_then(|test| complaint(package, case, output, test));
                report.findings.extend(found);
            }
        }
        Ok(Err(JudgeFailure::Error(error))) => report.failed(&error),
        Ok(Err(JudgeFailure::Rejected(rejected))) => report.findings.push(Finding::Error(rejected.to_string())),
        Err(error) => report.findings.push(Finding::Error(format!(
            "outputs of the package cannot be checked: {error:#}"
        ))),
    }
}

/// Some output cannot be checked; the reason is worth a warning where the author meant it to be.
#[expect(clippy::option_option, reason = "left out, with or without a word")]
fn reason_to_leave_out(package: &Package, case: &DataCase, output: &OutputCase) -> Option<Option<&'static str>> {
    let is_test = package.tests.iter().any(|test| test.name == case.name);
    let is_answer = output.answer.as_ref() == Some(&output.output);
    if package.interactive || package.passes > 1 {
        let reason = "is not checked: in an interactive or multi-pass problem an output alone says nothing";
        return Some((!is_test).then_some(reason));
    }
    match package.validator {
        OutputValidator::Custom(_) => None,
        OutputValidator::Default if is_answer && is_test => Some(None),
        OutputValidator::Default if is_answer => Some(Some(
            "is not checked: the default output validator compares an output with the answer, and finds the answer right",
        )),
        OutputValidator::Default if output.answer.is_none() => Some(Some(
            "is not checked: there is no answer (.ans) that its output could be compared with",
        )),
        OutputValidator::Default => None,
    }
}

async fn judge(
    verification: &Verification<'_>,
    cases: &[(&DataCase, &OutputCase)],
) -> anyhow::Result<Result<Judgement, JudgeFailure>> {
    let files = TempDir::with_prefix("assize-outputs-")?;
    let package = package_of(verification.package, cases, files.path())?;
    let settings = verification.settings;
    let problem = ProblemRef {
        id: package.id.clone(),
        revision: None,
    };
    let writer = SourceFile {
        name: "main.py".to_owned(),
        content: WRITER.into(),
    };
    let language = &settings.judging.validators.language;
    let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), language, vec![writer], problem);
    message.limits.cpu_ms = Some(settings.judging.limits.ceiling.cpu_ms);
    message.stop_on_first_failure = Some(false);
    let submission = parse(&serde_json::to_vec(&message)?, &settings.submission.caps())?;
    let judge = Judge::new(
        settings.judging.clone().into(),
        verification.judge.pool(),
        ProblemStore::single(package),
    );
    Ok(judge.judge(&submission, &Attempt::now(), &|_progress| {}).await)
}

/// The package with the outputs as its tests; the program that writes an output finds it beside itself.
fn package_of(package: &Package, cases: &[(&DataCase, &OutputCase)], files: &Path) -> io::Result<Package> {
    let mut tests = Vec::new();
    for (number, (case, output)) in cases.iter().enumerate() {
        let directory = files.join(number.to_string());
        fs::create_dir(&directory)?;
        symlink(fs::canonicalize(&output.output)?, directory.join(OUTPUT))?;
        tests.push(TestCase {
            name: case.name.clone(),
            sample: true,
            input: case.input.clone(),
            answer: output.answer.clone(),
            args: Vec::new(),
            input_validator_args: case.input_validator_args.clone(),
            files: Some(directory),
            validator_args: output.validator_args.clone(),
            hint: None,
            description: None,
            function: None,
        });
    }
    Ok(Package {
        root: TestGroup {
            name: String::new(),
            items: (0..tests.len()).map(Item::Case).collect(),
            on_reject: OnReject::Continue,
            grading: Grading::Legacy(LegacyGrader::default()),
        },
        grader: None,
        tests,
        kind: Kind::PassFail,
        submit_answer: false,
        languages: None,
        included: BTreeMap::new(),
        examples: Vec::new(),
        limits: PackageLimits {
            code_bytes: None,
            memory_bytes: None,
            ..package.limits.clone()
        },
        ..package.clone()
    })
}

fn complaint(package: &Package, case: &DataCase, output: &OutputCase, test: &TestVerdict) -> Option<Finding> {
    let is_as_expected = match test.verdict {
        Verdict::Ac => output.is_right,
        Verdict::Wa => !output.is_right,
        _ => false,
    };
    if is_as_expected {
        return None;
    }
    let extension = output.output.extension().unwrap_or_default().to_string_lossy();
    let wanted = if output.is_right { "accepted" } else { "rejected" };
    let reason = test.judge_message.as_deref().or(test.checker_message.as_deref());
    let reason = reason.map(|reason| format!(": {}", reason.trim())).unwrap_or_default();
    let message = format!(
        "data/{}.{extension}: has to be {wanted} by the output validator, and is {}{reason}",
        case.name, test.verdict
    );
    // In the legacy format an answer may be whatever the validator understands.
    let is_answer = output.is_right && output.answer.as_ref() == Some(&output.output);
    Some(if is_answer && package.format == Format::Legacy {
        Finding::Warning(message)
    } else {
        Finding::Error(message)
    })
}
