//! What the problem of a submission adds to its plan.

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{FunctionTest, ProblemRef, Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::grading::{Scoring, score_rules};
use crate::judge::options::JudgeOptions;
use crate::judge::plan::limits::{limits_of_compiler, limits_of_package, limits_of_validator};
use crate::judge::plan::test_data::{TestData, data_of};
use crate::judge::plan::{
    CustomGrading, CustomValidation, Functions, PackageProgram, Planned, PlannedTest, ShownData, Validation,
    ValidatorSource, asserts, calls, rejected, units,
};
use crate::judge::{Judge, JudgeError, JudgeFailure, ProgramRole};
use crate::problem::{
    Format, Kind, OutputValidator, Package, PackageInUse, ProblemCulprit, ProblemFault, TestCase, ValidatorProgram,
};

impl Judge {
    pub(super) async fn of_problem(
        &self,
        submission: &Submission,
        language: &LanguageSettings,
        requested: &ProblemRef,
    ) -> Result<Planned, JudgeFailure> {
        let package = self.package(submission, requested).await?;
        let names = language.names_in_packages(&submission.language);
        check_code_size(submission, &package)?;
        check_language(submission, &names, &package)?;
        Ok(Planned {
            problem: Some(ProblemRef {
                id: package.id.clone(),
                revision: Some(package.revision.clone()),
            }),
            included: included(&package, &names).await?,
            tests: tests_of(&package)?,
            functions: functions(&package).await?,
            groups: package.root.clone(),
            kind: package.kind,
            compile_limits: limits_of_compiler(Some(&package.limits), &self.options),
            base: limits_of_package(&package.limits, self.options.limits.default),
            validation: validation(&package, &self.options)?,
            grader: grader(&package, &self.options),
            capture: None,
            takes_answers: package.submit_answer,
            package: Some(package),
        })
    }

    async fn package(&self, submission: &Submission, requested: &ProblemRef) -> Result<PackageInUse, JudgeFailure> {
        let error = match self.problems.get(requested).await {
            Ok(package) => return Ok(package),
            Err(error) => error,
        };
        let field = match error.fault() {
            ProblemFault::OtherRevision { .. } => "problem.revision",
            _ if error.culprit() == ProblemCulprit::NotHere => "problem.id",
            _ => {
                return Err(JudgeFailure::Error(JudgeError::Problem {
                    problem: requested.id.clone(),
                    source: error,
                }));
            }
        };
        let meant = match error.fault() {
            ProblemFault::Unknown(id) => self.problems.did_you_mean(id).await,
            _ => String::new(),
        };
        Err(rejected(
            submission,
            RejectionCode::UnknownProblem,
            field,
            format!("{error}{meant}"),
        )
        .into())
    }
}

impl PackageProgram {
    pub(in crate::judge) fn of(package: &Package, role: ProgramRole, program: &ValidatorProgram) -> Self {
        Self {
            problem: package.id.clone(),
            role,
            program: program.clone(),
            constants: package.constants.clone(),
        }
    }
}

/// All tests of a package are of one kind.
async fn functions(package: &Package) -> Result<Option<Functions>, JudgeError> {
    if let Some(beside) = &package.units {
        return Ok(Some(Functions::Units(units::of_package(package, beside).await?)));
    }
    let first = package.tests.first().and_then(|test| test.function.as_ref());
    Ok(first.map(|test| match test {
        FunctionTest::Call(_) => Functions::Calls(package.processes),
        FunctionTest::Asserts(_) => Functions::Asserts,
    }))
}

fn has_asserts(package: &Package) -> bool {
    let first = package.tests.first().and_then(|test| test.function.as_ref());
    matches!(first, Some(FunctionTest::Asserts(_)))
}

fn validation(package: &Package, options: &JudgeOptions) -> Result<Validation, JudgeError> {
    if has_asserts(package) {
        return Ok(asserts::validation(options));
    }
    let programs = match &package.validator {
        OutputValidator::Default => return Ok(Validation::Standard),
        OutputValidator::Custom(programs) => programs,
    };
    let [program] = &programs[..] else {
        return Err(JudgeError::SeveralValidators {
            problem: package.id.clone(),
            validators: programs.len(),
        });
    };
    Ok(Validation::Custom(CustomValidation {
        program: ValidatorSource::Package(PackageProgram::of(package, ProgramRole::OutputValidator, program)),
        interactive: package.interactive,
        passes: package.passes,
        limits: limits_of_validator(&package.limits, options),
    }))
}

fn grader(package: &Package, options: &JudgeOptions) -> Option<CustomGrading> {
    let program = package.grader.as_ref()?;
    Some(CustomGrading {
        program: PackageProgram::of(package, ProgramRole::Grader, program),
        limits: limits_of_validator(&package.limits, options),
    })
}

fn tests_of(package: &Package) -> Result<Vec<PlannedTest>, JudgeError> {
    let scoring = Scoring {
        is_scored: package.kind != Kind::PassFail,
        by_validator: package.gives_scores,
    };
    let rules = score_rules(&package.root, scoring, package.tests.len());
    let tests = package.tests.iter().zip(rules);
    tests
        .map(|(test, score_rule)| {
            let planned = PlannedTest {
                name: test.name.clone(),
                sample: test.sample,
                shown: shown_of(test, package),
                input: data_of(package, &test.input),
                answer: test.answer.as_deref().map(|path| data_of(package, path)),
                args: test.args.clone(),
                files: test.files.clone(),
                more_files: Vec::new(),
                flags: StandardFlags::default(),
                validator_args: test.validator_args.clone(),
                score_rule,
                call: None,
                skip_reason: None,
            };
            Ok(match &test.function {
                None => PlannedTest {
                    flags: flags_of(test, package)?,
                    ..planned
                },
                Some(function) => of_function(function, planned),
            })
        })
        .collect()
}

/// What contestants may see of a test, if it is a sample.
fn shown_of(test: &TestCase, package: &Package) -> ShownData {
    let beside = |extension: &str| Some(test.input.with_extension(extension)).filter(|path| path.is_file());
    if !test.sample || test.function.is_some() {
        return ShownData::Own;
    }
    if package.interactive || package.passes > 1 || beside("interaction").is_some() {
        return ShownData::Nothing;
    }
    let (input, answer) = (
        beside("in.statement"),
        beside("out").or_else(|| beside("ans.statement")),
    );
    if input.is_none() && answer.is_none() {
        return ShownData::Own;
    }
    let answer = answer.as_deref().or(test.answer.as_deref());
    ShownData::Instead {
        input: data_of(package, input.as_deref().unwrap_or(&test.input)),
        answer: answer.map(|path| data_of(package, path)),
    }
}

/// What is expected stays here, or goes to the validator.
fn of_function(function: &FunctionTest, planned: PlannedTest) -> PlannedTest {
    match function {
        FunctionTest::Call(test) => {
            let PlannedTest { input, call, .. } = calls::planned(test);
            let answer = call.as_ref().and_then(|call| call.answer_of_validator());
            PlannedTest {
                input,
                answer: answer.map(TestData::Bytes),
                call,
                ..planned
            }
        }
        FunctionTest::Asserts(test) => {
            let PlannedTest {
                input, validator_args, ..
            } = asserts::planned(test);
            PlannedTest {
                input,
                validator_args,
                ..planned
            }
        }
    }
}

/// The arguments of the default validator; those of a validator of the package are its own business.
fn flags_of(test: &TestCase, package: &Package) -> Result<StandardFlags, JudgeError> {
    if package.validator != OutputValidator::Default {
        return Ok(StandardFlags::default());
    }
    let parse = match package.format {
        Format::Legacy => StandardFlags::parse_legacy,
        Format::V2025 => StandardFlags::parse,
    };
    parse(&test.validator_args).map_err(|source| JudgeError::ValidatorArguments {
        problem: package.id.clone(),
        test: test.name.clone(),
        source,
    })
}

/// The files of `include/`, which are added to every submission in this language.
async fn included(package: &Package, names: &[&str]) -> Result<Vec<SourceFile>, JudgeError> {
    let mut files = Vec::new();
    for (name, path) in package.included_for(names) {
        let content = tokio::fs::read(path).await.map_err(|source| JudgeError::PackageFile {
            problem: package.id.clone(),
            file: format!("{name}, which is added to submissions"),
            source,
        })?;
        files.push(SourceFile {
            name: name.clone(),
            content: package.constants.put_into(&content).into_owned(),
        });
    }
    Ok(files)
}

/// `limits.code` of the package, over which a submission is not judged.
fn check_code_size(submission: &Submission, package: &Package) -> Result<(), Rejected> {
    let size: usize = submission.files.iter().map(|file| file.content.len()).sum();
    match package.limits.code_bytes {
        Some(most) if size as u64 > most => {
            let reason = format!("the files have {size} bytes together, the problem allows {most}");
            Err(rejected(submission, RejectionCode::TooLarge, "files", reason))
        }
        _ => Ok(()),
    }
}

/// `languages` of the package.
fn check_language(submission: &Submission, names: &[&str], package: &Package) -> Result<(), Rejected> {
    let is_allowed = |known: &String| names.contains(&known.as_str());
    match &package.languages {
        Some(languages) if !languages.iter().any(is_allowed) => {
            let reason = format!(
                "the problem {} is to be solved in {}, not in {}",
                package.id,
                languages.join(", "),
                submission.language
            );
            Err(rejected(submission, RejectionCode::UnknownLanguage, "language", reason))
        }
        _ => Ok(()),
    }
}
