//! What a submission brings along instead of naming a problem: tests, or inputs of a program that is only run.

use bytes::Bytes;

use crate::checker::StandardFlags;
use crate::contract::{FetchFile, InlineTest, Limits, Rejected, RejectionCode, RunInput, RunTarget, Submission};
use crate::judge::Judge;
use crate::judge::capture::{Capture, Room};
use crate::judge::grading::ScoreRule;
use crate::judge::plan::limits::limits_of_compiler;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Planned, PlannedTest, ShownData, Validation, rejected};
use crate::problem::{Grading, Item, Kind, LegacyGrader, OnReject, TestGroup};

impl Judge {
    pub(super) fn inline(
        &self,
        submission: &Submission,
        tests: &[InlineTest],
        flags: &[String],
    ) -> Result<Planned, Rejected> {
        let flags = StandardFlags::parse(flags)
            .map_err(|error| rejected(submission, RejectionCode::Schema, "validator_flags", error.to_string()))?;
        let numbered = tests.iter().enumerate();
        Ok(self.planned(numbered.map(|(index, test)| inline_test(index, test, flags)).collect()))
    }

    /// Tests that no package brings: one group, judged by their answers, within the usual limits.
    pub(super) fn planned(&self, tests: Vec<PlannedTest>) -> Planned {
        Planned {
            problem: None,
            included: Vec::new(),
            functions: None,
            groups: one_group(tests.len()),
            tests,
            kind: Kind::PassFail,
            base: self.options.limits.default,
            compile_limits: limits_of_compiler(None, &self.options),
            validation: Validation::Standard,
            grader: None,
            capture: None,
            takes_answers: false,
            package: None,
        }
    }

    /// What is not judged is a list of tests that accept every output.
    pub(super) fn only_run(&self, run: &RunTarget) -> Planned {
        let settings = self.options.run;
        let most = |file: &FetchFile| file.max_bytes.unwrap_or(u64::MAX).min(settings.file_bytes);
        Planned {
            base: Limits {
                output_bytes: settings.output_bytes,
                ..self.options.limits.default
            },
            capture: Some(Capture {
                stderr_keep: settings.stderr_bytes,
                fetch: run.fetch.iter().map(|file| (file.path.clone(), most(file))).collect(),
                room: Room::new(settings.result_bytes),
            }),
            ..self.planned(run.inputs.iter().map(run_of).collect())
        }
    }
}

pub(super) fn one_group(tests: usize) -> TestGroup {
    TestGroup {
        name: String::new(),
        items: (0..tests).map(Item::Case).collect(),
        on_reject: OnReject::Break,
        grading: Grading::Legacy(LegacyGrader::default()),
    }
}

fn inline_test(index: usize, test: &InlineTest, flags: StandardFlags) -> PlannedTest {
    let data = |text: &str| TestData::Bytes(Bytes::copy_from_slice(text.as_bytes()));
    PlannedTest {
        name: test.name_or_number(index),
        sample: true,
        shown: ShownData::Own,
        input: data(test.input.as_deref().unwrap_or_default()),
        answer: test.answer.as_deref().map(data),
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags,
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: None,
        skip_reason: None,
    }
}

fn run_of(input: &RunInput) -> PlannedTest {
    PlannedTest {
        name: input.name.clone(),
        sample: true,
        shown: ShownData::Own,
        input: TestData::Bytes(Bytes::copy_from_slice(&input.stdin)),
        answer: None,
        args: input.args.clone(),
        files: None,
        more_files: input.files.clone(),
        flags: StandardFlags::default(),
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: None,
        skip_reason: None,
    }
}
