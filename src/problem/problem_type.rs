//! What kind of problem it is: `problem_format_version`, `type`, `validation` and `grading` of `problem.yaml`.

use crate::contract::CallProcesses;
use crate::problem::yaml::{Map, truth_of};
use crate::problem::{PackageError, Warning};

/// Most passes of a multi-pass problem.
const MOST_PASSES: u32 = 1000;

/// The format of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `legacy` and `legacy-icpc`.
    Legacy,
    /// `2025-09` and its ancestor `2023-07-draft`.
    V2025,
}

/// Whether submissions get a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Accepted or not.
    PassFail,
    /// A score, to be made large or small.
    Scoring {
        /// Less is better (legacy `grading.objective: min`).
        minimise: bool,
    },
}

/// What the tests of a problem are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestedBy {
    /// Inputs of a program, each with what it has to print.
    Inputs,
    /// Calls of functions of the submission, or asserts about it: `type: functions`, which neither format knows.
    Functions,
    /// Modules for pytest: `type: unit-tests`, which neither format knows.
    UnitTests,
}

/// What `type` and `validation` say together.
#[derive(Debug)]
pub(super) struct ProblemType {
    pub(super) format: Format,
    pub(super) kind: Kind,
    pub(super) interactive: bool,
    /// Submissions may be answers.
    pub(super) submit_answer: bool,
    pub(super) tested_by: TestedBy,
    /// Which processes they are called in.
    pub(super) processes: CallProcesses,
    pub(super) passes: u32,
    /// The output validator comes with the package.
    pub(super) custom: bool,
    /// The package is as if files with names that 2025-09 does not allow were not there.
    pub(super) names_are_held: bool,
    /// It may give scores.
    pub(super) gives_scores: bool,
}

/// Reads it; `has_validator` says whether the package brings an output validator.
pub(super) fn read(
    yaml: &Map<'_>,
    has_validator: bool,
    warnings: &mut Vec<Warning>,
) -> Result<ProblemType, PackageError> {
    let format = format_of(yaml)?;
    let types = types_of(yaml, format, warnings)?;
    let validation = validation_of(yaml, format, warnings)?;
    let is = |name: &str| types.iter().any(|kind| kind == name);
    let says = |word: &str| validation.iter().any(|given| given == word);
    let interactive = is("interactive") || says("interactive");
    let multi_pass = is("multi-pass") || says("multi-pass");
    let submit_answer = is("submit-answer");
    let tested_by = tested_by(yaml, is("functions"), is("unit-tests"))?;
    warnings.extend(idle_scores(yaml, says("score") && !is("scoring")));
    warnings.extend(idle_passes(yaml, multi_pass)?);
    check_types(yaml, submit_answer, tested_by, interactive || multi_pass)?;
    let custom = match format {
        Format::Legacy => says("custom"),
        // In 2025-09 a validator that is there is the validator.
        Format::V2025 => says("custom") || has_validator,
    };
    if custom && tested_by == TestedBy::UnitTests {
        let message = "a problem of type unit-tests has no output validator: its tests say what is right";
        return Err(yaml.invalid("type", message));
    }
    if (interactive || multi_pass) && !custom {
        return Err(no_validator(yaml, format));
    }
    Ok(ProblemType {
        format,
        kind: kind_of(yaml, is("scoring"))?,
        interactive,
        submit_answer,
        tested_by,
        processes: processes_of(yaml, tested_by == TestedBy::Functions)?,
        passes: if multi_pass { passes_of(yaml)? } else { 1 },
        custom,
        names_are_held: format == Format::V2025 && !is_draft(yaml)?,
        // In 2025-09 there is nothing to say so by.
        gives_scores: format == Format::V2025 || says("score") || custom_scoring(yaml)?,
    })
}

fn no_validator(yaml: &Map<'_>, format: Format) -> PackageError {
    let key = if yaml.has("type") { "type" } else { "validation" };
    let needed = "an interactive or multi-pass problem needs an output validator of its own: expected a program in ";
    let place = match format {
        Format::Legacy => "output_validators/, and \"validation: custom interactive\"",
        Format::V2025 => "output_validator/",
    };
    yaml.invalid(key, format!("{needed}{place}"))
}

/// Scores of a validator where there are none.
fn idle_scores(yaml: &Map<'_>, are_idle: bool) -> Option<Warning> {
    let message = "validation asks for scores, which have no effect: the problem is not of the type scoring";
    are_idle.then(|| yaml.warning("validation", message))
}

/// `grading.custom_scoring`, by which packages said it before `validation` did.
fn custom_scoring(yaml: &Map<'_>) -> Result<bool, PackageError> {
    let grading = yaml.map_at("grading")?;
    let given = grading.as_ref().map(|grading| grading.text("custom_scoring"));
    Ok(given.transpose()?.flatten().and_then(truth_of) == Some(true))
}

/// What no program runs for cannot be asked for beside what one does.
fn check_types(yaml: &Map<'_>, submit_answer: bool, tested_by: TestedBy, talks: bool) -> Result<(), PackageError> {
    if tested_by != TestedBy::Inputs && (talks || submit_answer) {
        let message =
            "a problem of type functions or unit-tests is neither interactive nor multi-pass nor submit-answer";
        return Err(yaml.invalid("type", message));
    }
    if submit_answer && talks {
        let message = "there is no program to talk with or to run again in a problem of type submit-answer";
        return Err(yaml.invalid("type", message));
    }
    Ok(())
}

fn tested_by(yaml: &Map<'_>, functions: bool, unit_tests: bool) -> Result<TestedBy, PackageError> {
    match (functions, unit_tests) {
        (true, true) => Err(yaml.invalid("type", "a problem is of type functions or unit-tests, not both")),
        (true, false) => Ok(TestedBy::Functions),
        (false, true) => Ok(TestedBy::UnitTests),
        (false, false) => Ok(TestedBy::Inputs),
    }
}

pub(super) fn format_of(yaml: &Map<'_>) -> Result<Format, PackageError> {
    match yaml.text("problem_format_version")? {
        None | Some("legacy" | "legacy-icpc") => Ok(Format::Legacy),
        Some("2025-09" | "2025-09-draft" | "2023-07-draft" | "2023-07" | "draft") => Ok(Format::V2025),
        Some(_) => Err(yaml.expected(
            "problem_format_version",
            "legacy, legacy-icpc, 2023-07-draft or 2025-09",
        )),
    }
}

/// Whether it is written in the ancestor of 2025-09.
pub(super) fn is_draft(yaml: &Map<'_>) -> Result<bool, PackageError> {
    let version = yaml.text("problem_format_version")?;
    Ok(matches!(version, Some("2023-07-draft" | "2023-07" | "draft")))
}

fn types_of(yaml: &Map<'_>, format: Format, warnings: &mut Vec<Warning>) -> Result<Vec<String>, PackageError> {
    let types = yaml.words("type")?.unwrap_or_default();
    for kind in &types {
        match kind.as_str() {
            "pass-fail" | "scoring" | "functions" | "unit-tests" => {}
            "interactive" | "multi-pass" | "submit-answer" if format == Format::V2025 => {}
            "interactive" | "multi-pass" | "submit-answer" => {
                let message = format!("the type {kind} belongs to the format 2025-09; it is understood all the same");
                warnings.push(yaml.warning("type", message));
            }
            other => {
                let expected = "pass-fail, scoring, interactive, multi-pass, submit-answer, functions or unit-tests";
                return Err(yaml.invalid("type", format!("the type {other:?} is unknown, expected {expected}")));
            }
        }
    }
    if let Some((_, twice)) = (types.iter().enumerate()).find(|(place, kind)| types[..*place].contains(kind)) {
        warnings.push(yaml.warning("type", format!("the type {twice} is there twice")));
    }
    let is = |name: &str| types.iter().any(|kind| kind == name);
    if is("scoring") && is("pass-fail") {
        return Err(yaml.invalid("type", "a problem is of type pass-fail or scoring, not both"));
    }
    Ok(types)
}

fn validation_of(yaml: &Map<'_>, format: Format, warnings: &mut Vec<Warning>) -> Result<Vec<String>, PackageError> {
    let words = yaml.words("validation")?.unwrap_or_default();
    let expected = "default, or custom with score and interactive behind it as needed";
    let known = ["default", "custom", "score", "interactive", "multi-pass"];
    if let Some(unknown) = words.iter().find(|word| !known.contains(&word.as_str())) {
        return Err(yaml.invalid(
            "validation",
            format!("the word {unknown:?} is unknown, expected {expected}"),
        ));
    }
    if words
        .first()
        .is_some_and(|first| first != "default" && first != "custom")
        || (words.len() > 1 && words.iter().any(|word| word == "default"))
    {
        return Err(yaml.expected("validation", expected));
    }
    if format == Format::V2025 && yaml.has("validation") {
        let message = "validation belongs to the format legacy; it is understood all the same";
        warnings.push(yaml.warning("validation", message));
    }
    Ok(words)
}

fn kind_of(yaml: &Map<'_>, scoring: bool) -> Result<Kind, PackageError> {
    let grading = yaml.map_at("grading")?;
    let minimise = match grading
        .as_ref()
        .map(|grading| grading.text("objective"))
        .transpose()?
        .flatten()
    {
        None | Some("max") => false,
        Some("min") => true,
        Some(_) => {
            let grading = grading.unwrap_or_else(|| yaml.clone());
            return Err(grading.expected("objective", "max or min"));
        }
    };
    Ok(if scoring {
        Kind::Scoring { minimise }
    } else {
        Kind::PassFail
    })
}

/// `processes` in the map `functions`, as in `call_options` of a message.
fn processes_of(yaml: &Map<'_>, functions: bool) -> Result<CallProcesses, PackageError> {
    let Some(map) = yaml.map_at("functions")? else {
        return Ok(CallProcesses::default());
    };
    if !functions {
        return Err(yaml.invalid("functions", "belongs to a problem of the type functions"));
    }
    Ok(match map.text("processes")? {
        None | Some("each") => CallProcesses::Each,
        Some("forks") => CallProcesses::Forks,
        Some("one") => CallProcesses::One,
        Some(_) => return Err(map.expected("processes", "each, forks or one")),
    })
}

/// A number of passes where there is one.
fn idle_passes(yaml: &Map<'_>, multi_pass: bool) -> Result<Option<Warning>, PackageError> {
    const KEY: &str = "validation_passes";
    let limits = yaml.map_at("limits")?.filter(|limits| !multi_pass && limits.has(KEY));
    let message = "limits.validation_passes has no effect: the problem is not of the type multi-pass";
    Ok(limits.map(|limits| limits.warning(KEY, message)))
}

fn passes_of(yaml: &Map<'_>) -> Result<u32, PackageError> {
    let Some(limits) = yaml.map_at("limits")? else {
        return Ok(2);
    };
    let Some(text) = limits.text("validation_passes")? else {
        return Ok(2);
    };
    let passes = text.parse().ok().filter(|passes| (2..=MOST_PASSES).contains(passes));
    passes.ok_or_else(|| limits.expected("validation_passes", &format!("a whole number from 2 to {MOST_PASSES}")))
}
