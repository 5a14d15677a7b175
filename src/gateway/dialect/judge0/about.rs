//! The documents that Judge0 has about itself, filled in with what holds here.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::contract::Limits;
use crate::gateway::api::Api;
use crate::gateway::dialect::judge0::request::MOST_RUNS;
use crate::gateway::dialect::judge0::status;
use crate::gateway::dialect::shown::seconds;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::webhook::MOST_TRIES;

/// The version whose routes and language ids are spoken. Clients look up the ids of languages by it; this one has ids for
/// each of their names of Python.
const VERSION: &str = "1.14.0-extra";

/// Submissions in one batch: their tokens have to fit into the head of a request.
pub(super) const LARGEST_BATCH: usize = 500;

/// `GET /about`.
pub(super) async fn about(_site: Site) -> Json<Value> {
    let assize = env!("CARGO_PKG_VERSION");
    Json(json!({ "version": VERSION, "homepage": "", "source_code": "", "maintainer": format!("Assize {assize}") }))
}

/// `GET /statuses`.
pub(super) async fn statuses(_site: Site) -> Json<Value> {
    Json(status::ALL.iter().map(|status| status.document()).collect())
}

/// `GET /system_info`.
pub(super) async fn system_info(_site: Site) -> Json<Value> {
    Json(json!({ "Assize": env!("CARGO_PKG_VERSION") }))
}

/// `GET /workers`.
pub(super) async fn workers(State(api): State<Api>, site: Site) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Read)?;
    let status = api.engine.status().await?;
    let (slots, running) = (status.slots, status.running);
    let idle = slots.zip(running).map(|(slots, running)| slots.saturating_sub(running));
    Ok(Json(json!([{
        "queue": "default",
        "size": status.queued,
        "available": slots,
        "idle": idle,
        "working": running,
        "paused": 0,
        "failed": 0,
    }])))
}

/// `GET /config_info`.
pub(super) async fn config_info(State(api): State<Api>, _site: Site) -> Json<Value> {
    let (default, most) = (api.limits.default, api.limits.ceiling);
    let mut config = switches(&api);
    let figures = figures(&api, default, most);
    if let (Value::Object(config), Value::Object(figures)) = (&mut config, figures) {
        config.extend(figures);
    }
    Json(config)
}

fn switches(api: &Api) -> Value {
    json!({
        "maintenance_mode": false,
        "enable_wait_result": true,
        "enable_compiler_options": false,
        "allowed_languages_for_compile_options": [],
        "enable_command_line_arguments": true,
        "enable_submission_delete": false,
        "enable_callbacks": api.webhooks.is_some(),
        "callbacks_max_tries": MOST_TRIES,
        "callbacks_timeout": seconds(api.serve.callback_timeout_ms),
        "enable_additional_files": true,
        "enable_batched_submissions": true,
        "submission_cache_duration": 0.0,
        "use_docs_as_homepage": false,
        "enable_per_process_and_thread_time_limit": false,
        "allow_enable_per_process_and_thread_time_limit": false,
        "enable_per_process_and_thread_memory_limit": false,
        "allow_enable_per_process_and_thread_memory_limit": false,
        "redirect_stderr_to_stdout": false,
        "enable_network": false,
        "allow_enable_network": false,
    })
}

fn figures(api: &Api, default: Limits, most: Limits) -> Value {
    json!({
        "max_queue_size": api.serve.queue,
        "max_submission_batch_size": api.serve.max_batch.min(LARGEST_BATCH),
        "cpu_time_limit": seconds(default.cpu_ms),
        "max_cpu_time_limit": seconds(most.cpu_ms),
        "cpu_extra_time": 0.0,
        "max_cpu_extra_time": 0.0,
        "wall_time_limit": seconds(default.wall_ms),
        "max_wall_time_limit": seconds(most.wall_ms),
        "memory_limit": default.memory_bytes >> 10,
        "max_memory_limit": most.memory_bytes >> 10,
        "stack_limit": default.memory_bytes >> 10,
        "max_stack_limit": most.memory_bytes >> 10,
        "max_processes_and_or_threads": default.processes,
        "max_max_processes_and_or_threads": most.processes,
        "max_file_size": api.limits.file_bytes >> 10,
        "max_max_file_size": api.limits.file_bytes >> 10,
        "max_extract_size": api.caps.source_bytes >> 10,
        "number_of_runs": 1,
        "max_number_of_runs": MOST_RUNS,
    })
}
