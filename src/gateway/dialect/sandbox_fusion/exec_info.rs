//! How a program ended, in SandboxFusion's form.

use serde_json::{Map, Value, json};

use crate::contract::{RunReport, RunStatus, TestVerdict, Verdict};
use crate::gateway::dialect::base64_text;
use crate::gateway::dialect::shown::seconds;
use crate::gateway::dialect::signals::number_of;

/// A program that ended by itself or was ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended<'a> {
    pub(super) verdict: Verdict,
    pub(super) exit_code: Option<i32>,
    pub(super) signal: Option<&'a str>,
    pub(super) wall_ms: u64,
    pub(super) cpu_ms: u64,
    pub(super) message: Option<&'a str>,
}

impl<'a> From<&'a RunReport> for Ended<'a> {
    fn from(run: &'a RunReport) -> Self {
        Self {
            verdict: run.status.verdict(),
            exit_code: run.exit_code,
            signal: run.signal.as_deref(),
            wall_ms: run.wall_ms,
            cpu_ms: run.cpu_ms,
            message: run.message.as_deref(),
        }
    }
}

impl<'a> From<&'a TestVerdict> for Ended<'a> {
    fn from(test: &'a TestVerdict) -> Self {
        Self {
            verdict: test.verdict,
            exit_code: test.exit_code,
            signal: test.signal.as_deref(),
            wall_ms: test.wall_ms,
            cpu_ms: test.cpu_ms,
            message: test.message.as_deref(),
        }
    }
}

/// What `/run_code` answers.
pub(super) fn exec_info(ended: Ended<'_>, stdout: &str, stderr: &str) -> Value {
    if matches!(ended.verdict, Verdict::Je | Verdict::Cancelled) {
        return sandbox_error(ended.message.unwrap_or("the judge failed"));
    }
    let is_late = ended.verdict == Verdict::Tle;
    let return_code = if is_late { None } else { return_code(ended) };
    let is_well = !is_late && return_code == Some(0);
    json!({
        "status": if is_well { "Success" } else { "Failed" },
        "message": ended.message.unwrap_or_default(),
        "compile_result": null,
        "run_result": {
            "status": if is_late { "TimeLimitExceeded" } else { "Finished" },
            "execution_time": seconds(ended.wall_ms),
            "cpu_time": seconds(ended.cpu_ms),
            "return_code": return_code,
            "stdout": stdout,
            "stderr": stderr,
        },
        "executor_pod_name": null,
        "files": {},
    })
}

/// A program that does not compile is shown as one whose interpreter reports the error and ends.
pub(super) fn not_compiled(message: &str) -> Value {
    let ended = Ended {
        verdict: RunStatus::Ce.verdict(),
        exit_code: Some(1),
        signal: None,
        wall_ms: 0,
        cpu_ms: 0,
        message: None,
    };
    exec_info(ended, "", message)
}

/// No answer: clients ask again.
pub(super) fn sandbox_error(message: &str) -> Value {
    json!({
        "status": "SandboxError",
        "message": message,
        "compile_result": null,
        "run_result": null,
        "executor_pod_name": null,
        "files": {},
    })
}

/// Files that were fetched.
pub(super) fn files_of(run: &RunReport) -> Value {
    let found = run.files.iter().filter_map(|file| {
        let content = file.content.as_ref()?.content().ok()?;
        Some((file.path.clone(), Value::String(base64_text::encode(&content))))
    });
    Value::Object(Map::from_iter(found))
}

/// The exit code, or the signal as Python's `subprocess` reports it. A program that exceeded a limit was killed for it.
fn return_code(ended: Ended<'_>) -> Option<i32> {
    let signal = match (ended.verdict, ended.signal) {
        (_, Some(signal)) => number_of(signal),
        (Verdict::Mle, None) => number_of("SIGKILL"),
        (Verdict::Ole, None) => number_of("SIGXFSZ"),
        (Verdict::Sv, None) => number_of("SIGSYS"),
        (_, None) => None,
    };
    signal.map(|signal| -signal).or(ended.exit_code)
}
