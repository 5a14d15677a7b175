//! A package on disk, read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::contract::CallProcesses;
use crate::libraries::Requirements;
use crate::problem::data::aggregation;
use crate::problem::data::formats::Formats;
use crate::problem::data::settings::GroupSettings;
use crate::problem::data::{UnreadFiles, Walk};
use crate::problem::domjudge::{self, Domjudge};
use crate::problem::files::{MOST_NAME_BYTES, Room, entries_in_use, files_in_use, name_of, survey};
use crate::problem::laid::Included;
use crate::problem::problem_type::ProblemType;
use crate::problem::submissions::Asked;
use crate::problem::yaml::{Document, Map};
use crate::problem::{
    Constants, ExampleSubmission, FilesBeside, Format, Kind, OutputValidator, PackageError, PackageLimits,
    PackageUnits, SmallFiles, TestCase, TestGroup, TestedBy, ValidatorProgram, Warning, drivers, files, graders, laid,
    limits, metadata, misspelt, problem_type, requirements, submissions, title, unit_tests, validator, yaml,
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
    /// Its output validator may give scores.
    pub gives_scores: bool,
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
    /// What lies beside submissions in single tests.
    pub beside: FilesBeside,
    /// What stands for `{{name}}` in its programs, and in example submissions.
    pub constants: Constants,
    /// Test data that is kept in memory.
    pub small_files: SmallFiles,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// What is wrong with it and does not keep it from being judged, such as folders with misspelt names.
    pub faults: Vec<Warning>,
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
        for warnings in [&mut package.warnings, &mut package.faults] {
            let inside = std::mem::take(warnings)
                .into_iter()
                .map(|warning| warning.inside(&root));
            *warnings = inside.collect();
        }
        Ok(package)
    }

    /// The files that are added to submissions in a language that is called one of these.
    pub fn included_for(&self, names: &[&str]) -> &[(String, PathBuf)] {
        // Packages also say `python`, as files end in `.py`.
        let python = names.contains(&"python3").then_some("python");
        let mut directories = names.iter().copied().chain(python).chain(["default"]);
        let found = directories.find_map(|name| self.included.get(name));
        found.map_or(&[], Vec::as_slice)
    }

    /// The included file that is started in the place of a submission in such a language, though it is not called as the
    /// language's usual one.
    pub fn driver_for(&self, names: &[&str]) -> Option<&str> {
        let is_asked_for = self.format == Format::Legacy && self.tested_by == TestedBy::Inputs;
        drivers::grader_of(self.included_for(names)).filter(|_| is_asked_for)
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

/// What decides how the rest of a package is read.
struct Basics {
    files: Vec<PathBuf>,
    domjudge: Domjudge,
    problem_type: ProblemType,
    validator: OutputValidator,
    constants: Constants,
}

fn read(root: &Path, id: String) -> Result<Package, PackageError> {
    let mut warnings = Vec::new();
    let files = survey(root, &mut warnings)?;
    let document = document_of(root, &mut warnings)?;
    let yaml = document.map();
    warnings.extend(metadata::odd(&document)?);
    let basics = Basics::read(root, files, &yaml, &mut warnings)?;
    let (groups, tests) = basics.test_cases(root, &yaml, &mut warnings)?;
    let title = title::read(&yaml, &basics.domjudge, &basics.files, root)?;
    let (included, beside) = (included(root, &basics.constants)?, FilesBeside::read(&tests)?);
    laid::check(root, (&included, &beside), &basics.problem_type)?;
    warnings.extend(drivers::not_started(root, &included, &basics.problem_type));
    let problem_type = basics.problem_type;
    let (examples, faults) = examples_and_faults(root, &problem_type, (&groups, &tests), &mut warnings)?;
    Ok(Package {
        revision: files::revision::of(root, &basics.files)?,
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
        gives_scores: problem_type.gives_scores,
        languages: languages(&yaml)?,
        requirements: requirements::read(root)?,
        limits: limits::read(&yaml, problem_type.format, basics.domjudge.time_limit, &mut warnings)?,
        validator: basics.validator,
        grader: graders::read(root, &groups, &basics.constants, &mut warnings)?,
        examples,
        tests,
        faults,
        root: groups,
        included,
        beside,
        constants: basics.constants,
        small_files: SmallFiles::default(),
        warnings,
    })
}

/// `problem.yaml`. DOMjudge does without it, where its own file is there: the package is one of the legacy format then, and
/// every key has its default (DOMjudge manual, appendix "Problem format specification").
fn document_of(root: &Path, warnings: &mut Vec<Warning>) -> Result<Document, PackageError> {
    let path = root.join("problem.yaml");
    if let Some(document) = yaml::read(&path)? {
        return Ok(document);
    }
    if !files::is_package(root) {
        return Err(PackageError::invalid(
            &path,
            "is missing, so this is no problem package",
        ));
    }
    let message = "is missing: domjudge-problem.ini holds, and what it does not say is as in an empty problem.yaml";
    warnings.push(Warning::new(&path, message));
    Ok(Document::empty(&path))
}

impl Basics {
    fn read(
        root: &Path,
        files: Vec<PathBuf>,
        yaml: &Map<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, PackageError> {
        let domjudge = domjudge::read(root, warnings)?;
        let problem_type = problem_type::read(yaml, validator::is_there(root)?, warnings)?;
        let constants = Constants::read(yaml, problem_type.format, warnings)?;
        Ok(Self {
            files,
            domjudge,
            validator: validator::read(root, &problem_type, &constants, warnings)?,
            constants,
            problem_type,
        })
    }

    /// The test cases below `data/`, and the groups that they are in.
    fn test_cases(
        &self,
        root: &Path,
        yaml: &Map<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(TestGroup, Vec<TestCase>), PackageError> {
        let data = root.join("data");
        let files = self.files.iter().filter(|path| path.starts_with(&data));
        let validator_flags = yaml.flags("validator_flags", warnings)?.unwrap_or_default();
        let mut walk = Walk {
            formats: Formats::of(
                self.problem_type.format,
                yaml,
                &self.constants,
                (&data, self.problem_type.tested_by),
                files,
            )?,
            constants: &self.constants,
            format: self.problem_type.format,
            settings: GroupSettings::of_problem(yaml)?,
            kind: self.problem_type.kind,
            validator_flags,
            answers_needed: self.validator == OutputValidator::Default,
            tested_by: self.problem_type.tested_by,
            has_validator: self.validator != OutputValidator::Default,
            tests: Vec::new(),
            requirements: Vec::new(),
            unbounded: Vec::new(),
            unread: UnreadFiles::default(),
            warnings,
        };
        let groups = walk.read(&data)?;
        Ok((groups, walk.tests))
    }
}

/// The submissions of the author, and what the author has to mend that judging can do without.
fn examples_and_faults(
    root: &Path,
    problem_type: &ProblemType,
    (groups, tests): (&TestGroup, &[TestCase]),
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<ExampleSubmission>, Vec<Warning>), PackageError> {
    let mut faults = misspelt::read(root, warnings)?;
    faults.extend(aggregation::too_many_points(
        &root.join("data"),
        groups,
        problem_type.kind,
    ));
    let asked = asked(problem_type, groups, tests);
    let examples = submissions::read(root, asked, (warnings, &mut faults))?;
    Ok((examples, faults))
}

/// What submissions are asked of.
fn asked<'a>(problem_type: &ProblemType, groups: &'a TestGroup, tests: &'a [TestCase]) -> Asked<'a> {
    Asked {
        format: problem_type.format,
        kind: problem_type.kind,
        names_are_held: problem_type.names_are_held,
        groups,
        tests: (problem_type.tested_by != TestedBy::UnitTests).then_some(tests),
    }
}

/// The languages that the problem allows; `None`: all of them.
fn languages(yaml: &Map<'_>) -> Result<Option<Vec<String>>, PackageError> {
    let languages = yaml.words("languages")?;
    Ok(languages.filter(|languages| !languages.iter().any(|it| it == "all")))
}

/// The directories of `include/` in which there are files.
fn included(root: &Path, constants: &Constants) -> Result<Included, PackageError> {
    const ROOM: Room<'_> = Room {
        what: "files that are added to submissions",
        bytes: 16 << 20,
        name_bytes: MOST_NAME_BYTES,
    };
    let mut included = BTreeMap::new();
    for directory in entries_in_use(&root.join("include"))? {
        let inside = |path: PathBuf| Some((path.strip_prefix(&directory).ok()?.to_str()?.to_owned(), path));
        let files: Vec<_> = files_in_use(&directory)?.into_iter().filter_map(inside).collect();
        if directory.is_dir() && !files.is_empty() {
            ROOM.check(&directory, &files, constants)?;
            included.insert(name_of(&directory), files);
        }
    }
    Ok(included)
}
