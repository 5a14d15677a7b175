//! `input_validators/`: programs that say whether an input is as the statement promises. Judging does not need them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::files::{entries_in_use, name_of};
use crate::problem::validator::{is_script, is_source, program};
use crate::problem::{Constants, PackageError, ValidatorProgram, Warning};

/// Where they are; the second name is deprecated.
const DIRECTORIES: [&str; 2] = ["input_validators", "input_format_validators"];

/// Descriptions of inputs that are no programs, and what reads them.
const LANGUAGES: [(&str, &str); 2] = [("ctd", "Checktestdata"), ("viva", "VIVA")];

/// The input validators that can be run; what is odd about the others becomes a warning.
pub(super) fn read(
    root: &Path,
    constants: &Constants,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<ValidatorProgram>, PackageError> {
    let mut programs = Vec::new();
    for directory in DIRECTORIES.map(|name| root.join(name)) {
        let paths = entries_in_use(&directory)?;
        let is_program_itself = paths.iter().any(|path| path.is_file() && is_script(path));
        if is_program_itself {
            programs.extend(runnable(&directory, root, warnings));
            continue;
        }
        let is_loose = |path: &PathBuf| path.is_file() && !is_source(path);
        let (loose, paths): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_loose);
        for path in paths {
            let Some(mut program) = runnable(&path, root, warnings) else {
                continue;
            };
            if path.is_file() {
                let beside = loose.iter().filter(|path| leads_inside(path, root));
                program.files.extend(beside.map(|path| (name_of(path), path.clone())));
            }
            programs.push(program);
        }
    }
    programs.retain(|program: &ValidatorProgram| match program.check_room(root, constants) {
        Ok(()) => true,
        Err(error) => {
            warnings.push(not_run(error));
            false
        }
    });
    Ok(programs)
}

fn runnable(path: &Path, root: &Path, warnings: &mut Vec<Warning>) -> Option<ValidatorProgram> {
    let extension = path.extension().unwrap_or_default();
    if let Some((_, language)) = LANGUAGES.iter().find(|(known, _)| extension == *known) {
        let message = format!("is not run: {language} is not supported, only programs are");
        warnings.push(Warning::new(path, message));
        return None;
    }
    // What a link leads to outside of the package is not the author's to read; it was warned of already.
    if !leads_inside(path, root) {
        return None;
    }
    match program(path) {
        Ok(mut program) => {
            program.files.retain(|(_, file)| leads_inside(file, root));
            Some(program)
        }
        Err(error) => {
            warnings.push(not_run(error));
            None
        }
    }
}

fn not_run(error: PackageError) -> Warning {
    let Warning { path, line, message } = error.into();
    Warning {
        path,
        line,
        message: format!("is not run: {message}"),
    }
}

fn leads_inside(path: &Path, root: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|target| target.starts_with(root))
}
