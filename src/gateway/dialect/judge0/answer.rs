//! A submission as Judge0 shows it.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::contract::{Answer, Judgement, Payload, RunReport, RunResult, RunStatus};
use crate::gateway::dialect::base64_text;
use crate::gateway::dialect::judge0::note::{Note, digest_of};
use crate::gateway::dialect::judge0::status::{
    COMPILATION_ERROR, IN_QUEUE, INTERNAL_ERROR, PROCESSING, Status, WRONG_ANSWER,
};
use crate::gateway::dialect::signals::number_of;
use crate::gateway::refusal::Refusal;
use crate::gateway::{Entry, Outcome};

/// Every field of a submission, empty where nothing is known yet.
pub(super) const FIELDS: [&str; 16] = [
    "token",
    "stdout",
    "stderr",
    "compile_output",
    "message",
    "exit_code",
    "exit_signal",
    "status",
    "status_id",
    "time",
    "wall_time",
    "memory",
    "created_at",
    "finished_at",
    "language_id",
    "language",
];

/// Every field of a submission; texts are in base64 if that was asked for.
pub(super) fn fields_of(entry: &Entry, is_base64: bool) -> Result<Map<String, Value>, Refusal> {
    let mut shown = Shown {
        fields: FIELDS.iter().map(|name| ((*name).to_owned(), Value::Null)).collect(),
        is_base64,
    };
    shown.set("token", entry.id);
    match entry.outcome().as_deref() {
        None if entry.watch().borrow().running => shown.status(PROCESSING),
        None => shown.status(IN_QUEUE),
        Some(Outcome::Rejected(rejection)) => {
            shown.status(INTERNAL_ERROR);
            shown.text("message", rejection.reason.as_bytes())?;
        }
        Some(Outcome::Answer(answer)) => {
            shown.set("finished_at", written(answer.judged_at()));
            match answer {
                Answer::Result(result) => shown.result(result)?,
                Answer::Verdict(judgement) => shown.verdict(judgement)?,
            }
        }
    }
    Ok(shown.fields)
}

struct Shown {
    fields: Map<String, Value>,
    is_base64: bool,
}

impl Shown {
    fn set(&mut self, name: &str, value: impl serde::Serialize) {
        self.fields.insert(name.to_owned(), json!(value));
    }

    fn status(&mut self, status: Status) {
        self.set("status", status.document());
        self.set("status_id", status.0);
    }

    /// A text that is empty is `null`.
    fn text(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.is_empty() {
            return Ok(());
        }
        let text = match (self.is_base64, std::str::from_utf8(bytes)) {
            (true, _) => base64_text::encode(bytes),
            (false, Ok(text)) => text.to_owned(),
            (false, Err(_no_text)) => {
                let detail = "some attributes for this submission cannot be converted to UTF-8, use base64_encoded=true \
                              query parameter";
                return Err(Refusal::new(StatusCode::BAD_REQUEST, "schema", detail));
            }
        };
        self.set(name, text);
        Ok(())
    }

    fn output(&mut self, name: &str, payload: &Payload) -> Result<(), Refusal> {
        self.text(name, &payload.content().unwrap_or_default())
    }

    fn result(&mut self, result: &RunResult) -> Result<(), Refusal> {
        let note = Note::of(&result.metadata);
        if let Some(note) = &note {
            self.set("created_at", written(note.created_at));
            self.set("language_id", note.language_id);
            self.set("language", json!({ "id": note.language_id, "name": result.language }));
        }
        let message = result.message.as_deref().unwrap_or_default();
        match result.status {
            RunStatus::Ce => {
                self.status(COMPILATION_ERROR);
                return self.text("compile_output", message.as_bytes());
            }
            RunStatus::Je | RunStatus::Cancelled => {
                self.status(INTERNAL_ERROR);
                return self.text("message", message.as_bytes());
            }
            _ => {}
        }
        let expected = note.and_then(|note| note.expected);
        let Some((run, status)) = decided(result, expected.as_deref()) else {
            self.status(INTERNAL_ERROR);
            return self.text("message", b"the program was not run");
        };
        self.status(status);
        self.run(run, status)?;
        let runs = result.runs.len() as u64;
        self.set(
            "time",
            seconds(result.runs.iter().map(|run| run.cpu_ms).sum::<u64>() / runs),
        );
        self.set(
            "wall_time",
            seconds(result.runs.iter().map(|run| run.wall_ms).sum::<u64>() / runs),
        );
        self.set(
            "memory",
            result.runs.iter().map(|run| run.memory_bytes).sum::<u64>() / runs / 1024,
        );
        Ok(())
    }

    fn run(&mut self, run: &RunReport, status: Status) -> Result<(), Refusal> {
        self.output("stdout", &run.stdout)?;
        self.output("stderr", &run.stderr)?;
        self.set("exit_code", run.exit_code);
        self.set("exit_signal", run.signal.as_deref().and_then(number_of));
        let message = match (&run.message, &run.signal, run.exit_code) {
            _ if status == INTERNAL_ERROR => "its output is too long to be compared".to_owned(),
            (Some(message), ..) => message.clone(),
            (None, Some(signal), _) => format!("Caught fatal signal {}", number_of(signal).unwrap_or_default()),
            (None, None, Some(code)) if code != 0 => format!("Exited with error status {code}"),
            _ => String::new(),
        };
        self.text("message", message.as_bytes())
    }

    /// A submission that came over another route, and was judged.
    fn verdict(&mut self, judgement: &Judgement) -> Result<(), Refusal> {
        self.status(Status::of_verdict(judgement.verdict));
        self.set("time", seconds(judgement.totals.max_cpu_ms));
        self.set("memory", judgement.totals.max_memory_bytes / 1024);
        let message = judgement.message.as_deref().unwrap_or_default();
        self.text("message", message.as_bytes())
    }
}

/// The run that decides: the first that is not accepted, else the last.
fn decided<'a>(result: &'a RunResult, expected: Option<&str>) -> Option<(&'a RunReport, Status)> {
    let of = |run: &'a RunReport| (run, compared(run, expected));
    let is_failed =
        |(run, status): &(&RunReport, Status)| *status != Status::of_run(run) || run.status != RunStatus::Ok;
    result
        .runs
        .iter()
        .map(of)
        .find(is_failed)
        .or(result.runs.last().map(of))
}

/// The status of a run, whose output is compared if it ended well. One that was cut cannot be.
fn compared(run: &RunReport, expected: Option<&str>) -> Status {
    let (Some(expected), RunStatus::Ok) = (expected, run.status) else {
        return Status::of_run(run);
    };
    match run.stdout.content() {
        Ok(output) if !run.stdout.truncated => match digest_of(&output) == expected {
            true => Status::of_run(run),
            false => WRONG_ANSWER,
        },
        _ => INTERNAL_ERROR,
    }
}

fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Milliseconds as a decimal number of seconds.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
