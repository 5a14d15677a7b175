//! A result in Piston's form.

use serde_json::{Value, json};

use crate::contract::{RunReport, RunResult, RunStatus};
use crate::gateway::dialect::hand_in::{decisive, no_answer};
use crate::gateway::dialect::shown::text;
use crate::gateway::refusal::Refusal;

/// What became of a program. Piston shows a program that does not compile as a run that failed.
pub(super) fn answer(result: &RunResult) -> Result<Value, Refusal> {
    if result.status == RunStatus::Ce {
        let message = result.message.as_deref().unwrap_or_default();
        let compile = json!({
            "stdout": "",
            "stderr": message,
            "output": message,
            "code": 1,
            "signal": null,
            "message": null,
            "status": "RE",
        });
        return Ok(json!({ "compile": compile, "run": compile }));
    }
    let run = decisive(result).ok_or_else(was_not_run)?;
    Ok(json!({ "run": stage(run)? }))
}

fn was_not_run() -> Refusal {
    no_answer("the program was not run")
}

fn stage(run: &RunReport) -> Result<Value, Refusal> {
    let (stdout, stderr) = (text(&run.stdout), text(&run.stderr));
    Ok(json!({
        "output": format!("{stdout}{stderr}"),
        "stdout": stdout,
        "stderr": stderr,
        "code": run.exit_code,
        "signal": run.signal,
        "message": run.message,
        "status": status(run)?,
        "cpu_time": run.cpu_ms,
        "wall_time": run.wall_ms,
        "memory": run.memory_bytes,
    }))
}

/// Piston's codes of two letters; none for a program that ended well.
fn status(run: &RunReport) -> Result<Option<&'static str>, Refusal> {
    Ok(match run.status {
        RunStatus::Ok => None,
        RunStatus::Tle => Some("TO"),
        RunStatus::Ole => Some("OL"),
        RunStatus::Rte if run.signal.is_none() => Some("RE"),
        RunStatus::Rte | RunStatus::Mle | RunStatus::Sv => Some("SG"),
        RunStatus::Ce | RunStatus::Je | RunStatus::Cancelled => return Err(was_not_run()),
    })
}
