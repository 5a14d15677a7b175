//! Checks the program of a message that is only run, and its inputs.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::contract::check::files::{Check, check_name, check_names, check_nesting, decode_file};
use crate::contract::submission::run::{FetchFile, LONGEST_KEPT_S, RunInput, RunInputMessage, RunMessage, RunTarget};
use crate::contract::{FileMessage, Rejected, RejectionCode, SourceFile, SubmissionCaps};

/// Arguments of a program, and bytes of all of them: the kernel takes more (`execve(2)`), and no person types them.
const ARGUMENTS: usize = 1024;
const ARGUMENT_BYTES: usize = 64 << 10;

/// The runs that a message asks for, beside these files of its program.
pub(in crate::contract) fn check_run(
    run: RunMessage,
    program: &[SourceFile],
    caps: &SubmissionCaps,
) -> Check<RunTarget> {
    let RunMessage { inputs, fetch, keep_s } = run;
    check_fetch(&fetch, caps)?;
    if keep_s.is_some_and(|keep_s| keep_s > LONGEST_KEPT_S) {
        let reason = format!("is more than {LONGEST_KEPT_S}, a hundred years");
        return Err(wrong("run.keep_s".to_owned(), reason));
    }
    let inputs = inputs.unwrap_or_else(|| vec![RunInputMessage::default()]);
    check_count("run.inputs", "inputs", inputs.len(), caps.tests)?;
    if inputs.is_empty() {
        return Err(wrong("run.inputs".to_owned(), "is empty".to_owned()));
    }
    let numbered = inputs.into_iter().enumerate();
    let inputs: Vec<RunInput> = numbered
        .map(|(index, input)| check_input(index, input, program, caps))
        .collect::<Check<_>>()?;
    check_names("run.inputs", inputs.iter().map(|input| input.name.clone()))?;
    Ok(RunTarget { inputs, fetch, keep_s })
}

fn check_input(index: usize, input: RunInputMessage, program: &[SourceFile], caps: &SubmissionCaps) -> Check<RunInput> {
    let field = format!("run.inputs[{index}]");
    check_args(&field, &input.args)?;
    let stdin = stdin_of(&field, input.stdin, input.stdin_base64)?;
    Ok(RunInput {
        name: input.name.unwrap_or_else(|| (index + 1).to_string()),
        stdin,
        args: input.args,
        files: check_files_beside(&field, input.files, program, caps)?,
    })
}

fn stdin_of(field: &str, text: Option<String>, encoded: Option<String>) -> Check<Vec<u8>> {
    match (text, encoded) {
        (None, None) => Ok(Vec::new()),
        (Some(text), None) => Ok(text.into_bytes()),
        (None, Some(encoded)) => STANDARD
            .decode(encoded)
            .map_err(|error| wrong(format!("{field}.stdin_base64"), format!("is no base64: {error}"))),
        (Some(_), Some(_)) => {
            let reason = "only one of stdin and stdin_base64 can be given".to_owned();
            Err(wrong(field.to_owned(), reason))
        }
    }
}

fn check_args(field: &str, args: &[String]) -> Check<()> {
    let field = format!("{field}.args");
    check_count(&field, "arguments", args.len(), ARGUMENTS)?;
    let bytes: usize = args.iter().map(String::len).sum();
    check_count(&field, "bytes together", bytes, ARGUMENT_BYTES)?;
    match args.iter().any(|arg| arg.contains('\0')) {
        true => Err(wrong(field, "an argument holds a NUL".to_owned())),
        false => Ok(()),
    }
}

/// The files of one run. One that replaced a file of the program would leave it open which of them was compiled.
fn check_files_beside(
    field: &str,
    files: Vec<FileMessage>,
    program: &[SourceFile],
    caps: &SubmissionCaps,
) -> Check<Vec<SourceFile>> {
    let field = format!("{field}.files");
    check_count(&field, "files", files.len(), caps.files)?;
    let mut together = program.to_vec();
    for (index, file) in files.into_iter().enumerate() {
        let place = format!("{field}[{index}]");
        check_file_name(&format!("{place}.name"), &file.name)?;
        let name_of = |other: &SourceFile| other.name == file.name;
        if together.iter().any(name_of) {
            let reason = format!("{:?} is the name of another file too", file.name);
            return Err(Rejected::new(
                RejectionCode::FileName,
                Some(format!("{place}.name")),
                reason,
            ));
        }
        together.push(decode_file(file, &place)?);
    }
    // Where a file of the program is in the way, it is the list that is wrong.
    check_nesting(|_index| field.clone(), &together)?;
    Ok(together.split_off(program.len()))
}

fn check_fetch(fetch: &[FetchFile], caps: &SubmissionCaps) -> Check<()> {
    check_count("run.fetch", "files", fetch.len(), caps.files)?;
    let mut paths = HashSet::new();
    for (index, file) in fetch.iter().enumerate() {
        let field = format!("run.fetch[{index}]");
        check_file_name(&format!("{field}.path"), &file.path)?;
        if file.max_bytes == Some(0) {
            return Err(wrong(
                format!("{field}.max_bytes"),
                "0 is too small, the least is 1".to_owned(),
            ));
        }
        if !paths.insert(file.path.as_str()) {
            let reason = format!("{:?} is given twice", file.path);
            return Err(wrong(format!("{field}.path"), reason));
        }
    }
    Ok(())
}

fn check_file_name(field: &str, name: &str) -> Check<()> {
    check_name(name).map_err(|reason| Rejected::new(RejectionCode::FileName, Some(field.to_owned()), reason))
}

fn check_count(field: &str, what: &str, found: usize, most: usize) -> Check<()> {
    if found > most {
        let reason = format!("{found} {what}, at most {most} are allowed");
        return Err(Rejected::new(RejectionCode::TooLarge, Some(field.to_owned()), reason));
    }
    Ok(())
}

fn wrong(field: String, reason: String) -> Rejected {
    Rejected::new(RejectionCode::Schema, Some(field), reason)
}
