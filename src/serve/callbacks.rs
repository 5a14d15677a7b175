//! Callbacks that are kept in the database: tried by whichever service takes them first, until they are over.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::contract::{CallbackFormat, CallbackTarget};
use crate::gateway::{Entry, Outcome, callback_body};
use crate::serve::brokered::outcome_of;
use crate::serve::callback_places::Tries;
use crate::store::{DueCallback, Store, StoreError, Tried};
use crate::telemetry::{Span, TraceContext};
use crate::webhook::{Callback, CallbackMethod, Sent, Webhooks, pause_after};

/// How often the database is asked for callbacks that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The same behind some that were due: a site whose places were all taken may have more, and its receiver may be quick.
const LOOK_SOON: Duration = Duration::from_millis(250);

/// How long noting what came of a try may take, beyond the try itself.
const NOTING: Duration = Duration::from_secs(5);

/// Sends what is due, for ever. A try takes at most `timeout`. A site has a share of the places, so one whose receiver does
/// not answer keeps no other one waiting.
pub(super) async fn deliver(store: Store, webhooks: Arc<Webhooks>, timeout: Duration) {
    let mut is_reported = false;
    let lease = timeout.saturating_mul(2).saturating_add(NOTING);
    let mut tries = Tries::default();
    loop {
        let mut pause = LOOK_EVERY;
        match begin_due(&store, &webhooks, lease, &mut tries).await {
            Ok(begun) => {
                is_reported = false;
                if begun > 0 {
                    pause = LOOK_SOON;
                }
            }
            Err(error) if !std::mem::replace(&mut is_reported, true) => {
                tracing::warn!(%error, "the database cannot be asked for callbacks; it is tried again");
            }
            Err(_still_away) => {}
        }
        sleep(pause).await;
    }
}

/// Begins tries until no callback is due whose site has a place; how many. Those that were due for longest may all be of one
/// site, so one look at them does not find those of the others.
async fn begin_due(
    store: &Store,
    webhooks: &Arc<Webhooks>,
    lease: Duration,
    tries: &mut Tries,
) -> Result<usize, StoreError> {
    let mut begun = 0;
    loop {
        tries.clear_ended();
        let places = tries.places();
        if places.free == 0 {
            return Ok(begun);
        }
        let due = store.due_callbacks(&places, lease).await?;
        if due.is_empty() {
            return Ok(begun);
        }
        begun += due.len();
        for due in due {
            let site = due.row.site.clone();
            tries.begin(site, attempt(store.clone(), Arc::clone(webhooks), due));
        }
    }
}

async fn attempt(store: Store, webhooks: Arc<Webhooks>, due: DueCallback) {
    let DueCallback {
        row,
        target,
        tries,
        rejudge,
        traceparent,
    } = due;
    let id = row.id;
    let Some(outcome) = outcome_of(row.answer, row.rejection) else {
        return;
    };
    let entry = Entry::ended(id, row.site.into(), outcome);
    let trace = TraceContext::of_headers(traceparent.as_deref(), None);
    let tried = match send(&webhooks, callback_of(&entry, target), &trace).await {
        Sent::Delivered => Tried::Delivered,
        Sent::Gone => Tried::GivenUp("nothing is wanted there any more (410)".to_owned()),
        Sent::Failed(reason) => match pause_after(tries) {
            Some(pause) => Tried::Again(reason.to_string(), pause),
            None => Tried::GivenUp(reason.to_string()),
        },
    };
    if let Tried::GivenUp(reason) = &tried {
        tracing::warn!(submission.id = %id, reason, tries, "a callback is given up");
    }
    // What is not noted is tried once more: it is delivered at least once.
    if let Err(error) = store.callback_tried(id, (rejudge, tries), &tried).await {
        tracing::warn!(submission.id = %id, %error, "what came of a callback cannot be noted; it is sent once more");
    }
}

/// Tries once, within the trace of the request that asked for it.
pub(super) async fn send(webhooks: &Webhooks, mut callback: Callback, trace: &TraceContext) -> Sent {
    let span = Span::of_call("send callback", trace);
    callback.trace = span.context().headers();
    let sent = span.around(webhooks.send(&callback)).await;
    if !matches!(sent, Sent::Delivered) {
        span.fail("the callback was not taken");
    }
    sent
}

/// The callback of a submission that has ended.
pub(super) fn callback_of(entry: &Entry, target: CallbackTarget) -> Callback {
    let outcome = entry.outcome();
    let id = match outcome.as_deref() {
        Some(Outcome::Answer(answer)) => answer.document_id(),
        _ => entry.id,
    };
    let CallbackTarget { url, format } = target;
    Callback {
        url,
        method: match format {
            CallbackFormat::Standard => CallbackMethod::Post,
            CallbackFormat::Judge0 => CallbackMethod::Put,
        },
        site: Arc::clone(&entry.site),
        id,
        body: callback_body(entry, format),
        trace: Vec::new(),
    }
}
