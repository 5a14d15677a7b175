//! Answers that are sent to an address of the client.

use axum::http::StatusCode;
use jiff::Timestamp;

use crate::contract::{CallbackEvent, CallbackFormat, CallbackKind, CallbackTarget};
use crate::gateway::api::Api;
use crate::gateway::dialect;
use crate::gateway::refusal::Refusal;
use crate::gateway::{Entry, Outcome};

/// The document that is sent for a submission that has ended: the same each time.
pub fn callback_body(entry: &Entry, format: CallbackFormat) -> Vec<u8> {
    match format {
        CallbackFormat::Standard => serde_json::to_vec(&event_of(entry)),
        CallbackFormat::Judge0 => serde_json::to_vec(&dialect::judge0_callback(entry)),
    }
    .unwrap_or_default()
}

fn event_of(entry: &Entry) -> CallbackEvent {
    let (kind, timestamp) = match entry.outcome().as_deref() {
        Some(Outcome::Answer(answer)) => (CallbackKind::Done, answer.judged_at()),
        Some(Outcome::Rejected(rejection)) => (CallbackKind::Rejected, rejection.rejected_at),
        None => (CallbackKind::Done, Timestamp::UNIX_EPOCH),
    };
    CallbackEvent {
        kind,
        timestamp,
        data: entry.state(None),
    }
}

/// Refuses an address that nothing can be sent to.
pub(super) fn check_callback(api: &Api, target: Option<&CallbackTarget>) -> Result<(), Refusal> {
    let Some(CallbackTarget { url, .. }) = target else {
        return Ok(());
    };
    let checked = match &api.webhooks {
        Some(webhooks) => webhooks.check(url).map_err(|error| error.to_string()),
        None => Err("cannot be used here: serve.callback_key_file is not set".to_owned()),
    };
    checked.map_err(|complaint| {
        let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "callback_url", complaint);
        refusal.name_field(Some("callback_url".to_owned()));
        refusal
    })
}
