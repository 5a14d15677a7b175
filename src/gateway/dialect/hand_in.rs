//! A translated request goes the way of every submission, and may be waited for.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::sleep;
use uuid::Uuid;

use crate::contract::{Answer, CallbackFormat, RunReport, RunResult, RunStatus, SubmissionRequest, Verdict};
use crate::gateway::api::{Api, LongPoll};
use crate::gateway::body::memory::BodyShare;
use crate::gateway::handlers::cancel_on_drop::CancelOnDrop;
use crate::gateway::handlers::submissions::{hand_over, order_of, take_for, take_to_wait};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::admitted::Admitted;
use crate::gateway::sites::per_site::UnderWay;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{EngineError, Entry, Order, Outcome};

/// Hands a submission to the engine, which may be no larger than a message: a translation can be larger than the body.
pub(super) async fn hand_in(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
    id: Uuid,
    format: CallbackFormat,
) -> Result<Arc<Entry>, Refusal> {
    check_length(api, serialized_length(&request))?;
    take_for(api, site, request, id, format).await
}

/// Refuses what is larger than a message. To be asked before anything of a request is copied.
pub(super) fn check_length(api: &Api, length: usize) -> Result<(), Refusal> {
    let most = api.caps.message_bytes;
    if length <= most {
        return Ok(());
    }
    let detail =
        format!("the submission has {length} bytes, at most {most} are allowed (submission.max_message_bytes)");
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

/// Bytes of a document, which is not kept.
pub(super) fn serialized_length(document: &impl Serialize) -> usize {
    let mut counted = Counted(0);
    serde_json::to_writer(&mut counted, document).map_or(usize::MAX, |()| counted.0)
}

struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A wait that begins before its submission is handed in: what could not be waited for is refused, for these clients know no
/// other answer.
pub(super) fn begin_wait(api: &Api, site: &Site, longest: Duration) -> Result<LongPoll, Refusal> {
    let poll = api.begin_wait_of(site, longest);
    poll.check(site)?;
    check_goes_on(api)?;
    Ok(poll)
}

/// What became of a submission that the client waits for. One that takes longer than a client may wait is cancelled. `share` is
/// the room that its body takes up, of which there are copies until it is handed in.
pub(super) async fn wait_for(
    api: &Api,
    site: &Site,
    request: SubmissionRequest,
    share: Option<BodyShare>,
) -> Result<Arc<Outcome>, Refusal> {
    check_length(api, serialized_length(&request))?;
    let poll = begin_wait(api, site, longest_wait(api, &request))?;
    let admitted = api.admit(site, 1).await?;
    let waiting = take_to_wait(api, &admitted, request, Uuid::now_v7()).await?;
    drop((admitted, share));
    outcome_of(waiting, poll).await
}

/// The same for clients that send many programs at once and give up where they are refused: a request waits for its turn where
/// the site waits for as many answers as it may, or too many submissions wait. `share` is the room that its body takes up,
/// which bounds what is held for all that wait for their turn; of `kept` bytes the caller keeps hold until there is an answer.
pub(super) async fn wait_for_turn(
    api: &Api,
    site: &Site,
    request: SubmissionRequest,
    (share, kept): (Option<BodyShare>, usize),
) -> Result<Arc<Outcome>, Refusal> {
    check_length(api, serialized_length(&request))?;
    let longest = longest_wait(api, &request);
    let turn = Turn::begin(api, site)?;
    let _kept = turn.room_for(site, kept).await?;
    let poll = turn.begin_wait(site, longest).await?;
    check_goes_on(api)?;
    let admitted = api.admit(site, 1).await?;
    let waiting = match order_of(api, &admitted, request, Uuid::now_v7(), CallbackFormat::Standard).await? {
        ControlFlow::Continue(order) => turn.hand_over(order).await?,
        ControlFlow::Break(before) => CancelOnDrop::new(api, &before),
    };
    drop((admitted, turn, share));
    outcome_of(waiting, poll).await
}

/// A request that waits for its turn, for as long as one may wait for an answer.
struct Turn<'a> {
    api: &'a Api,
    ends: Instant,
    _waiting: UnderWay,
}

/// How long a request waits before it asks again whether it is its turn.
const PAUSE: Duration = Duration::from_millis(250);

impl<'a> Turn<'a> {
    fn begin(api: &'a Api, site: &Site) -> Result<Self, Refusal> {
        Ok(Self {
            api,
            ends: Instant::now() + api.longest_wait(),
            _waiting: api.begin_turn(site)?,
        })
    }

    /// Waits until there is room for what is held as long as the answer is waited for.
    async fn room_for(&self, site: &Site, bytes: usize) -> Result<BodyShare, Refusal> {
        let mut share = self.api.waiting_memory().begin(&site.name);
        while let Err(refusal) = share.grow_to(bytes as u64) {
            self.pause(refusal).await?;
        }
        Ok(share)
    }

    /// Waits until the site may wait for one more answer.
    async fn begin_wait(&self, site: &Site, longest: Duration) -> Result<LongPoll, Refusal> {
        loop {
            let poll = self.api.begin_wait_of(site, longest);
            match poll.check(site) {
                Ok(()) => return Ok(poll),
                Err(refusal) => self.pause(refusal).await?,
            }
        }
    }

    /// Hands a submission over as soon as there is room. It is checked once, however often there is none.
    async fn hand_over(&self, mut order: Order) -> Result<CancelOnDrop, Refusal> {
        loop {
            check_goes_on(self.api)?;
            let refused = match hand_over(self.api, order).await {
                Ok(waiting) => return Ok(waiting),
                Err(refused) => refused,
            };
            let detail = refused.to_string();
            order = match refused {
                EngineError::Busy { order, .. } => *order,
                other => return Err(other.into()),
            };
            self.pause(Refusal::busy(detail)).await?;
        }
    }

    /// A while, or the refusal of what has waited for too long or for a service that stops.
    async fn pause(&self, refusal: Refusal) -> Result<(), Refusal> {
        if Instant::now() + PAUSE > self.ends {
            return Err(Refusal::busy(refusal.into_document().detail));
        }
        let paused = self.api.stopping().run_until_cancelled(sleep(PAUSE)).await;
        paused.ok_or_else(stops)
    }
}

/// Refuses what would be handed in and not be waited for.
fn check_goes_on(api: &Api) -> Result<(), Refusal> {
    match api.stopping().is_cancelled() {
        true => Err(stops()),
        false => Ok(()),
    }
}

pub(super) fn stops() -> Refusal {
    Refusal::busy("the service stops before there is an answer; send it again in a while")
}

async fn outcome_of(waiting: CancelOnDrop, poll: LongPoll) -> Result<Arc<Outcome>, Refusal> {
    let entry = waiting.entry();
    let Some(outcome) = poll.wait_for(&entry).await else {
        if poll.is_cut_by_stop() {
            return Err(stops());
        }
        let longest = poll.longest();
        let detail = format!("there is no answer after {longest:?}; send it again in a while");
        return Err(Refusal::new(StatusCode::GATEWAY_TIMEOUT, "timeout", detail).after(1));
    };
    waiting.disarm();
    Ok(outcome)
}

/// The longest that a client waits because of the limits of its submission.
const LONGEST_RUN: Duration = Duration::from_secs(600);

/// How long a submission is waited for: for its turn, as every request may wait, and then for all its tests, one after the
/// other, as long as each may take.
pub(super) fn longest_wait(api: &Api, request: &SubmissionRequest) -> Duration {
    let usual = api.longest_wait();
    if usual.is_zero() {
        return usual;
    }
    let limits = &api.limits;
    let cpu_ms = request.limits.cpu_ms.unwrap_or(limits.default.cpu_ms);
    let wall_ms = request.limits.wall_ms.unwrap_or_else(|| limits.wall_ms(cpu_ms));
    let all_ms = wall_ms.min(limits.ceiling.wall_ms).saturating_mul(tests_in(request));
    usual.max((usual + Duration::from_millis(all_ms)).min(LONGEST_RUN))
}

/// How many tests or runs a submission has; of unit tests only their modules are known.
fn tests_in(request: &SubmissionRequest) -> u64 {
    let counts = [
        request.tests.as_ref().map(Vec::len),
        request.functional.as_ref().map(|functional| functional.inputs.len()),
        request.pytest.as_ref().map(BTreeMap::len),
        request.run.as_ref().and_then(|run| Some(run.inputs.as_ref()?.len())),
    ];
    let count = counts.into_iter().flatten().max().unwrap_or(1);
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The result of a program that was run, or why there is none.
pub(super) fn result_of(outcome: &Outcome) -> Result<&RunResult, Refusal> {
    let answer = answer_of(outcome)?;
    match answer {
        Answer::Result(result) => Ok(result),
        Answer::Verdict(_) => Err(no_answer("the program was judged instead of run")),
    }
}

/// The run that decides: the first that did not end well, else the last. A program that does not compile has none.
pub(super) fn decisive(result: &RunResult) -> Option<&RunReport> {
    let failed = result.runs.iter().find(|run| run.status != RunStatus::Ok);
    failed.or(result.runs.last())
}

/// The answer, unless it is a failure of the judge and tells nothing about the program.
pub(super) fn answer_of(outcome: &Outcome) -> Result<&Answer, Refusal> {
    let answer = match outcome {
        Outcome::Answer(answer) => answer,
        Outcome::Rejected(rejection) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Refusal::new(status, rejection.code.name(), &*rejection.reason));
        }
    };
    let message = match answer {
        Answer::Verdict(judgement) => judgement.message.as_deref(),
        Answer::Result(result) => result.message.as_deref(),
    };
    match answer.verdict() {
        Verdict::Je => Err(no_answer(message.unwrap_or("the judge failed"))),
        Verdict::Cancelled => Err(no_answer(message.unwrap_or("it was cancelled"))),
        _ => Ok(answer),
    }
}

/// The refusal in place of an answer where the judge failed.
pub(super) fn no_answer(why: &str) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, JUDGE_ERROR, why)
}

/// Code of a refusal that stands for the judge's own failure.
pub(super) const JUDGE_ERROR: &str = "judge_error";
