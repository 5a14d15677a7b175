//! A program in Piston's form, and its translation to ours.

use serde::Deserialize;

use crate::contract::{
    FileMessage, Rejected, RejectionCode, RequestedLimits, RunInputMessage, RunMessage, SourceFile, SubmissionRequest,
};
use crate::gateway::dialect::base64_text;
use crate::gateway::dialect::lenient::{Number, Text};
use crate::gateway::dialect::versions::Offered;
use crate::gateway::refusal::Refusal;

/// Name of a program that has none.
const PROGRAM: &str = "main.py";

/// A program that is to be run. What is not named here is passed over, as Piston does it: nothing is compiled.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Execute {
    pub(super) language: String,
    pub(super) version: String,
    files: Vec<PistonFile>,
    stdin: Option<String>,
    args: Option<Vec<String>>,
    #[serde(default)]
    run_timeout: Number,
    #[serde(default)]
    run_cpu_time: Number,
    #[serde(default)]
    run_memory_limit: Number,
}

#[derive(Debug, Clone, Deserialize)]
struct PistonFile {
    name: Option<String>,
    content: String,
    #[serde(default)]
    encoding: Text,
}

/// How the content of a file was written. What Piston does not know is text to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Base64,
    Hex,
}

impl Execute {
    /// The same as a submission of ours. The program is the first file that is written as text, else the first.
    pub(super) fn translate(self, language: &Offered) -> Result<SubmissionRequest, Refusal> {
        let limits = self.limits();
        let program = self.files.iter().position(|file| file.encoding() == Encoding::Utf8);
        let program = program.unwrap_or_default();
        let files: Vec<FileMessage> = self
            .files
            .into_iter()
            .enumerate()
            .map(|(index, file)| file.translate(index, index == program))
            .collect::<Result<_, _>>()?;
        let input = RunInputMessage {
            stdin: self.stdin,
            args: self.args.unwrap_or_default(),
            ..RunInputMessage::default()
        };
        Ok(SubmissionRequest {
            language: Some(language.name.clone()),
            entry_point: files.get(program).map(|program| program.name.clone()),
            files: Some(files),
            run: Some(RunMessage {
                inputs: Some(vec![input]),
                ..RunMessage::default()
            }),
            limits,
            ..SubmissionRequest::default()
        })
    }

    /// Without a CPU limit in the request, a program may use as much CPU time as it may take on the wall.
    fn limits(&self) -> RequestedLimits {
        let wall_ms = self.run_timeout.times(1.0).filter(|wall_ms| *wall_ms > 0);
        let cpu_ms = self.run_cpu_time.times(1.0).filter(|cpu_ms| *cpu_ms > 0);
        RequestedLimits {
            cpu_ms: cpu_ms.or(wall_ms),
            wall_ms,
            memory_bytes: self.run_memory_limit.times(1.0).filter(|bytes| *bytes > 0),
            ..RequestedLimits::default()
        }
    }
}

impl PistonFile {
    fn encoding(&self) -> Encoding {
        match self.encoding.as_deref() {
            Some("base64") => Encoding::Base64,
            Some("hex") => Encoding::Hex,
            _ => Encoding::Utf8,
        }
    }

    fn translate(self, index: usize, is_program: bool) -> Result<FileMessage, Rejected> {
        let usual = match is_program {
            true => PROGRAM.to_owned(),
            false => format!("file{index}.code"),
        };
        let content = match self.encoding() {
            Encoding::Utf8 => Ok(self.content.into_bytes()),
            Encoding::Base64 => base64_text::decode(&self.content).map_err(|error| error.to_string()),
            Encoding::Hex => hex::decode(&self.content).map_err(|error| error.to_string()),
        };
        let content = content.map_err(|reason| Rejected {
            id: None,
            code: RejectionCode::Schema,
            field: Some(format!("files[{index}].content")),
            reason,
        })?;
        let name = self.name.filter(|name| !name.is_empty()).unwrap_or(usual);
        Ok(FileMessage::from(SourceFile { name, content }))
    }
}
