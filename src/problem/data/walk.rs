//! Test cases, found on a walk through `data/`.

use std::path::{Path, PathBuf};

use crate::contract::FunctionTest;
use crate::problem::data::aggregation::{self, Requirement, Unbounded};
use crate::problem::data::default_arguments::check_arguments;
use crate::problem::data::formats::{self, Formats};
use crate::problem::data::function_files::{self, function_file};
use crate::problem::data::input_arguments::InputValidatorArgs;
use crate::problem::data::settings::{GroupPlace, GroupSettings};
use crate::problem::data::test_files::{self, UnreadFiles};
use crate::problem::files::{entries, hidden_inputs, leave_out_odd_names, name_of};
use crate::problem::{Constants, Format, Item, Kind, OnReject, PackageError, TestGroup, TestedBy, Warning};

/// A test case.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCase {
    /// Path below `data/` without its extension, such as `secret/01-small`; behind it, the name of a test of functions.
    /// A module of unit tests has its whole path, and holds tests that are known when they are run.
    pub name: String,
    /// Whether contestants may see it.
    pub sample: bool,
    /// Its input; for a test of functions, the file that it is in; the module of unit tests.
    pub input: PathBuf,
    /// The judge's answer; absent only where none is read.
    pub answer: Option<PathBuf>,
    /// Arguments for the submission.
    pub args: Vec<String>,
    /// Arguments for the input validators.
    pub input_validator_args: InputValidatorArgs,
    /// Directory with files for the submission.
    pub files: Option<PathBuf>,
    /// Arguments for the output validator: of the problem, of its group, its own.
    pub validator_args: Vec<String>,
    /// A hint for the author of a submission that failed it.
    pub hint: Option<String>,
    /// What it is for. Not for contestants.
    pub description: Option<String>,
    /// What it does with functions of the submission, where such are tested.
    pub function: Option<FunctionTest>,
}

/// Longest name of a test, in bytes: its answer is a file with `.ans` behind it in the box of a validator, whether the package
/// has one or not.
const LONGEST_NAME: usize = 255 - ".ans".len();

/// What the walk through `data/` needs to know, and what it finds.
pub(in crate::problem) struct Walk<'a> {
    pub(in crate::problem) formats: Formats,
    pub(in crate::problem) constants: &'a Constants,
    /// Format of the package.
    pub(in crate::problem) format: Format,
    /// What holds where `data/` says nothing.
    pub(in crate::problem) settings: GroupSettings,
    pub(in crate::problem) kind: Kind,
    pub(in crate::problem) validator_flags: Vec<String>,
    pub(in crate::problem) answers_needed: bool,
    pub(in crate::problem) tested_by: TestedBy,
    pub(in crate::problem) has_validator: bool,
    pub(in crate::problem) tests: Vec<TestCase>,
    pub(in crate::problem) requirements: Vec<Requirement>,
    pub(in crate::problem) unbounded: Vec<Unbounded>,
    pub(in crate::problem) unread: UnreadFiles,
    pub(in crate::problem) warnings: &'a mut Vec<Warning>,
}

impl Walk<'_> {
    /// Reads `data/sample` and `data/secret`, in this order.
    pub(in crate::problem) fn read(&mut self, data: &Path) -> Result<TestGroup, PackageError> {
        let place = GroupPlace {
            directory: data,
            is_root: true,
            formats: self.formats,
            constants: self.constants,
            kind: self.kind,
        };
        let settings = self.settings.read(&place, self.warnings)?;
        let mut items = Vec::new();
        for name in ["sample", "secret"] {
            let directory = data.join(name);
            if directory.is_dir() {
                items.extend(self.group(&directory, name, &settings)?.map(Item::Group));
            }
        }
        if !self.tests.iter().any(|test| !test.sample) {
            let message = match self.tested_by {
                TestedBy::Functions => "there is no secret test: expected data/secret/*.json or data/secret/*.jsonl",
                TestedBy::UnitTests => "there is no secret test: expected data/secret/test_*.py",
                TestedBy::Inputs => "there is no secret test: expected data/secret/*.in with data/secret/*.ans",
            };
            if self.tests.is_empty() {
                return Err(PackageError::invalid(&data.join("secret"), message));
            }
            self.warnings.push(Warning::new(&data.join("secret"), message));
        }
        let functions = self.tests.iter();
        let functions = functions.filter_map(|test| Some((test.input.as_path(), test.function.as_ref()?)));
        function_files::check_kinds(functions)?;
        let mut root = self.finish(data, "", items, &settings)?;
        aggregation::check_unbounded(&root, self.kind, &self.unbounded)?;
        aggregation::check_required(&mut root, &self.requirements, self.warnings)?;
        self.warnings
            .extend(aggregation::too_few_points(data, &root, self.kind));
        self.warnings.extend(std::mem::take(&mut self.unread).into_warnings());
        Ok(root)
    }

    /// A group; `None` when there is no test in it, since nothing follows from it then.
    fn group(
        &mut self,
        directory: &Path,
        name: &str,
        above: &GroupSettings,
    ) -> Result<Option<TestGroup>, PackageError> {
        let place = GroupPlace {
            directory,
            is_root: false,
            formats: self.formats,
            constants: self.constants,
            kind: self.kind,
        };
        let settings = above.read(&place, self.warnings)?;
        let mut items = Vec::new();
        self.collect(directory, name, &settings, &mut items)?;
        if items.is_empty() {
            if name != "sample" {
                self.warn_of_no_tests(directory, "group");
            }
            return Ok(None);
        }
        self.finish(directory, name, items, &settings).map(Some)
    }

    fn collect(
        &mut self,
        directory: &Path,
        name: &str,
        settings: &GroupSettings,
        items: &mut Vec<Item>,
    ) -> Result<(), PackageError> {
        let mut paths = entries(directory)?;
        if self.tested_by == TestedBy::Inputs {
            self.warnings.extend(hidden_inputs(directory)?);
        }
        if self.formats.names_are_held() && self.tested_by != TestedBy::UnitTests {
            leave_out_odd_names(&mut paths, self.warnings);
        }
        // By base name: "1" comes before "1-small", which file names with their extensions would turn round.
        paths.sort_by_key(|path| stem_of(&name_of(path)).to_owned());
        for path in paths {
            let base = name_of(&path);
            let inner = format!("{name}/{}", stem_of(&base));
            if path.is_dir() {
                match formats::is_of_test(&base, self.tested_by) {
                    true => self.warn_unless_beside(&path, &base),
                    false if self.is_group(&path, name) => {
                        items.extend(self.group(&path, &inner, settings)?.map(Item::Group));
                    }
                    false => self.collect_deeper(&path, &inner, settings, items)?,
                }
            } else if self.tested_by == TestedBy::Functions {
                self.function_tests(&path, name, settings, items)?;
            } else if self.tested_by == TestedBy::UnitTests {
                self.unit_module(&path, name, items);
            } else if base.ends_with(".in") {
                let test = self.test_case(&path, inner, settings)?;
                items.push(Item::Case(self.tests.len()));
                self.tests.push(test);
            } else if base.ends_with(".ans") {
                self.warn_unless_beside(&path, &base);
            } else if let Some(test) = base.strip_suffix(".yaml").filter(|_| !formats::is_of_group(&base)) {
                self.warn_unless_beside(&path, test);
            } else {
                self.unread.note(&path, self.formats);
            }
        }
        Ok(())
    }

    /// The tests of one file, which belong to the group that the file is in.
    fn function_tests(
        &mut self,
        path: &Path,
        group: &str,
        settings: &GroupSettings,
        items: &mut Vec<Item>,
    ) -> Result<(), PackageError> {
        let base = name_of(path);
        if stem_of(&base) != base {
            let message = "is no test of a problem of the type functions, whose tests are files in .json or .jsonl";
            return Err(PackageError::invalid(path, message));
        }
        let Some(stem) = function_file(&base) else {
            return Ok(());
        };
        let beside = |extension: &str| path.with_file_name(format!("{stem}.{extension}"));
        let own = settings.test.of_test(&beside("yaml"), self.warnings)?;
        let validator_args = [
            &self.validator_flags[..],
            &settings.output_validator_flags,
            &own.output_validator_args,
        ];
        for (name, test) in function_files::read(path, &format!("{group}/{stem}"), self.has_validator)? {
            items.push(Item::Case(self.tests.len()));
            self.tests.push(TestCase {
                sample: name.starts_with("sample/"),
                name,
                input: path.to_owned(),
                answer: None,
                args: own.args.clone(),
                input_validator_args: InputValidatorArgs::default(),
                files: Some(beside("files")).filter(|path| path.is_dir()),
                validator_args: validator_args.concat(),
                hint: own.hint.clone(),
                description: own.description.clone(),
                function: Some(test),
            });
        }
        Ok(())
    }

    /// Whether a directory in the group of this name is a group. In 2025-09 only `secret` is divided into groups; deeper
    /// directories just hold tests of theirs.
    fn is_group(&self, directory: &Path, above: &str) -> bool {
        match self.formats.groups {
            Format::Legacy => true,
            Format::V2025 => above == "secret" && !self.formats.is_without_settings(directory),
        }
    }

    fn collect_deeper(
        &mut self,
        directory: &Path,
        name: &str,
        settings: &GroupSettings,
        items: &mut Vec<Item>,
    ) -> Result<(), PackageError> {
        if name.starts_with("sample/") && self.tested_by == TestedBy::Inputs {
            let message = "is a directory among the samples, which the format does not allow; its tests are samples";
            self.warnings.push(Warning::new(directory, message));
        }
        let ignored = directory.join("test_group.yaml");
        if ignored.is_file() {
            let message = "has no effect: this directory is no group of its own, its tests belong to the one above";
            self.warnings.push(Warning::new(&ignored, message));
        }
        let before = items.len();
        self.collect(directory, name, settings, items)?;
        if name.strip_prefix("secret/").is_some_and(|inner| !inner.contains('/')) {
            self.warn_of_no_group(directory, items.len() - before);
        }
        Ok(())
    }

    fn test_case(&mut self, input: &Path, name: String, settings: &GroupSettings) -> Result<TestCase, PackageError> {
        let stem = name.rsplit('/').next().unwrap_or_default();
        if stem.len() > LONGEST_NAME {
            let message = format!("has a name of more than {LONGEST_NAME} bytes, which leaves no room for .ans");
            return Err(PackageError::invalid(input, message));
        }
        let beside = |extension: &str| input.with_file_name(format!("{stem}.{extension}"));
        let answer = Some(beside("ans")).filter(|path| path.is_file());
        if answer.is_none() {
            let message = format!("the judge's answer {stem}.ans is missing");
            if self.answers_needed {
                return Err(PackageError::invalid(input, message));
            }
            self.warnings.push(Warning::new(
                input,
                format!("{message}; the validator gets an empty one"),
            ));
        }
        self.warn_of_two_shown(&beside("out"), &beside("ans.statement"));
        let own = test_files::settings_of(&settings.test, self.formats, &beside, self.warnings)?;
        let args = [
            &self.validator_flags[..],
            &settings.output_validator_flags,
            &own.output_validator_args,
        ];
        let validator_args = args.concat();
        // Only the default validator needs answers, and only its arguments are known here.
        if self.answers_needed {
            check_arguments(&validator_args, self.format, input, &beside("yaml"))?;
        }
        Ok(TestCase {
            sample: name.starts_with("sample/"),
            input: input.to_owned(),
            answer,
            args: own.args,
            input_validator_args: own.input_validator_args,
            files: Some(beside("files")).filter(|path| path.is_dir()),
            validator_args,
            hint: own.hint.or(note(&beside("hint"))?),
            description: own.description.or(note(&beside("desc"))?),
            function: None,
            name,
        })
    }

    /// Two outputs to show for one test: the `.out` comes first (format 2025-09, section "Displayed test cases").
    fn warn_of_two_shown(&mut self, out: &Path, statement: &Path) {
        if self.format == Format::V2025 && out.is_file() && statement.is_file() {
            let message = "lies beside an .out, where the format wants one or the other; that one is shown";
            self.warnings.push(Warning::new(statement, message));
        }
    }

    fn finish(
        &mut self,
        directory: &Path,
        name: &str,
        items: Vec<Item>,
        settings: &GroupSettings,
    ) -> Result<TestGroup, PackageError> {
        let mut group = TestGroup {
            name: name.to_owned(),
            items,
            on_reject: settings.on_reject.unwrap_or(OnReject::Break),
            grading: settings.grading(),
        };
        if self.formats.groups == Format::V2025 {
            let path = formats::file_of(directory);
            aggregation::apply(&mut group, self.kind, &settings.scoring, &path, self.warnings)?;
            self.unbounded.extend(Unbounded::of(name, &settings.scoring, &path));
            self.requirements.extend(Requirement::of(name, &settings.scoring, path));
            if self.tested_by == TestedBy::Inputs && !self.formats.mixes_tests_and_groups() {
                self.warn_of_mixture(&group, directory);
            }
        }
        Ok(group)
    }
}

/// The name of a test's file without its extension; other names are what they are.
pub(super) fn stem_of(base: &str) -> &str {
    let extensions = [".in", ".ans", ".out", ".files"];
    extensions
        .iter()
        .find_map(|extension| base.strip_suffix(extension))
        .unwrap_or(base)
}

/// The text of a `.hint` or `.desc` file (legacy format, section "Annotations").
fn note(path: &Path) -> Result<Option<String>, PackageError> {
    const LONGEST: u64 = 16 << 10;
    let text = crate::problem::files::start_of(path, LONGEST)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}
