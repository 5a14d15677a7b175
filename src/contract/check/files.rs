//! The files of a message: how many, how large, and names that stay below the directory they are joined to.

use std::collections::HashSet;

use base64::Engine as _;

use crate::contract::submission::source_file::FileMessage;
use crate::contract::{Rejected, RejectionCode, SourceFile, SubmissionCaps};

/// Longest file name, in bytes: `NAME_MAX` of every file system that matters.
pub(super) const LONGEST_NAME: usize = 255;

/// Parts of a name, at most: each directory takes room in a box.
const MOST_PARTS: usize = 33;

/// Names of files together, in bytes, at most: they are told to a box in one piece.
const MOST_NAME_BYTES: usize = 64 << 10;

/// Something that was checked, or the first mistake in it.
pub(super) type Check<T> = Result<T, Rejected>;

/// The source files of a message.
pub(in crate::contract) fn check_files(files: Vec<FileMessage>, caps: &SubmissionCaps) -> Check<Vec<SourceFile>> {
    let field = || Some("files".to_owned());
    if files.is_empty() {
        return Err(Rejected::new(
            RejectionCode::EntryPoint,
            field(),
            "there is no file to run".to_owned(),
        ));
    }
    if files.len() > caps.files {
        let reason = format!("{} files, at most {} are allowed", files.len(), caps.files);
        return Err(Rejected::new(RejectionCode::TooLarge, field(), reason));
    }
    let mut names = HashSet::new();
    let mut checked = Vec::with_capacity(files.len());
    for (index, file) in files.into_iter().enumerate() {
        let name_field = || Some(format!("files[{index}].name"));
        check_name(&file.name).map_err(|reason| Rejected::new(RejectionCode::FileName, name_field(), reason))?;
        if !names.insert(file.name.clone()) {
            let reason = format!("{:?} is given twice", file.name);
            return Err(Rejected::new(RejectionCode::FileName, name_field(), reason));
        }
        checked.push(decode_file(file, &format!("files[{index}]"))?);
    }
    check_sizes(&checked, caps).map_err(|reason| Rejected::new(RejectionCode::TooLarge, field(), reason))?;
    check_nesting(|index| format!("files[{index}].name"), &checked)?;
    Ok(checked)
}

fn check_sizes(files: &[SourceFile], caps: &SubmissionCaps) -> Result<(), String> {
    let total: usize = files.iter().map(|file| file.content.len()).sum();
    if total > caps.source_bytes {
        return Err(format!(
            "the files have {total} bytes together, at most {} are allowed",
            caps.source_bytes
        ));
    }
    let names: usize = files.iter().map(|file| file.name.len()).sum();
    if names > MOST_NAME_BYTES {
        return Err(format!(
            "the names of the files have {names} bytes together, at most {MOST_NAME_BYTES} are allowed"
        ));
    }
    Ok(())
}

/// A relative path that stays below the directory it is joined to, on every system.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let complaint = if name.is_empty() {
        "is empty"
    } else if name.len() > LONGEST_NAME {
        "is longer than 255 bytes"
    } else if name.starts_with('/') {
        "is absolute, only relative paths are allowed"
    } else if name.chars().any(char::is_control) {
        "holds a control character"
    } else if name.contains('\\') {
        "holds a backslash; parts of a path are separated by /"
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        "has an empty part, a . or a .."
    } else if name.split('/').count() > MOST_PARTS {
        "lies more than 32 directories deep"
    } else {
        return Ok(());
    };
    Err(format!("{name:?} {complaint}"))
}

/// No file may be a directory on the way to another; `field` says where the name of one is.
pub(super) fn check_nesting(field: impl Fn(usize) -> String, files: &[SourceFile]) -> Check<()> {
    let names: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for (index, file) in files.iter().enumerate() {
        let parents = file.name.match_indices('/').map(|(end, _)| &file.name[..end]);
        if let Some(parent) = parents.into_iter().find(|parent| names.contains(parent)) {
            let reason = format!("{:?} lies below {parent:?}, which is a file", file.name);
            return Err(Rejected::new(RejectionCode::FileName, Some(field(index)), reason));
        }
    }
    Ok(())
}

/// A file whose place in the message is `field`.
pub(super) fn decode_file(file: FileMessage, field: &str) -> Check<SourceFile> {
    let FileMessage {
        name,
        content,
        content_base64,
    } = file;
    let content = match (content, content_base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(encoded)) => base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .map_err(|error| {
                let field = format!("{field}.content_base64");
                Rejected::new(RejectionCode::Schema, Some(field), format!("is no base64: {error}"))
            })?,
        _ => {
            let reason = "exactly one of content and content_base64 is expected".to_owned();
            return Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
        }
    };
    Ok(SourceFile { name, content })
}

/// Names that a table and a database can show, none of them twice; `field` is the list that they belong to.
pub(in crate::contract) fn check_names(field: &str, list: impl Iterator<Item = String>) -> Check<()> {
    let mut names = HashSet::new();
    for (index, name) in list.enumerate() {
        let complaint = if name.is_empty() {
            "is empty"
        } else if name.len() > LONGEST_NAME {
            "is longer than 255 bytes"
        } else if name.chars().any(char::is_control) {
            "holds a control character"
        } else if names.contains(&name) {
            "is the name of another one too"
        } else {
            names.insert(name);
            continue;
        };
        let field = Some(format!("{field}[{index}].name"));
        return Err(Rejected::new(
            RejectionCode::Schema,
            field,
            format!("{name:?} {complaint}"),
        ));
    }
    Ok(())
}
