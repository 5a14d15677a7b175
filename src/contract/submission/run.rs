//! Programs that are only run: what is asked for, as it is written on the wire and as the judge takes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::json::object;
use crate::contract::submission::source_file::{FileMessage, RELATIVE_PATH};
use crate::contract::{SourceFile, Submission, Target};

/// A request to run a program and to give back what it prints, instead of judging it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunMessage {
    /// What the program is started with, once for each; without it once, with empty standard input.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_many"
    )]
    #[schemars(length(min = 1))]
    pub inputs: Option<Vec<RunInputMessage>>,
    /// Files to fetch after each run.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::many")]
    pub fetch: Vec<FetchFile>,
    /// How long program and result are kept behind the result, in seconds, where they are stored; without it as long as
    /// every other submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = LONGEST_KEPT_S))]
    pub keep_s: Option<u64>,
}

/// A hundred years, in seconds.
pub(in crate::contract) const LONGEST_KEPT_S: u64 = 100 * 365 * 24 * 3600;

/// What a program is started with. At most one of `stdin` and `stdin_base64` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("not" = {
    "required": ["stdin", "stdin_base64"],
    "properties": { "stdin": { "type": "string" }, "stdin_base64": { "type": "string" } },
}))]
pub struct RunInputMessage {
    /// Name in the result, like no other's; without it its number, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub name: Option<String>,
    /// Standard input, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Standard input, in base64 (RFC 4648, section 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin_base64: Option<String>,
    /// Arguments of the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Files that lie beside the program in this run only, none with the name of a file of the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::many")]
    pub files: Vec<FileMessage>,
}

/// A file that a program may leave behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FetchFile {
    /// Relative path with `/` between its parts.
    #[schemars(length(min = 1, max = 255), regex(pattern = RELATIVE_PATH))]
    pub path: String,
    /// How much of it is wanted, in bytes; clamped to the judge's ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_bytes: Option<u64>,
}

impl Submission {
    /// How long it is kept behind its answer, in seconds, where it says so.
    pub fn keep_s(&self) -> Option<u64> {
        match &self.target {
            Target::Run(run) => run.keep_s,
            _ => None,
        }
    }
}

/// What is to be run, after it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunTarget {
    /// One run each, at least one.
    pub inputs: Vec<RunInput>,
    /// Files to fetch after each run; their paths are relative and safe to join to a directory.
    pub fetch: Vec<FetchFile>,
    /// How long program and result are kept behind the result, in seconds, where less than for ever is wanted.
    pub keep_s: Option<u64>,
}

/// What a program is started with, after it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunInput {
    /// Name in the result.
    pub name: String,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Arguments.
    pub args: Vec<String>,
    /// Files of this run.
    pub files: Vec<SourceFile>,
}
