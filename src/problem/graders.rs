//! `graders/`: the program that makes one result of the results of a group (legacy format, section "Graders").

use std::path::Path;

use crate::problem::files::entries_in_use;
use crate::problem::validator::{programs_in, single_program};
use crate::problem::{Constants, PackageError, TestGroup, ValidatorProgram, Warning};

/// Where it is: in the format, and as some packages have it.
const DIRECTORIES: [&str; 2] = ["graders", "grader"];

/// The grader, where a group is graded by it.
pub(super) fn read(
    root: &Path,
    groups: &TestGroup,
    constants: &Constants,
    warnings: &mut Vec<Warning>,
) -> Result<Option<ValidatorProgram>, PackageError> {
    let [many, single] = DIRECTORIES.map(|name| root.join(name));
    if !groups.needs_grader() {
        for unused in [&many, &single] {
            if !entries_in_use(unused)?.is_empty() {
                let message = "is not used: no testdata.yaml says \"grading: custom\"";
                warnings.push(Warning::new(unused, message));
            }
        }
        return Ok(None);
    }
    let mut programs = programs_in(&many, warnings)?;
    programs.extend(single_program(&single)?);
    match programs.len() {
        0 => {
            let message = "\"grading: custom\" asks for a grader, and there is none: expected a program here";
            Err(PackageError::invalid(&many, message))
        }
        1 => {
            programs
                .iter()
                .try_for_each(|program| program.check_room(&many, constants))?;
            Ok(programs.pop())
        }
        several => {
            let message = format!("holds {several} graders, one is allowed");
            Err(PackageError::invalid(&many, message))
        }
    }
}
