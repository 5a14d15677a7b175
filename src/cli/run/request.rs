//! What `assize run` asks for, from its arguments and its standard input.

use std::fs::File;
use std::io::{self, Read};

use anyhow::{Context as _, bail};
use uuid::Uuid;

use crate::cli::program::languages::Languages;
use crate::cli::program::{sources, stdin};
use crate::cli::run::Run;
use crate::config::SubmissionSettings;
use crate::contract::{
    FetchFile, FileMessage, RequestedLimits, RunInputMessage, RunMessage, SourceFile, SubmissionMessage,
};

impl Run {
    /// `most` bytes may come in one file, or from standard input.
    pub(super) fn message(
        &self,
        accepted: &SubmissionSettings,
        languages: Languages<'_>,
        most: u64,
    ) -> anyhow::Result<SubmissionMessage> {
        let files = sources::read(&self.program, accepted)?;
        let names = files.iter().map(|file| file.name.as_str());
        let language = languages.of_program(self.language.as_deref(), names, self.entry_point.as_deref())?;
        let language = language.to_owned();
        let input = self.input(most)?;
        let fetch = |path: &String| FetchFile {
            path: path.clone(),
            max_bytes: None,
        };
        let run = RunMessage {
            inputs: Some(vec![input]),
            fetch: self.fetch.iter().map(fetch).collect(),
            ..RunMessage::default()
        };
        let mut message = SubmissionMessage::to_run(Uuid::now_v7(), language, files, run);
        message.entry_point.clone_from(&self.entry_point);
        message.limits = RequestedLimits {
            cpu_ms: self.cpu,
            wall_ms: self.wall,
            memory_bytes: self.memory.map(|mib| mib << 20),
            output_bytes: self.output_bytes,
            processes: None,
        };
        Ok(message)
    }

    fn input(&self, most: u64) -> anyhow::Result<RunInputMessage> {
        let stdin = match sources::is_stdin(&self.program) {
            true => Vec::new(),
            false => given_input(most)?,
        };
        let (text, encoded) = FileMessage::from(SourceFile {
            name: String::new(),
            content: stdin,
        })
        .into_content();
        let files = self.file.iter().map(|named| beside(named, most));
        Ok(RunInputMessage {
            name: None,
            stdin: text,
            stdin_base64: encoded,
            args: self.args.clone(),
            files: files.collect::<anyhow::Result<_>>()?,
        })
    }
}

/// Standard input, unless that is a terminal.
fn given_input(most: u64) -> anyhow::Result<Vec<u8>> {
    if stdin::is_terminal() {
        anstream::eprintln!(
            "the program gets nothing to read, as at a terminal; its input is given with < FILE or a pipe"
        );
        return Ok(Vec::new());
    }
    within(stdin::read("the input of the program", most), most, "standard input")
}

/// A file that lies beside the program, `PATH` or `PATH=NAME`.
fn beside(named: &str, most: u64) -> anyhow::Result<FileMessage> {
    let (path, name) = named.split_once('=').unwrap_or((named, ""));
    let usual = path.rsplit('/').next().unwrap_or(path);
    let file = File::open(path).with_context(|| format!("cannot read {path}"))?;
    Ok(FileMessage::from(SourceFile {
        name: if name.is_empty() { usual } else { name }.to_owned(),
        content: within(read_at_most(file, most), most, path)?,
    }))
}

fn read_at_most(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut content)?;
    Ok(content)
}

/// What was read, if that is no more than a file in a box may have.
fn within(read: io::Result<Vec<u8>>, most: u64, what: &str) -> anyhow::Result<Vec<u8>> {
    let content = read.with_context(|| format!("cannot read {what}"))?;
    if content.len() as u64 > most {
        bail!("{what} has more than {most} bytes, which no file in a box may have; raise limits.file_bytes");
    }
    Ok(content)
}
