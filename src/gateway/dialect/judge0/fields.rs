//! What of a submission a client asks for, and how texts are written for it.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::gateway::refusal::Refusal;

/// What is shown where nothing is asked for.
const USUAL: [&str; 8] = [
    "stdout",
    "time",
    "memory",
    "stderr",
    "token",
    "compile_output",
    "message",
    "status",
];

/// What Judge0 keeps and this service does not: it is `null` where it is asked for.
const NOT_KEPT: [&str; 21] = [
    "source_code",
    "stdin",
    "expected_output",
    "additional_files",
    "post_execution_filesystem",
    "number_of_runs",
    "cpu_time_limit",
    "cpu_extra_time",
    "wall_time_limit",
    "memory_limit",
    "stack_limit",
    "max_processes_and_or_threads",
    "enable_per_process_and_thread_time_limit",
    "enable_per_process_and_thread_memory_limit",
    "max_file_size",
    "compiler_options",
    "command_line_arguments",
    "redirect_stderr_to_stdout",
    "callback_url",
    "enable_network",
    "queued_at",
];

/// The query of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    base64_encoded: String,
    wait: String,
    fields: String,
    /// Of a batch: the submissions, with commas between them.
    pub(super) tokens: String,
}

impl Ask {
    pub(super) fn is_base64(&self) -> bool {
        is_true(&self.base64_encoded)
    }

    pub(super) fn waits(&self) -> bool {
        is_true(&self.wait)
    }

    /// The fields that are asked for, out of all that there are.
    pub(super) fn choose(&self, mut all: Map<String, Value>) -> Result<Value, Refusal> {
        let names: Vec<&str> = match self.fields.trim() {
            "" => USUAL.to_vec(),
            "*" => return Ok(Value::Object(all)),
            names => names.split(',').map(str::trim).collect(),
        };
        let mut chosen = Map::new();
        for name in names {
            let value = all.remove(name).or(NOT_KEPT.contains(&name).then_some(Value::Null));
            let value = value.ok_or_else(|| {
                let detail = format!("invalid fields: [{name}]");
                Refusal::new(StatusCode::BAD_REQUEST, "schema", detail)
            })?;
            chosen.insert(name.to_owned(), value);
        }
        Ok(Value::Object(chosen))
    }
}

fn is_true(word: &str) -> bool {
    matches!(word, "true" | "1")
}
