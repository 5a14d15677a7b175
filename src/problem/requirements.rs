//! `requirements.txt` of a package: the Python libraries that its submissions may import. The formats say nothing of it.

use std::path::Path;

use crate::libraries::Requirements;
use crate::problem::PackageError;
use crate::problem::files::start_of;

/// Name of the file.
const FILE: &str = "requirements.txt";

/// Its bytes, at most.
const LARGEST: u64 = 256 << 10;

/// What the package asks for; nothing where there is no such file.
pub(super) fn read(root: &Path) -> Result<Requirements, PackageError> {
    let path = root.join(FILE);
    let Some(text) = start_of(&path, LARGEST + 1)? else {
        return Ok(Requirements::default());
    };
    if text.len() as u64 > LARGEST {
        return Err(PackageError::invalid(&path, format!("has more than {LARGEST} bytes")));
    }
    let read = Requirements::read(&text).map_err(|error| PackageError::Requirements {
        path: path.clone(),
        line: error.line,
        source: error.source,
    })?;
    let condition = read.iter().find_map(|wanted| wanted.condition.clone());
    match condition {
        Some(condition) => {
            let message =
                format!("has the condition {condition:?}; an environment has one Python, so write it without `;`");
            Err(PackageError::invalid(&path, message))
        }
        None => Ok(read),
    }
}
