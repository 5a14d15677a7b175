//! Answers that are sent to an address of the client.

use axum::http::StatusCode;
use jiff::Timestamp;

use crate::contract::{CallbackEvent, CallbackKind};
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::{Entry, Outcome};

/// The document that is sent for a submission that has ended: the same each time.
pub fn callback_body(entry: &Entry) -> Vec<u8> {
    let (kind, timestamp) = match entry.outcome().as_deref() {
        Some(Outcome::Answer(answer)) => (CallbackKind::Done, answer.judged_at()),
        Some(Outcome::Rejected(rejection)) => (CallbackKind::Rejected, rejection.rejected_at),
        None => (CallbackKind::Done, Timestamp::UNIX_EPOCH),
    };
    let event = CallbackEvent {
        kind,
        timestamp,
        data: entry.state(None),
    };
    serde_json::to_vec(&event).unwrap_or_default()
}

/// Refuses an address that nothing can be sent to.
pub(super) fn check_callback(api: &Api, url: Option<&str>) -> Result<(), Refusal> {
    let Some(url) = url else { return Ok(()) };
    let checked = match &api.webhooks {
        Some(webhooks) => webhooks.check(url),
        None => Err("cannot be used here: serve.callback_key_file is not set".to_owned()),
    };
    checked.map_err(|complaint| {
        let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "callback_url", complaint);
        refusal.name_field(Some("callback_url".to_owned()));
        refusal
    })
}
