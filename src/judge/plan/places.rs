//! Which files lie where in the box of a submission: its own, those that its problem adds, and ours.

use std::collections::BTreeSet;

use crate::config::LanguageSettings;
use crate::contract::{Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::plan::{Planned, rejected};
use crate::judge::program_file::is_in_the_way;
use crate::problem::in_the_way;

/// No file of a submission may be a directory on the way to one that is laid beside it, nor lie below one. Where both have
/// the same name the other one counts.
///
/// # Errors
/// Names the file that is in the way.
pub(super) fn check_places(
    submission: &Submission,
    language: &LanguageSettings,
    planned: &Planned,
) -> Result<(), Rejected> {
    let of_tests = || planned.tests.iter().flat_map(|test| &test.more_files);
    if language.is_compiled()
        && let Some(file) = of_tests().find(|file| is_in_the_way(&file.name))
    {
        let reason = format!(
            "{:?} lies where the compiled program does; call it otherwise",
            file.name
        );
        return Err(rejected(submission, RejectionCode::FileName, "run.inputs", reason));
    }
    let laid = planned.included.iter().chain(of_tests());
    let laid: BTreeSet<&str> = laid.map(|file| file.name.as_str()).collect();
    let beside = planned.package.as_ref().map(|package| package.beside.names());
    let other_of = |name: &str| in_the_way(name, &laid).or_else(|| in_the_way(name, beside?));
    let counts = |(_, file): &(usize, &SourceFile)| !laid.contains(file.name.as_str());
    let mut files = submission.files.iter().enumerate().filter(counts);
    let Some((index, file, other)) = files.find_map(|(index, file)| Some((index, file, other_of(&file.name)?))) else {
        return Ok(());
    };
    let reason = format!(
        "{:?} cannot lie beside {other:?}, which is laid there for the tests; call it otherwise",
        file.name
    );
    let field = format!("files[{index}].name");
    Err(rejected(submission, RejectionCode::FileName, &field, reason))
}

#[cfg(test)]
mod tests {
    use crate::judge::plan::{answers, asserts, calls};
    use crate::problem::OWN_NAMES;

    #[test]
    fn what_is_ours_has_names_that_packages_leave_to_us() {
        for name in [
            answers::PRINTER,
            asserts::SERVER,
            asserts::ENTRY_FILE,
            calls::CALLER,
            calls::CALL_FILE,
            calls::REPORT_FILE,
        ] {
            assert!(name.starts_with(OWN_NAMES), "{name}");
        }
    }
}
