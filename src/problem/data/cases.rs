//! What the data of a package is checked with, beside submissions: every input by the input validators, and outputs of
//! the author's by the output validator.
//!
//! ```text
//! data/sample, data/secret   .in valid               (2025-09: sample .out accepted)
//! data/invalid_input         .in rejected by one input validator at least
//! data/invalid_output        .in valid, .out rejected
//! data/invalid_answer        .in valid, .ans rejected   (BAPCtools)
//! data/valid_output          .in valid, .out accepted
//! ```

use std::path::{Path, PathBuf};

use crate::problem::data::formats::{Formats, is_of_test};
use crate::problem::data::input_arguments::InputValidatorArgs;
use crate::problem::data::settings::{GroupPlace, GroupSettings};
use crate::problem::data::test_files;
use crate::problem::data::walk::stem_of;
use crate::problem::files::{entries, entries_in_use, files_below, name_of};
use crate::problem::misspelt::misspelling;
use crate::problem::yaml::Document;
use crate::problem::{Constants, Kind, Package, PackageError, TestCase, TestedBy, Warning, yaml};

/// Everything in `data/` that can be checked.
#[derive(Debug, Clone, Default)]
pub struct DataCases {
    /// Samples and secret tests first.
    pub cases: Vec<DataCase>,
    /// What is odd about those that are no tests.
    pub warnings: Vec<Warning>,
}

/// An input, and perhaps an output to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataCase {
    /// Path below `data/` without its extension, such as `invalid_input/1`.
    pub name: String,
    /// The input.
    pub input: PathBuf,
    /// Whether every input validator has to accept it; else one has to reject it.
    pub is_valid: bool,
    /// Arguments of the input validators.
    pub input_validator_args: InputValidatorArgs,
    /// Arguments of the submission, which input validators get too.
    pub args: Vec<String>,
    /// Directory with files for the submission, which lie beside the input validator.
    pub files: Option<PathBuf>,
    /// An output that the output validator is run on.
    pub output: Option<OutputCase>,
}

/// An output of the author's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputCase {
    /// The output.
    pub output: PathBuf,
    /// The judge's answer.
    pub answer: Option<PathBuf>,
    /// Arguments of the output validator.
    pub validator_args: Vec<String>,
    /// Whether it has to be accepted; else it has to be rejected.
    pub is_right: bool,
}

/// A folder of `data/` whose cases are no tests.
#[derive(Debug, Clone, Copy)]
struct Folder {
    name: &'static str,
    is_valid: bool,
    /// The extension of the output, and whether it is right.
    output: Option<(&'static str, bool)>,
}

/// The second spelling of each is that of the drafts.
const FOLDERS: [[Folder; 2]; 4] = [
    folder(["invalid_input", "invalid_inputs"], false, None),
    folder(["invalid_output", "invalid_outputs"], true, Some(("out", false))),
    folder(["invalid_answer", "invalid_answers"], true, Some(("ans", false))),
    folder(["valid_output", "valid_outputs"], true, Some(("out", true))),
];

const fn folder(names: [&'static str; 2], is_valid: bool, output: Option<(&'static str, bool)>) -> [Folder; 2] {
    let [name, other] = names;
    [
        Folder { name, is_valid, output },
        Folder {
            name: other,
            is_valid,
            output,
        },
    ]
}

impl DataCases {
    /// Reads them beside the tests of `package`, which lies in `root`.
    pub(in crate::problem) fn read(root: &Path, package: &Package) -> Result<Self, PackageError> {
        if package.tested_by != TestedBy::Inputs {
            // What a function is given is data, and read with the package.
            return Ok(Self {
                cases: Vec::new(),
                warnings: unchecked(&root.join("data"))?,
            });
        }
        let mut cases = Self {
            cases: package.tests.iter().map(DataCase::of_test).collect(),
            warnings: Vec::new(),
        };
        let path = root.join("problem.yaml");
        let document = yaml::read(&path)?.unwrap_or_else(|| Document::empty(&path));
        let (data, yaml) = (root.join("data"), document.map());
        // The package was read with all of these.
        let mut told_before = Vec::new();
        let mut walk = CaseWalk {
            formats: Formats::of(
                package.format,
                &yaml,
                &package.constants,
                (&data, package.tested_by),
                &files_below(&data)?,
            )?,
            constants: &package.constants,
            kind: package.kind,
            validator_flags: yaml.flags("validator_flags", &mut told_before)?.unwrap_or_default(),
            cases: &mut cases,
            told_before,
        };
        let settings = GroupSettings::of_problem(&yaml)?.read(&walk.place(&data), &mut walk.told_before)?;
        for folder in FOLDERS.iter().flatten() {
            let directory = data.join(folder.name);
            if directory.is_dir() {
                walk.folder(&directory, folder.name, *folder, &settings)?;
            }
        }
        cases.warnings.extend(unknown_folders(&data)?);
        Ok(cases)
    }
}

impl DataCase {
    fn of_test(test: &TestCase) -> Self {
        Self {
            name: test.name.clone(),
            input: test.input.clone(),
            is_valid: true,
            input_validator_args: test.input_validator_args.clone(),
            args: test.args.clone(),
            files: test.files.clone(),
            output: test.sample.then(|| output_of_sample(test)).flatten(),
        }
    }
}

/// What is shown for a sample has to be accepted (format 2025-09, section "Samples"): its `.out`, else its `.ans`, where no
/// other file is shown in its place.
fn output_of_sample(test: &TestCase) -> Option<OutputCase> {
    let [out, shown, talk] = ["out", "ans.statement", "interaction"].map(|extension| beside(&test.input, extension));
    let output = match &test.answer {
        _ if out.is_file() => out,
        Some(answer) if !shown.is_file() && !talk.is_file() => answer.clone(),
        _ => return None,
    };
    Some(OutputCase {
        output,
        answer: test.answer.clone(),
        validator_args: test.validator_args.clone(),
        is_right: true,
    })
}

struct CaseWalk<'a> {
    formats: Formats,
    constants: &'a Constants,
    kind: Kind,
    validator_flags: Vec<String>,
    cases: &'a mut DataCases,
    told_before: Vec<Warning>,
}

impl<'a> CaseWalk<'a> {
    fn place<'p>(&self, directory: &'p Path) -> GroupPlace<'p>
    where
        'a: 'p,
    {
        GroupPlace {
            directory,
            is_root: false,
            formats: self.formats,
            constants: self.constants,
            kind: self.kind,
        }
    }

    fn folder(
        &mut self,
        directory: &Path,
        name: &str,
        folder: Folder,
        above: &GroupSettings,
    ) -> Result<(), PackageError> {
        let settings = above.read(&self.place(directory), &mut self.cases.warnings)?;
        for path in entries(directory)? {
            let base = name_of(&path);
            let inner = format!("{name}/{}", stem_of(&base));
            if path.is_dir() {
                if !is_of_test(&base, TestedBy::Inputs) {
                    self.folder(&path, &inner, folder, &settings)?;
                }
            } else if base.ends_with(".in") {
                self.case(&path, inner, folder, &settings)?;
            } else if stem_of(&base) != base && !beside(&path, "in").is_file() {
                let message = "belongs to no input: there is no file of this name that ends with .in";
                self.cases.warnings.push(Warning::new(&path, message));
            }
        }
        Ok(())
    }

    fn case(
        &mut self,
        input: &Path,
        name: String,
        folder: Folder,
        settings: &GroupSettings,
    ) -> Result<(), PackageError> {
        let beside_it = |extension: &str| beside(input, extension);
        let own = test_files::settings_of(&settings.test, self.formats, &beside_it, &mut self.cases.warnings)?;
        let mut output = None;
        if let Some((extension, is_right)) = folder.output {
            let path = beside(input, extension);
            if path.is_file() {
                output = Some(OutputCase {
                    output: path,
                    answer: Some(beside(input, "ans")).filter(|path| path.is_file()),
                    validator_args: [
                        &self.validator_flags[..],
                        &settings.output_validator_flags,
                        &own.output_validator_args,
                    ]
                    .concat(),
                    is_right,
                });
            } else {
                let message =
                    format!("has no output beside it that ends with .{extension}, so that nothing is checked");
                self.cases.warnings.push(Warning::new(input, message));
            }
        }
        self.cases.cases.push(DataCase {
            name,
            input: input.to_owned(),
            is_valid: folder.is_valid,
            input_validator_args: own.input_validator_args,
            args: own.args,
            files: Some(beside(input, "files")).filter(|path| path.is_dir()),
            output,
        });
        Ok(())
    }
}

/// Folders whose cases are inputs, where the tests are none; and those that stand for nothing.
fn unchecked(data: &Path) -> Result<Vec<Warning>, PackageError> {
    let folders = FOLDERS.iter().flatten().map(|folder| data.join(folder.name));
    let message =
        "holds inputs or outputs of programs, and the tests of this problem are none; nothing in it is checked";
    let mut warnings: Vec<Warning> = folders
        .filter(|folder| folder.is_dir())
        .map(|folder| Warning::new(&folder, message))
        .collect();
    warnings.extend(unknown_folders(data)?);
    Ok(warnings)
}

/// The directories of `data/` that stand for something.
pub(in crate::problem) fn folders() -> impl Iterator<Item = &'static str> {
    let checked = FOLDERS.iter().flatten().map(|folder| folder.name);
    ["sample", "secret"].into_iter().chain(checked)
}

/// Directories of `data/` that stand for nothing, so that what lies in them is never looked at.
fn unknown_folders(data: &Path) -> Result<Vec<Warning>, PackageError> {
    let known: Vec<&str> = folders().collect();
    // What is misspelt is told with the package.
    let is_unknown = |path: &PathBuf| path.is_dir() && !known.contains(&name_of(path).as_str());
    let unknown = entries_in_use(data)?
        .into_iter()
        .filter(|path| is_unknown(path) && misspelling(path, &known).is_none());
    let message = "is a folder that the formats do not know; nothing in it is run or checked";
    Ok(unknown.map(|path| Warning::new(&path, message)).collect())
}

/// The file of a case with another extension; the name of a case may hold dots.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let base = name_of(path);
    path.with_file_name(format!("{}.{extension}", stem_of(&base)))
}
