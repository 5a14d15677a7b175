//! The door: bytes become a [`Submission`], or a [`Rejected`] that names the field.

use std::collections::HashSet;

use base64::Engine as _;

use crate::contract::read::{read, readable_id};
use crate::contract::submission::{FileMessage, SubmissionType};
use crate::contract::{
    InlineTest, ProblemRef, Rejected, RejectionCode, SourceFile, Submission, SubmissionMessage, Target,
};

/// How large a submission may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubmissionCaps {
    /// Bytes of the whole message body.
    pub message_bytes: usize,
    /// Bytes of all source files together.
    pub source_bytes: usize,
    /// Source files.
    pub files: usize,
    /// Inline tests.
    pub tests: usize,
    /// Bytes of `metadata` as JSON.
    pub metadata_bytes: usize,
}

/// Longest file name, in bytes: `NAME_MAX` of every file system that matters.
const LONGEST_NAME: usize = 255;

type Check<T> = Result<T, Rejected>;

/// Parses and checks the body of a message.
///
/// # Errors
/// The first mistake that is found, with the path of its field, and the id of the submission if that can be read.
pub fn parse(body: &[u8], caps: &SubmissionCaps) -> Result<Submission, Rejected> {
    check_length(body, caps)
        .and_then(|()| read(body))
        .and_then(|message| check(message, caps))
        .map_err(|rejected| Rejected {
            id: readable_id(body),
            ..rejected.shortened()
        })
}

fn check_length(body: &[u8], caps: &SubmissionCaps) -> Check<()> {
    let (length, most) = (body.len(), caps.message_bytes);
    if length > most {
        let reason = format!("the message has {length} bytes, at most {most} are allowed");
        return Err(Rejected::new(RejectionCode::TooLarge, None, reason));
    }
    Ok(())
}

fn check(message: SubmissionMessage, caps: &SubmissionCaps) -> Check<Submission> {
    let SubmissionMessage {
        version: SubmissionType::V1,
        id,
        language,
        files,
        entry_point,
        problem,
        tests,
        validator_flags,
        limits,
        stop_on_first_failure,
        rejudge,
        metadata,
    } = message;
    check_word("language", &language)?;
    if let Some(problem) = &problem {
        check_word("problem.id", &problem.id)?;
        check_word("problem.revision", problem.revision.as_deref().unwrap_or_default())?;
    }
    for (index, flag) in validator_flags.iter().enumerate() {
        check_controls(&format!("validator_flags[{index}]"), flag)?;
    }
    let files = check_files(files, caps)?;
    check_entry_point(entry_point.as_deref(), &files)?;
    let target = check_target(problem, tests, validator_flags, caps)?;
    limits.check().map_err(|error| {
        Rejected::new(
            RejectionCode::Limits,
            Some(format!("limits.{}", error.field)),
            error.to_string(),
        )
    })?;
    check_metadata(&metadata, caps)?;
    Ok(Submission {
        id,
        language,
        files,
        entry_point,
        target,
        limits,
        stop_on_first_failure,
        rejudge,
        metadata,
    })
}

/// A name that is looked up, stored and shown.
fn check_word(field: &str, word: &str) -> Check<()> {
    if word.len() > LONGEST_NAME {
        let reason = format!("is longer than {LONGEST_NAME} bytes");
        return Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    }
    check_controls(field, word)
}

/// PostgreSQL stores no NUL, and no control character belongs into what is shown on one line.
fn check_controls(field: &str, text: &str) -> Check<()> {
    if text.chars().any(char::is_control) {
        let reason = format!("{text:?} holds a control character");
        return Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    }
    Ok(())
}

fn check_files(files: Vec<FileMessage>, caps: &SubmissionCaps) -> Check<Vec<SourceFile>> {
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
    let mut total = 0;
    let mut checked = Vec::with_capacity(files.len());
    for (index, file) in files.into_iter().enumerate() {
        let name_field = || Some(format!("files[{index}].name"));
        check_name(&file.name).map_err(|reason| Rejected::new(RejectionCode::FileName, name_field(), reason))?;
        if !names.insert(file.name.clone()) {
            let reason = format!("{:?} is given twice", file.name);
            return Err(Rejected::new(RejectionCode::FileName, name_field(), reason));
        }
        let file = decode_file(file, index)?;
        total += file.content.len();
        checked.push(file);
    }
    if total > caps.source_bytes {
        let reason = format!(
            "the files have {total} bytes together, at most {} are allowed",
            caps.source_bytes
        );
        return Err(Rejected::new(RejectionCode::TooLarge, field(), reason));
    }
    check_nesting(&checked)?;
    Ok(checked)
}

/// Names that a table and a database can show, none of them twice.
fn check_test_names(tests: &[InlineTest]) -> Check<()> {
    let mut names = HashSet::new();
    for (index, test) in tests.iter().enumerate() {
        let name = test.name_or_number(index);
        let complaint = if name.is_empty() {
            "is empty"
        } else if name.len() > LONGEST_NAME {
            "is longer than 255 bytes"
        } else if name.chars().any(char::is_control) {
            "holds a control character"
        } else if names.contains(&name) {
            "is the name of another test too"
        } else {
            names.insert(name);
            continue;
        };
        let field = Some(format!("tests[{index}].name"));
        return Err(Rejected::new(
            RejectionCode::Schema,
            field,
            format!("{name:?} {complaint}"),
        ));
    }
    Ok(())
}

/// A relative path that stays below the directory it is joined to, on every system.
fn check_name(name: &str) -> Result<(), String> {
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
    } else {
        return Ok(());
    };
    Err(format!("{name:?} {complaint}"))
}

/// No file may be a directory on the way to another.
fn check_nesting(files: &[SourceFile]) -> Check<()> {
    let names: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for (index, file) in files.iter().enumerate() {
        let parents = file.name.match_indices('/').map(|(end, _)| &file.name[..end]);
        if let Some(parent) = parents.into_iter().find(|parent| names.contains(parent)) {
            let reason = format!("{:?} lies below {parent:?}, which is a file", file.name);
            return Err(Rejected::new(
                RejectionCode::FileName,
                Some(format!("files[{index}].name")),
                reason,
            ));
        }
    }
    Ok(())
}

fn decode_file(file: FileMessage, index: usize) -> Check<SourceFile> {
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
                let field = format!("files[{index}].content_base64");
                Rejected::new(RejectionCode::Schema, Some(field), format!("is no base64: {error}"))
            })?,
        _ => {
            let reason = "exactly one of content and content_base64 is expected".to_owned();
            return Err(Rejected::new(
                RejectionCode::Schema,
                Some(format!("files[{index}]")),
                reason,
            ));
        }
    };
    Ok(SourceFile { name, content })
}

fn check_entry_point(entry_point: Option<&str>, files: &[SourceFile]) -> Check<()> {
    match entry_point {
        Some(name) if !files.iter().any(|file| file.name == name) => {
            let reason = format!("{name:?} is none of the files");
            Err(Rejected::new(
                RejectionCode::EntryPoint,
                Some("entry_point".to_owned()),
                reason,
            ))
        }
        _ => Ok(()),
    }
}

fn check_target(
    problem: Option<ProblemRef>,
    tests: Option<Vec<InlineTest>>,
    validator_flags: Vec<String>,
    caps: &SubmissionCaps,
) -> Check<Target> {
    let wrong = |field: &str, reason: String| Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    match (problem, tests) {
        (Some(problem), None) if validator_flags.is_empty() => Ok(Target::Problem(problem)),
        (Some(_), None) => wrong(
            "validator_flags",
            "belongs to tests, the problem brings its own".to_owned(),
        ),
        (None, Some(tests)) if tests.is_empty() => wrong("tests", "is empty".to_owned()),
        (None, Some(tests)) if tests.len() > caps.tests => {
            let reason = format!("{} tests, at most {} are allowed", tests.len(), caps.tests);
            Err(Rejected::new(RejectionCode::TooLarge, Some("tests".to_owned()), reason))
        }
        (None, Some(tests)) => {
            check_test_names(&tests)?;
            Ok(Target::Inline { tests, validator_flags })
        }
        (Some(_), Some(_)) => wrong("tests", "only one of problem and tests can be given".to_owned()),
        (None, None) => wrong("problem", "one of problem and tests is missing".to_owned()),
    }
}

fn check_metadata(metadata: &crate::contract::Metadata, caps: &SubmissionCaps) -> Check<()> {
    let size = serde_json::to_vec(metadata).map_or(usize::MAX, |json| json.len());
    if size > caps.metadata_bytes {
        let reason = format!("has {size} bytes, at most {} are allowed", caps.metadata_bytes);
        return Err(Rejected::new(
            RejectionCode::TooLarge,
            Some("metadata".to_owned()),
            reason,
        ));
    }
    Ok(())
}
