//! A package on disk, read.

use std::fs;
use std::path::Path;

use crate::problem::testdata::Walk;
use crate::problem::yaml::{self, OneOrMany, ProblemYaml};
use crate::problem::{
    ExampleSubmission, OutputValidator, PackageError, PackageLimits, TestCase, TestGroup, Warning, examples, limits,
    revision, validator,
};

/// A problem package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its short name: the name of its directory.
    pub id: String,
    /// SHA-256 over everything that judging depends on.
    pub revision: String,
    /// Its name for people.
    pub title: String,
    /// The format it is written in.
    pub format: Format,
    /// Whether submissions get a score.
    pub kind: Kind,
    /// The output validator talks with the submission while it runs.
    pub interactive: bool,
    /// How often a submission is run per test at most: more than once for a multi-pass problem.
    pub passes: u32,
    /// Limits that it gives.
    pub limits: PackageLimits,
    /// What checks the outputs.
    pub validator: OutputValidator,
    /// The tests in the order of judging: samples first.
    pub tests: Vec<TestCase>,
    /// The groups that they are in.
    pub root: TestGroup,
    /// What its author sends to it, and expects.
    pub examples: Vec<ExampleSubmission>,
    /// Files that are added to every submission: relative path, and where they are.
    pub included: Vec<(String, std::path::PathBuf)>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

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

/// What `type` and `validation` say together.
struct Nature {
    kind: Kind,
    interactive: bool,
    passes: u32,
    custom: bool,
}

impl Package {
    /// Reads the package in `directory`.
    ///
    /// # Errors
    /// Names the file that is missing or wrong.
    pub fn load(directory: &Path) -> Result<Self, PackageError> {
        let root = fs::canonicalize(directory).map_err(|source| PackageError::Read {
            path: directory.to_owned(),
            source,
        })?;
        revision::check_links(&root)?;
        let yaml_path = root.join("problem.yaml");
        let yaml: ProblemYaml = yaml::read(&yaml_path)?.ok_or_else(|| PackageError::Invalid {
            path: root.clone(),
            message: "is no problem package: problem.yaml is missing".to_owned(),
        })?;
        let mut warnings = Vec::new();
        let format = format_of(&yaml_path, &yaml)?;
        let nature = nature_of(&root, &yaml_path, &yaml, format)?;
        let validator = validator::read(&root, nature.custom, &mut warnings)?;
        let mut walk = Walk {
            format,
            kind: nature.kind,
            validator_flags: yaml.validator_flags.as_ref().map(OneOrMany::words).unwrap_or_default(),
            answers_needed: validator == OutputValidator::Default,
            tests: Vec::new(),
            warnings: &mut warnings,
        };
        let groups = walk.read(&root.join("data"))?;
        let tests = walk.tests;
        let id = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            revision: revision::of(&root)?,
            title: yaml.title().unwrap_or_else(|| id.clone()),
            id,
            format,
            kind: nature.kind,
            interactive: nature.interactive,
            passes: nature.passes,
            limits: limits::read(&root, &yaml_path, &yaml, format)?,
            validator,
            tests,
            examples: examples::read(&root, format, &groups, nature.kind)?,
            root: groups,
            included: included(&root)?,
            warnings,
        })
    }
}

fn format_of(path: &Path, yaml: &ProblemYaml) -> Result<Format, PackageError> {
    match yaml.problem_format_version.as_deref() {
        None | Some("legacy" | "legacy-icpc") => Ok(Format::Legacy),
        Some("2025-09" | "2023-07-draft" | "2023-07" | "draft") => Ok(Format::V2025),
        Some(other) => Err(PackageError::Invalid {
            path: path.to_owned(),
            message: format!("problem_format_version is {other:?}, expected legacy or 2025-09"),
        }),
    }
}

fn nature_of(root: &Path, path: &Path, yaml: &ProblemYaml, format: Format) -> Result<Nature, PackageError> {
    let invalid = |message: String| PackageError::Invalid {
        path: path.to_owned(),
        message,
    };
    let types = yaml.kind.as_ref().map(OneOrMany::words).unwrap_or_default();
    let validation: Vec<&str> = yaml
        .validation
        .as_deref()
        .unwrap_or("default")
        .split_whitespace()
        .collect();
    let is = |name: &str| types.iter().any(|kind| kind == name);
    for kind in &types {
        match kind.as_str() {
            "pass-fail" | "scoring" | "interactive" | "multi-pass" => {}
            "submit-answer" => return Err(invalid("problems of type submit-answer are not supported".to_owned())),
            other => return Err(invalid(format!("the type {other:?} is unknown"))),
        }
    }
    for word in &validation {
        if !matches!(*word, "default" | "custom" | "score" | "interactive" | "multi-pass") {
            return Err(invalid(format!(
                "validation: {word:?} is unknown; expected default or custom [score] [interactive]"
            )));
        }
    }
    if is("scoring") && is("pass-fail") {
        return Err(invalid("a problem cannot be of type pass-fail and scoring".to_owned()));
    }
    let minimise = yaml.grading.objective.as_deref() == Some("min");
    let interactive = is("interactive") || validation.contains(&"interactive");
    let multi_pass = is("multi-pass") || validation.contains(&"multi-pass");
    // In 2025-09 a validator that is there is the validator.
    let custom = match format {
        Format::Legacy => validation.contains(&"custom"),
        Format::V2025 => validation.contains(&"custom") || validator::is_there(root)?,
    };
    if (interactive || multi_pass) && !custom {
        return Err(invalid(
            "an interactive or multi-pass problem needs an output validator of its own".to_owned(),
        ));
    }
    Ok(Nature {
        kind: if is("scoring") {
            Kind::Scoring { minimise }
        } else {
            Kind::PassFail
        },
        interactive,
        passes: if multi_pass {
            yaml.limits.validation_passes.unwrap_or(2)
        } else {
            1
        },
        custom,
    })
}

/// `include/python3`, `include/python` or `include/default`, the first that is there.
fn included(root: &Path) -> Result<Vec<(String, std::path::PathBuf)>, PackageError> {
    for language in ["python3", "python", "default"] {
        let files: Vec<_> = validator::entries(&root.join("include").join(language))?
            .into_iter()
            .filter(|path| path.is_file())
            .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path)))
            .collect();
        if !files.is_empty() {
            return Ok(files);
        }
    }
    Ok(Vec::new())
}
