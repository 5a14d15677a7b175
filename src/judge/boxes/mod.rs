//! Boxes of one kind, one after the other. A box is used again only if nothing is known against it.

pub(super) mod crowd;
pub(super) mod submission;

use bytes::Bytes;
use uuid::Uuid;

use crate::judge::options::JudgeOptions;
use crate::judge::{Attempt, JudgeError};
use crate::sandbox::{
    BoxError, BoxRole, BoxSpec, Input, InputCache, LaunchError, LeaseError, Lifetime, Pool, PostMortem, PrepareRequest,
    PutFile, Session, Slot,
};
use crate::telemetry::{Phase, metrics, note};

/// Zygotes that a submission may lose before its programs are no longer forked.
const ZYGOTES: u32 = 2;

/// Boxes of a submission that cannot be cleared before every program gets a fresh one. To find out takes a runner seconds.
const CLEARINGS: u32 = 2;

/// An input up to this size, in bytes, gets no room of its own: as much was on its way into a box at any time when inputs
/// came through pipes.
const NO_ROOM: u64 = 1 << 20;

/// A box and what lies in it.
#[derive(Debug, Clone)]
pub(super) struct BoxPlan {
    pub(super) spec: BoxSpec,
    pub(super) files: Vec<BoxFile>,
    /// What the box's zygote has to prepare, if there is one.
    pub(super) prepare: Option<PrepareRequest>,
}

/// Where a submission is judged, and by which settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct JudgeContext<'a> {
    pub(super) pool: &'a Pool,
    pub(super) slot: &'a Slot,
    pub(super) options: &'a JudgeOptions,
    /// Large inputs that are lent to boxes.
    pub(super) inputs: &'a InputCache,
    /// Which notes what box the submission has.
    pub(super) attempt: &'a Attempt,
    /// Id of the submission.
    pub(super) submission: Uuid,
}

/// A file that is there in every test.
#[derive(Debug, Clone)]
pub(super) struct BoxFile {
    /// Path below the work directory.
    pub(super) path: String,
    pub(super) content: Bytes,
    /// Permission bits.
    pub(super) mode: u32,
}

/// Why there is no box for the next program.
#[derive(Debug)]
pub(super) enum NotReady {
    /// It was lost before it was ready.
    Lost(BoxError),
    /// There is no room for it beside the box that is held.
    NoRoom(JudgeError),
    /// None can be had.
    Failed(JudgeError),
}

/// Gives out a box that is ready for the next program, and keeps count of those that were lost.
#[derive(Debug)]
pub(super) struct Boxes<'a> {
    context: JudgeContext<'a>,
    plan: BoxPlan,
    /// Memory in it for the input of a program, in bytes.
    room: u64,
    current: Option<Session>,
    /// A box has refused an input that was lent to it.
    takes_no_loans: bool,
    /// A box could be had beside another one.
    was_had_beside: bool,
    lost: u32,
    /// Those of them that broke under a program, and not because the host ended them.
    lost_under_program: u32,
    zygotes_lost: u32,
    not_cleared: u32,
    /// A box was killed for memory, and it is not known for whose.
    killed_for_memory: bool,
}

impl<'a> Boxes<'a> {
    pub(super) fn new(context: JudgeContext<'a>, plan: BoxPlan) -> Self {
        Self {
            context,
            plan,
            room: 0,
            current: None,
            takes_no_loans: false,
            was_had_beside: false,
            lost: 0,
            lost_under_program: 0,
            zygotes_lost: 0,
            not_cleared: 0,
            killed_for_memory: false,
        }
    }

    /// Where and for which attempt they are.
    pub(super) fn context(&self) -> JudgeContext<'a> {
        self.context
    }

    /// The settings that it is judged by.
    pub(super) fn options(&self) -> &'a JudgeOptions {
        self.context.options
    }

    /// Memory in it for the input of a program, in bytes.
    pub(super) fn input_room(&self) -> u64 {
        self.room
    }

    /// Has an input lent to the next program, so that it needs no room in the box; whether that can be.
    pub(super) async fn lend(&mut self, input: &mut Input) -> bool {
        let can_borrow = !self.takes_no_loans && self.context.pool.facts().borrows_inputs;
        can_borrow && input.borrow_from(self.context.inputs).await
    }

    /// Makes room for an input beside the memory of the program. Room that was made once stays, so that a box is seldom
    /// changed. A small input needs none.
    pub(super) async fn make_room(&mut self, input_bytes: u64) {
        let facts = self.context.pool.facts();
        if input_bytes <= self.room.max(NO_ROOM) || !facts.limits_memory {
            return;
        }
        let room = room_for(input_bytes, self.plan.spec.file_bytes);
        self.plan.spec.memory_bytes = self.plan.spec.memory_bytes.saturating_add(room - self.room);
        self.room = room;
        let Some(mut session) = self.current.take().filter(|_| facts.resizes) else {
            return;
        };
        match session.resize(&self.plan.spec).await {
            Ok(()) => self.current = Some(session),
            Err(error) => {
                tracing::warn!(box.id = session.id(), %error, "a box cannot be resized; another one is started");
            }
        }
    }

    /// A box for the next test: a fresh one under `judge.box_per_test`, else the last one after a reset.
    ///
    /// One that is lost before it is ready is given to [`Boxes::lose`] as every other one: what is put into it can exceed
    /// the memory that the submission or the package asks for.
    pub(super) async fn ready(&mut self) -> Result<&mut Session, NotReady> {
        self.ready_beside(false).await
    }

    /// The same, while another box of the attempt may be held: it is to be retired before there is no room again.
    pub(super) async fn ready_beside(&mut self, is_other_held: bool) -> Result<&mut Session, NotReady> {
        if let Some(session) = self.cleared().await {
            return Ok(self.current.insert(session));
        }
        let session = self.fresh(is_other_held).await?;
        self.was_had_beside |= is_other_held;
        let session = self.current.insert(session);
        let installed = install(session, &self.plan).await;
        installed.map_err(|error| NotReady::Lost(BoxError::NotReady(Box::new(error))))?;
        Ok(session)
    }

    /// The current box as it was before the program that ran in it. A program can leave one that cannot be cleared, so
    /// that is no failure of the judge's.
    async fn cleared(&mut self) -> Option<Session> {
        let mut session = self.current.take()?;
        if self.context.options.judge.box_per_test || self.not_cleared >= CLEARINGS {
            return None;
        }
        match session.reset().await {
            Ok(()) => Some(session),
            Err(error) => {
                self.note_uncleared(&error);
                None
            }
        }
    }

    fn note_uncleared(&mut self, error: &BoxError) {
        self.not_cleared += 1;
        metrics().boxes.lost.inc();
        tracing::warn!(submission.id = %self.context.submission, %error, "a box was given up; the next program starts in a fresh box");
    }

    /// The current box is lost. Says why it ended, unless too many were lost.
    pub(super) async fn lose(&mut self, error: BoxError, purpose: &str) -> Result<PostMortem, JudgeError> {
        if matches!(error, BoxError::NotForked) {
            self.lose_zygote();
            return Ok(PostMortem::default());
        }
        if matches!(error, BoxError::InputNotTaken) {
            self.context.inputs.warn(&error);
            self.takes_no_loans = true;
            return Ok(PostMortem::default());
        }
        if let BoxError::NotCleared(_) = error {
            self.retire();
            self.note_uncleared(&error);
            return Ok(PostMortem::default());
        }
        let post_mortem = match (&error, self.current.take()) {
            (BoxError::HostMemory(_), _) => PostMortem::EndedByHost,
            (_, Some(mut session)) => session.post_mortem().await,
            (_, None) => PostMortem::default(),
        };
        if post_mortem == PostMortem::KilledForMemory {
            return Ok(self.note_memory_kill(&error));
        }
        let broke_under_program = breaks_the_protocol(&error) && post_mortem != PostMortem::EndedByHost;
        if post_mortem != PostMortem::OutOfMemory {
            self.lost_under_program += u32::from(broke_under_program);
            self.count(error, purpose)?;
        }
        Ok(post_mortem)
    }

    /// A box that was killed for memory, at its limit or for that of others. What exceeds its limit does so in the next box
    /// too, so the first one is the host's fault and the second one the program's.
    fn note_memory_kill(&mut self, error: &BoxError) -> PostMortem {
        if self.killed_for_memory {
            return PostMortem::OutOfMemory;
        }
        self.killed_for_memory = true;
        metrics().boxes.lost.inc();
        tracing::warn!(submission.id = %self.context.submission, %error, "a box was killed for memory, its own or the host's; its program is run again in a fresh box");
        PostMortem::EndedByHost
    }

    /// Whether one could be had beside another box since this was last asked.
    pub(super) fn was_had_beside(&mut self) -> bool {
        std::mem::take(&mut self.was_had_beside)
    }

    /// The current box.
    pub(super) fn current(&mut self) -> Option<&mut Session> {
        self.current.as_mut()
    }

    /// The current box, for who gives it back.
    pub(super) fn take(&mut self) -> Option<Session> {
        self.current.take()
    }

    /// A box that was taken is the current one again.
    pub(super) fn give_back(&mut self, session: Session) {
        self.current = Some(session);
    }

    /// Whether there is a current box.
    pub(super) fn is_held(&self) -> bool {
        self.current.is_some()
    }

    /// Gives the current box up: the next program gets a fresh one.
    pub(super) fn retire(&mut self) {
        self.current = None;
    }

    /// The zygote of the current box has ended. A submission can do that, so it costs the submission no more than time.
    pub(super) fn lose_zygote(&mut self) {
        self.retire();
        self.zygotes_lost += 1;
        tracing::info!(submission.id = %self.context.submission, lost = self.zygotes_lost, "the zygote of a box was lost; the next program starts in a fresh box");
        if self.zygotes_lost >= ZYGOTES {
            self.plan.prepare = None;
        }
    }

    fn count(&mut self, source: BoxError, purpose: &str) -> Result<(), JudgeError> {
        self.lost += 1;
        metrics().boxes.lost.inc();
        tracing::warn!(submission.id = %self.context.submission, during = purpose, lost = self.lost, %source, "a box was lost");
        if self.lost < self.context.options.judge.box_attempts {
            return Ok(());
        }
        Err(JudgeError::Box {
            boxes: self.lost,
            under_program: self.lost_under_program,
            during: purpose.to_owned(),
            source,
        })
    }

    /// A box in which nothing lies yet.
    async fn fresh(&mut self, is_other_held: bool) -> Result<Session, NotReady> {
        let JudgeContext {
            pool, slot, attempt, ..
        } = self.context;
        // Boxed, for what it takes to start a box is large, and seldom needed.
        let leasing = Box::pin(async {
            let leased = match is_other_held {
                true => pool.lease_beside_another(slot, &self.plan.spec).await,
                false => pool.lease(slot, &self.plan.spec).await,
            };
            if let Ok(session) = &leased {
                note("box.id", session.id());
            }
            leased
        });
        let mut session = match metrics().timed(Phase::Box, leasing).await {
            Ok(session) => session,
            Err(LeaseError::Launch(error @ LaunchError::NoRoom { .. })) if is_other_held => {
                return Err(NotReady::NoRoom(error.into()));
            }
            Err(LeaseError::Launch(error)) => return Err(NotReady::Failed(error.into())),
            Err(LeaseError::Box(error)) => return Err(NotReady::Lost(BoxError::NotStarted(Box::new(error)))),
        };
        if self.plan.spec.role == BoxRole::Submission {
            attempt.describe(session.description());
            session.count_cpu(attempt.spent());
        }
        let (submission, id) = (self.context.submission, session.id());
        metrics().boxes.leased.inc();
        tracing::debug!(submission.id = %submission, box.id = id, "a box is leased");
        Ok(session)
    }
}

impl NotReady {
    /// What is to be given to [`Boxes::lose`].
    pub(super) fn into_lost(self) -> Result<BoxError, JudgeError> {
        match self {
            Self::Lost(error) => Ok(error),
            Self::NoRoom(error) | Self::Failed(error) => Err(error),
        }
    }
}

/// Whether a box was lost in a way that only something in it explains. A box that is silent for too long, whose runner
/// gave up or whose connection broke can be on a busy host, or have processes that take long to end.
pub(super) fn breaks_the_protocol(error: &BoxError) -> bool {
    matches!(
        error,
        BoxError::Ended | BoxError::Frame(_) | BoxError::Decode(_) | BoxError::OutOfTurn(_)
    )
}

/// Room for an input: seldom another one, and little of it free, which the runner takes. No more than fits into a file there,
/// of at most `file_bytes`.
fn room_for(input_bytes: u64, file_bytes: u64) -> u64 {
    let step = (input_bytes.next_power_of_two() / 8).max(1);
    input_bytes.next_multiple_of(step).min(file_bytes).max(input_bytes)
}

/// Lays the files into a box, and has its zygote prepare them.
async fn install(session: &mut Session, plan: &BoxPlan) -> Result<(), BoxError> {
    for BoxFile { path, content, mode } in &plan.files {
        let put = PutFile {
            path: path.clone(),
            lifetime: Lifetime::Durable,
            mode: *mode,
        };
        session.put(put, Input::Bytes(content.clone())).await?;
    }
    if let Some(prepare) = &plan.prepare {
        session.prepare(prepare).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::room_for;

    #[test]
    fn room_for_an_input_has_at_most_a_quarter_that_is_free() {
        const LARGEST: u64 = 256 << 20;
        for input in [1, 7, (1 << 20) + 1, 50_000_000, LARGEST - 1, LARGEST, LARGEST + 1] {
            let room = room_for(input, LARGEST);
            assert!((input..=input + input / 4 + 1).contains(&room), "{room} for {input}");
            assert!(room <= LARGEST.max(input), "{room} for {input}");
        }
        assert_eq!(room_for(50_000_000, LARGEST), 48 << 20);
    }
}
