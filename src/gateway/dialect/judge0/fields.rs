//! What of a submission a client asks for, and how texts are written for it.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::gateway::dialect::judge0::answer::FIELDS;
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

/// What Judge0 shows and this service does not: it is `null` where it is asked for.
const NOT_SHOWN: [&str; 21] = [
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
    /// What a callback holds.
    pub(super) fn of_callback() -> Self {
        Self {
            base64_encoded: "true".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn is_base64(&self) -> bool {
        is_true(&self.base64_encoded)
    }

    pub(super) fn waits(&self) -> bool {
        is_true(&self.wait)
    }

    /// Refuses fields that no submission has, before a program is run for them.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let is_known = |name: &&str| FIELDS.contains(name) || NOT_SHOWN.contains(name);
        match self.names().into_iter().flatten().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => {
                let detail = format!("invalid fields: [{name}]");
                Err(Refusal::new(StatusCode::BAD_REQUEST, "schema", detail))
            }
        }
    }

    /// The fields that are asked for, out of all that there are.
    pub(super) fn choose(&self, mut all: Map<String, Value>) -> Value {
        let Some(names) = self.names() else {
            return Value::Object(all);
        };
        let chosen = names.into_iter().map(|name| {
            let value = all.remove(name).unwrap_or_default();
            (name.to_owned(), value)
        });
        Value::Object(chosen.collect())
    }

    /// `None`: all of them.
    fn names(&self) -> Option<Vec<&str>> {
        match self.fields.trim() {
            "" => Some(USUAL.to_vec()),
            "*" => None,
            names => Some(names.split(',').map(str::trim).collect()),
        }
    }
}

fn is_true(word: &str) -> bool {
    matches!(word, "true" | "1")
}
