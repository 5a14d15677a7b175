//! A package on disk, read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::contract::CallProcesses;
use crate::libraries::Requirements;
use crate::problem::data::Walk;
use crate::problem::data::settings::{Formats, GroupSettings};
use crate::problem::domjudge::{self, Domjudge};
use crate::problem::files::{entries, files_below, name_of, start_of, survey};
use crate::problem::yaml::Map;
use crate::problem::{
    Constants, ExampleSubmission, Format, Kind, OutputValidator, PackageError, PackageLimits, PackageUnits, SmallFiles,
    TestCase, TestGroup, TestedBy, ValidatorProgram, Warning, files, graders, limits, problem_type, requirements,
    submissions, unit_tests, validator, yaml,
};

/// The keys of `problem.yaml` in either format.
const KNOWN: [&str; 23] = [
    "problem_format_version",
    "type",
    "name",
    "uuid",
    "version",
    "author",
    "credits",
    "source",
    "source_url",
    "license",
    "rights_owner",
    "embargo_until",
    "limits",
    "validation",
    "validator_flags",
    "grading",
    "keywords",
    "languages",
    "allow_file_writing",
    "constants",
    "libraries",
    "functions",
    "unit_tests",
];

/// A problem package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its short name: the name of its directory.
    pub id: String,
    /// SHA-256 over everything that judging depends on.
    pub revision: String,
    /// Its name for people.
    pub title: String,
    /// It has a name, and is not called by its id.
    pub is_named: bool,
    /// The format it is written in.
    pub format: Format,
    /// Whether submissions get a score.
    pub kind: Kind,
    /// The output validator talks with the submission while it runs.
    pub interactive: bool,
    /// A submission may be answers to the tests instead of a program.
    pub submit_answer: bool,
    /// What its tests are.
    pub tested_by: TestedBy,
    /// Which processes functions are called in.
    pub processes: CallProcesses,
    /// What unit tests need beside their modules, where such are the tests.
    pub units: Option<PackageUnits>,
    /// How often a submission is run per test at most: more than once for a multi-pass problem.
    pub passes: u32,
    /// Codes of the languages that it may be solved in; `None` is all of them.
    pub languages: Option<Vec<String>>,
    /// Python libraries that its submissions may import, beside those that every submission may.
    pub requirements: Requirements,
    /// Limits that it gives.
    pub limits: PackageLimits,
    /// What checks the outputs.
    pub validator: OutputValidator,
    /// What grades the groups that ask for it.
    pub grader: Option<ValidatorProgram>,
    /// The tests in the order of judging: samples first.
    pub tests: Vec<TestCase>,
    /// The groups that they are in.
    pub root: TestGroup,
    /// What its author sends to it, and expects.
    pub examples: Vec<ExampleSubmission>,
    /// Files that are added to submissions, by the directory of `include/` that they are in: the code of a language, or
    /// `default`. Relative path, and where they are.
    pub included: BTreeMap<String, Vec<(String, PathBuf)>>,
    /// What stands for `{{name}}` in its programs, and in example submissions.
    pub constants: Constants,
    /// Test data that is kept in memory.
    pub small_files: SmallFiles,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

impl Package {
    /// Reads the package in `directory`.
    ///
    /// # Errors
    /// Names the file, relative to the package, and the line that is wrong, and what is expected there.
    pub fn load(directory: &Path) -> Result<Self, PackageError> {
        // The name that it is known by, which a symbolic link to it may have given.
        let id = match directory.file_name() {
            Some(name) => name.to_owned(),
            None => {
                let root = fs::canonicalize(directory).map_err(PackageError::read(directory))?;
                root.file_name().unwrap_or_default().to_owned()
            }
        };
        Self::load_as(directory, name_for_people(&id.to_string_lossy()))
    }

    /// Reads the package in `directory`, which is known by another name.
    ///
    /// # Errors
    /// As [`Package::load`].
    pub(super) fn load_as(directory: &Path, id: String) -> Result<Self, PackageError> {
        let root = fs::canonicalize(directory).map_err(PackageError::read(directory))?;
        let mut package = read(&root, id).map_err(|error| error.inside(&root))?;
        let warnings = std::mem::take(&mut package.warnings);
        package.warnings = warnings.into_iter().map(|warning| warning.inside(&root)).collect();
        Ok(package)
    }

    /// The files that are added to submissions in a language. `PyPy` runs Python 3, which packages know by that name
    /// only.
    pub fn included_for(&self, language: &str) -> &[(String, PathBuf)] {
        let directories = match language {
            "python3" | "pypy3" => vec!["python3", "python", "default"],
            other => vec![other, "default"],
        };
        let found = directories.into_iter().find_map(|name| self.included.get(name));
        found.map_or(&[], Vec::as_slice)
    }

    /// Leaves only these tests, in groups as before; `false`, and all of them, where there would be none.
    pub fn keep_tests(&mut self, is_kept: impl Fn(&TestCase) -> bool) -> bool {
        let mut count = 0;
        let number = |test: &TestCase| {
            is_kept(test).then(|| {
                count += 1;
                count - 1
            })
        };
        let numbers: Vec<Option<usize>> = self.tests.iter().map(number).collect();
        let Some(root) = self.root.with_only(&numbers) else {
            return false;
        };
        self.root = root;
        let mut kept = numbers.iter().map(Option::is_some);
        self.tests.retain(|_| kept.next().unwrap_or_default());
        true
    }

    /// The same, with the small files of its tests in memory, for every submission to it.
    pub(super) fn with_small_files(self) -> Self {
        Self {
            small_files: SmallFiles::read(&self.tests),
            ..self
        }
    }
}

/// A file may be called anything, and an id stands in messages.
pub(super) fn name_for_people(file_name: &str) -> String {
    file_name.replace(char::is_control, "\u{fffd}")
}

fn read(root: &Path, id: String) -> Result<Package, PackageError> {
    let mut warnings = Vec::new();
    let files = survey(root, &mut warnings)?;
    let path = root.join("problem.yaml");
    let missing = || PackageError::invalid(&path, "is missing, so this is no problem package");
    let document = yaml::read(&path)?.ok_or_else(missing)?;
    let yaml = document.map();
    warnings.extend(document.repeated_keys());
    warnings.extend(yaml.unknown_keys(&KNOWN));
    let domjudge = domjudge::read(root, &mut warnings)?;
    let problem_type = problem_type::read(&yaml, validator::is_there(root)?, &mut warnings)?;
    let validator = validator::read(root, &problem_type, &mut warnings)?;
    let constants = Constants::read(&yaml, problem_type.format, &mut warnings)?;
    let mut walk = Walk {
        formats: Formats::of(problem_type.format, &files),
        constants: &constants,
        format: problem_type.format,
        settings: GroupSettings::of_problem(&yaml)?,
        kind: problem_type.kind,
        validator_flags: yaml.arguments("validator_flags")?.unwrap_or_default(),
        answers_needed: validator == OutputValidator::Default,
        tested_by: problem_type.tested_by,
        has_validator: validator != OutputValidator::Default,
        tests: Vec::new(),
        requirements: Vec::new(),
        warnings: &mut warnings,
    };
    let groups = walk.read(&root.join("data"))?;
    let tests = walk.tests;
    let title = title(&yaml, &domjudge, &files, root)?;
    Ok(Package {
        revision: files::revision::of(root, &files)?,
        is_named: title.is_some(),
        title: title.unwrap_or_else(|| id.clone()),
        id,
        format: problem_type.format,
        kind: problem_type.kind,
        interactive: problem_type.interactive,
        submit_answer: problem_type.submit_answer,
        tested_by: problem_type.tested_by,
        processes: problem_type.processes,
        units: unit_tests::read(root, &yaml, problem_type.tested_by, &tests)?,
        passes: problem_type.passes,
        languages: yaml
            .words("languages")?
            .filter(|languages| !languages.iter().any(|it| it == "all")),
        requirements: requirements::read(root)?,
        limits: limits::read(&yaml, problem_type.format, domjudge.time_limit, &mut warnings)?,
        validator,
        grader: graders::read(root, &groups, &mut warnings)?,
        tests,
        examples: submissions::read(root, problem_type.format, &groups, problem_type.kind, &mut warnings)?,
        root: groups,
        included: included(root)?,
        constants,
        small_files: SmallFiles::default(),
        warnings,
    })
}

/// The name in English or the only one; else what DOMjudge or the statement calls it.
fn title(yaml: &Map<'_>, domjudge: &Domjudge, files: &[PathBuf], root: &Path) -> Result<Option<String>, PackageError> {
    let names = yaml.maps().find(|(key, _)| *key == "name");
    let named = match names {
        Some((_, names)) => {
            let mut texts = names.texts_by_key();
            let first = texts.next();
            let english = texts.find(|(language, _)| *language == "en");
            match first {
                Some(("en", name)) => Some(name),
                _ => english.or(first).map(|(_, name)| name),
            }
        }
        None => yaml.text("name")?,
    };
    match named.map(str::to_owned).or_else(|| domjudge.name.clone()) {
        Some(name) => Ok(Some(name)),
        None => title_of_statement(files, root),
    }
}

/// `\problemname{...}` of a legacy statement, in English if there is one.
fn title_of_statement(files: &[PathBuf], root: &Path) -> Result<Option<String>, PackageError> {
    const SEARCHED: u64 = 64 << 10;
    let statements = root.join("problem_statement");
    let is_statement = |path: &&PathBuf| {
        let name = name_of(path);
        path.starts_with(&statements) && name.starts_with("problem.") && name.ends_with(".tex")
    };
    let statements_found = files.iter().filter(is_statement);
    let Some(path) =
        statements_found.min_by_key(|path| !["problem.en.tex", "problem.tex"].contains(&name_of(path).as_str()))
    else {
        return Ok(None);
    };
    let text = start_of(path, SEARCHED)?.unwrap_or_default();
    let name = text
        .split_once("\\problemname{")
        .and_then(|(_, rest)| rest.split_once('}'));
    Ok(name
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| !name.is_empty()))
}

/// The directories of `include/` in which there are files.
fn included(root: &Path) -> Result<BTreeMap<String, Vec<(String, PathBuf)>>, PackageError> {
    let mut included = BTreeMap::new();
    for directory in entries(&root.join("include"))? {
        let inside = |path: PathBuf| Some((path.strip_prefix(&directory).ok()?.to_str()?.to_owned(), path));
        let files: Vec<_> = files_below(&directory)?.into_iter().filter_map(inside).collect();
        if directory.is_dir() && !files.is_empty() {
            included.insert(name_of(&directory), files);
        }
    }
    Ok(included)
}
