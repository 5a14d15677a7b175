//! Judge0: a token for each program, which is asked about until it has its result.
//!
//! A program is run, and what it printed is compared here with what was expected, as Judge0 does: without the spaces at the
//! ends of lines. What has to be known for that travels in the metadata of the submission, so every service can answer.

mod about;
mod additional_files;
mod answer;
mod batch;
mod fields;
mod languages;
mod note;
mod request;
mod status;
mod submissions;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::contract::ErrorDocument;
use crate::gateway::Entry;
use crate::gateway::api::Api;
use crate::gateway::dialect::refused::status_of;
use crate::gateway::refusal::Refusal;

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/languages", get(languages::list))
        .route("/languages/all", get(languages::list))
        .route("/languages/{id}", get(languages::one))
        .route("/statuses", get(about::statuses))
        .route("/about", get(about::about))
        .route("/config_info", get(about::config_info))
        .route("/system_info", get(about::system_info))
        .route("/workers", get(about::workers))
        .route("/submissions", post(submissions::create))
        .route("/submissions/", post(submissions::create))
        .route("/submissions/batch", post(batch::create).get(batch::look))
        .route(
            "/submissions/{token}",
            get(submissions::look).delete(submissions::cancel),
        )
}

/// What is sent to the `callback_url` of a submission that has ended: what is shown where nothing is asked for, in base64.
pub(super) fn callback(entry: &Entry) -> Value {
    submissions::shown(entry, &fields::Ask::of_callback()).unwrap_or_default()
}

/// A field that is wrong is the key of a list of complaints, with status 422; everything else is an `error`.
pub(super) fn in_its_words(document: &ErrorDocument) -> (StatusCode, Value) {
    let status = status_of(document);
    let is_field = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY);
    match document.field.as_deref() {
        Some(field) if is_field => {
            let complaint = json!({ its_name(field): [document.detail] });
            (StatusCode::UNPROCESSABLE_ENTITY, complaint)
        }
        _ => (status, json!({ "error": document.detail })),
    }
}

/// The parameter of Judge0 that became this field of ours.
fn its_name(field: &str) -> &str {
    let translated = [
        ("limits.cpu_ms", "cpu_time_limit"),
        ("limits.wall_ms", "wall_time_limit"),
        ("limits.memory_bytes", "memory_limit"),
        ("limits.output_bytes", "max_file_size"),
        ("limits.processes", "max_processes_and_or_threads"),
        ("run.inputs", "number_of_runs"),
        ("files", "source_code"),
    ];
    match field {
        _ if field.ends_with(".args") => "command_line_arguments",
        _ if field.contains("].files") => "additional_files",
        "language" => "language_id",
        _ => {
            let found = translated.iter().find(|(ours, _its)| field.starts_with(ours));
            found.map_or(field, |(_ours, its)| its)
        }
    }
}

/// A parameter that is wrong.
fn wrong(parameter: &str, complaint: impl Into<String>) -> Refusal {
    let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", complaint);
    refusal.name_field(Some(parameter.to_owned()));
    refusal
}
