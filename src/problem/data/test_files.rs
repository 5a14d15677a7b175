//! Files that lie beside the input of a test, under its name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::counted::counted;
use crate::problem::data::formats::Formats;
use crate::problem::data::settings::TestSettings;
use crate::problem::files::{name_of, start_of};
use crate::problem::yaml::beyond_bounds;
use crate::problem::{PackageError, Warning};

/// Extensions that mean something in one of the formats, or to BAPCtools.
const KNOWN: [&str; 17] = [
    "in",
    "ans",
    "out",
    "yaml",
    "files",
    "hint",
    "desc",
    "png",
    "jpg",
    "jpeg",
    "svg",
    "pdf",
    "interaction",
    "in.statement",
    "ans.statement",
    "in.download",
    "ans.download",
];

/// The arguments of a test in the first versions of 2023-07-draft, which later stand in its `.yaml`.
const ARGS: &str = "args";

/// Most of a file of arguments that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The settings of a single test: those of its group, under those of its own files, which `beside` finds by their
/// extensions.
pub(super) fn settings_of(
    of_group: &TestSettings,
    formats: Formats,
    beside: &dyn Fn(&str) -> PathBuf,
    warnings: &mut Vec<Warning>,
) -> Result<TestSettings, PackageError> {
    let mut above = of_group.clone();
    if formats.has_args_files()
        && let Some(args) = args_in(&beside(ARGS))?
    {
        above.args = args;
    }
    above.of_test(&beside("yaml"), warnings)
}

/// What stands between white space (2023-07-draft, section "Input").
fn args_in(path: &Path) -> Result<Option<Vec<String>>, PackageError> {
    let Some(text) = start_of(path, LARGEST)? else {
        return Ok(None);
    };
    let args: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    match beyond_bounds(&args) {
        Some(complaint) => Err(PackageError::invalid(path, complaint)),
        None => Ok(Some(args)),
    }
}

/// Files of tests that mean nothing, by their extensions: the first of each, and how many more there are.
#[derive(Debug, Default)]
pub(in crate::problem) struct UnreadFiles {
    by_extension: BTreeMap<String, (PathBuf, u64)>,
}

impl UnreadFiles {
    /// Notes a file, if it is one.
    pub(super) fn note(&mut self, path: &Path, formats: Formats) {
        let base = name_of(path);
        let is_read = |extension: &str| {
            let stem = base.strip_suffix(extension).and_then(|stem| stem.strip_suffix('.'));
            stem.is_some_and(|stem| !stem.is_empty())
        };
        if KNOWN.iter().any(|known| is_read(known)) || (formats.has_args_files() && is_read(ARGS)) {
            return;
        }
        if let Some(extension) = extension_of(path, &base) {
            let first = || (path.to_owned(), 0);
            self.by_extension
                .entry(extension.to_owned())
                .and_modify(|(_, more)| *more += 1)
                .or_insert_with(first);
        }
    }

    pub(super) fn into_warnings(self) -> impl Iterator<Item = Warning> {
        self.by_extension.into_iter().map(|(extension, (path, more))| {
            let others = match more {
                0 => String::new(),
                more => format!(
                    ", and so does {}",
                    counted(more, "other file of a test", "other files of tests")
                ),
            };
            let hint = match extension == ARGS {
                true => "; arguments are the key args of the test's .yaml",
                false => "",
            };
            Warning::new(
                &path,
                format!("means nothing in the format{others}, and is not read{hint}"),
            )
        })
    }
}

/// What stands behind the name of a test in the name of a file beside it; both may hold dots.
fn extension_of<'a>(path: &Path, base: &'a str) -> Option<&'a str> {
    let splits = base
        .rmatch_indices('.')
        .map(|(dot, _)| (&base[..dot], &base[dot + 1..]));
    let is_test = |stem: &str| !stem.is_empty() && path.with_file_name(format!("{stem}.in")).is_file();
    splits
        .into_iter()
        .find(|(stem, _)| is_test(stem))
        .map(|(_, extension)| extension)
}
