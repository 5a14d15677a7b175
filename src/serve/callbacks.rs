//! Callbacks that are kept in the database: tried by whichever service takes them first, until they are over.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::contract::{CallbackFormat, CallbackTarget};
use crate::gateway::{Entry, Outcome, callback_body};
use crate::serve::brokered::outcome_of;
use crate::serve::callback_places::Tries;
use crate::store::{CallbackPlaces, DueCallback, Store, StoreError, Tried};
use crate::telemetry::{Span, TraceContext};
use crate::webhook::{Callback, CallbackMethod, Sent, Webhooks, pause_after};

/// How often the database is asked for callbacks that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The same after a look that has found some: where answers are being stored, more come soon.
const LOOK_SOON: Duration = Duration::from_millis(250);

/// The same where callbacks may wait for a place, once a try has ended. Several may end meanwhile, and one look is for all.
const LOOK_AFTER_A_TRY: Duration = Duration::from_millis(50);

/// How long noting what came of a try may take, beyond the try itself.
const NOTING: Duration = Duration::from_secs(5);

/// Sends what is due, for ever. A try takes at most `timeout`. A site has a share of the places, so one whose receiver does
/// not answer keeps no other one waiting.
pub(super) async fn deliver(store: Store, webhooks: Arc<Webhooks>, timeout: Duration) {
    let mut is_reported = false;
    let lease = timeout.saturating_mul(2).saturating_add(NOTING);
    let mut tries = Tries::default();
    loop {
        let looked = begin_due(&store, &webhooks, lease, &mut tries).await;
        match &looked {
            Ok(_begun) => is_reported = false,
            Err(error) if !std::mem::replace(&mut is_reported, true) => {
                tracing::warn!(%error, "the database cannot be asked for callbacks; it is tried again");
            }
            Err(_still_away) => {}
        }
        until_next_look(&mut tries, looked.ok()).await;
    }
}

/// Waits for a while behind a look that has begun so many; `None`: it has failed.
async fn until_next_look(tries: &mut Tries, begun: Option<usize>) {
    let pause = match begun {
        Some(1..) => LOOK_SOON,
        _ => LOOK_EVERY,
    };
    let wait_for_a_place = begun.is_some() && tries.keep_some_waiting();
    tokio::select! {
        () = tries.one_ended(), if wait_for_a_place => sleep(LOOK_AFTER_A_TRY).await,
        () = sleep(pause) => {}
    }
}

/// Begins tries until no callback is due whose site has a place; how many. Sites that have their quarter have more where
/// no other one has anything due.
async fn begin_due(
    store: &Store,
    webhooks: &Arc<Webhooks>,
    lease: Duration,
    tries: &mut Tries,
) -> Result<usize, StoreError> {
    let mut begun = 0;
    loop {
        tries.clear_ended();
        let mut due = take_due(store, &tries.places(), lease).await?;
        if due.is_empty() && tries.some_have_their_quarter() {
            due = take_due(store, &tries.places_beyond_quarters(), lease).await?;
        }
        if due.is_empty() {
            return Ok(begun);
        }
        begun += due.len();
        for due in due {
            let site = due.site().to_owned();
            tries.begin(site, attempt(store.clone(), Arc::clone(webhooks), due));
        }
    }
}

async fn take_due(store: &Store, places: &CallbackPlaces, lease: Duration) -> Result<Vec<DueCallback>, StoreError> {
    match places.free {
        0 => Ok(Vec::new()),
        _ => store.due_callbacks(places, lease).await,
    }
}

async fn attempt(store: Store, webhooks: Arc<Webhooks>, due: DueCallback) {
    let DueCallback {
        row,
        target,
        tries,
        claim,
        traceparent,
    } = due;
    let id = claim.id;
    let tried = match row {
        Ok(row) => {
            let Some(outcome) = outcome_of(row.answer, row.rejection) else {
                return;
            };
            let entry = Entry::ended(id, row.site.into(), outcome);
            let trace = TraceContext::of_headers(traceparent.as_deref(), None);
            tried_of(send(&webhooks, callback_of(&entry, target), &trace).await, tries)
        }
        // A service of a later version can read it, and may be there meanwhile.
        Err(unreadable) => {
            tracing::error!(submission.id = %id, error = %unreadable, "a callback is put off");
            again(unreadable.to_string(), tries)
        }
    };
    if let Tried::GivenUp(reason) = &tried {
        tracing::warn!(submission.id = %id, reason, tries, "a callback is given up");
    }
    // What is not noted is tried once more: it is delivered at least once.
    if let Err(error) = store.callback_tried(claim, &tried).await {
        tracing::warn!(submission.id = %id, %error, "what came of a callback cannot be noted; it is sent once more");
    }
}

fn tried_of(sent: Sent, tries: u32) -> Tried {
    match sent {
        Sent::Delivered => Tried::Delivered,
        Sent::Gone => Tried::GivenUp("nothing is wanted there any more (410)".to_owned()),
        Sent::Failed(reason) => again(reason.to_string(), tries),
    }
}

/// What has failed is tried again after a pause, unless it has failed for long enough.
fn again(reason: String, tries: u32) -> Tried {
    match pause_after(tries) {
        Some(pause) => Tried::Again(reason, pause),
        None => Tried::GivenUp(reason),
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::Instant;

    use super::*;

    /// Timers are as exact as a millisecond, also where time is a paused clock's.
    fn is_about(one: Duration, other: Duration) -> bool {
        one.abs_diff(other) < Duration::from_millis(10)
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_a_try_is_looked_behind_at_once_where_callbacks_wait_for_its_place() {
        let mut tries = Tries::default();
        let looked_after = async |tries: &mut Tries, begun| {
            tries.begin("slow".to_owned(), sleep(LOOK_SOON / 2));
            let before = Instant::now();
            until_next_look(tries, begun).await;
            before.elapsed()
        };
        for (begun, pause) in [(Some(1), LOOK_SOON), (Some(0), LOOK_EVERY), (None, LOOK_EVERY)] {
            assert!(is_about(looked_after(&mut tries, begun).await, pause), "{begun:?}");
        }
        tries.clear_ended();
        while !tries.keep_some_waiting() {
            tries.begin("slow".to_owned(), pending());
        }
        for begun in [Some(1), Some(0)] {
            let looked = looked_after(&mut tries, begun).await;
            assert!(is_about(looked, LOOK_SOON / 2 + LOOK_AFTER_A_TRY), "{begun:?}");
        }
        let failed = looked_after(&mut tries, None).await;
        assert!(
            is_about(failed, LOOK_EVERY),
            "a database that is away is not asked more often"
        );
    }
}
