//! What a standalone service knows: submissions that wait, that run, and that have their answers.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::{Fingerprint, Rejected, ShownProgram, Submission, SubmissionFilter, SubmissionPage};
use crate::gateway::{EngineError, Entry, Outcome};
use crate::serve::cpu_use::CpuUse;
use crate::serve::listed::{self, Listed};
use crate::store::CpuMinute;

/// A submission with when it came.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) entry: Arc<Entry>,
    pub(super) submission: Submission,
    pub(super) received_at: Timestamp,
}

/// What is remembered of a submission.
#[derive(Debug)]
struct Known {
    about: Remembered,
    fingerprint: Fingerprint,
    /// Why it is to be cancelled.
    reason: Option<String>,
    /// How long it is kept once it has ended.
    keep: Option<Duration>,
}

/// What a list of submissions says of one.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) entry: Arc<Entry>,
    pub(super) listed: Arc<Listed>,
    program: Program,
}

/// The program of a submission, which is shown to people.
#[derive(Debug, Clone)]
enum Program {
    /// In the submission, which waits or runs.
    Under(Arc<Waiting>),
    /// By itself, once the submission has ended.
    Kept(Arc<ShownProgram>),
}

impl Remembered {
    /// Its submission has ended, and leaves its program; what is remembered then, in bytes.
    fn end(&mut self) -> usize {
        let program = self.program();
        let bytes = program.bytes() + self.listed.bytes();
        self.program = Program::Kept(Arc::new(program));
        bytes
    }

    /// Its program.
    pub(super) fn program(&self) -> ShownProgram {
        match &self.program {
            Program::Under(waiting) => waiting.submission.shown(),
            Program::Kept(program) => program.as_ref().clone(),
        }
    }
}

/// Everything that is known.
#[derive(Debug)]
pub(super) struct Board {
    known: HashMap<Uuid, Known>,
    queue: VecDeque<Arc<Waiting>>,
    running: usize,
    /// Submissions of each site that wait or run.
    in_flight: HashMap<Arc<str>, usize>,
    cpu: CpuUse,
    /// Those that have ended, with what their answers take up, the oldest first.
    ended: VecDeque<(Uuid, usize)>,
    ended_bytes: usize,
    /// Those that have ended and are kept for a time only, and until when.
    short_lived: BTreeSet<(Instant, Uuid)>,
    /// What submissions that wait take up.
    queue_bytes: usize,
    bounds: BoardBounds,
}

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoardBounds {
    /// Submissions that wait.
    pub(super) queue: usize,
    /// What they take up, in bytes.
    pub(super) queue_bytes: usize,
    /// Answers, in bytes of JSON, and the programs that they are about.
    pub(super) answer_bytes: usize,
}

impl Board {
    pub(super) fn new(bounds: BoardBounds) -> Self {
        Self {
            known: HashMap::new(),
            queue: VecDeque::new(),
            running: 0,
            in_flight: HashMap::new(),
            cpu: CpuUse::default(),
            ended: VecDeque::new(),
            ended_bytes: 0,
            short_lived: BTreeSet::new(),
            queue_bytes: 0,
            bounds,
        }
    }

    /// Takes a submission. The second is whether it is new.
    pub(super) fn add(&mut self, submission: Submission, site: Arc<str>) -> Result<(Arc<Entry>, bool), EngineError> {
        let keep = submission.keep_s().map(Duration::from_secs);
        let (id, fingerprint) = (submission.id, submission.fingerprint());
        if let Some(known) = self.known.get(&id) {
            if known.about.entry.site != site || known.fingerprint != fingerprint {
                return Err(Rejected::id_conflict(id).into());
            }
            return Ok((Arc::clone(&known.about.entry), false));
        }
        let bytes = self.queue_bytes.saturating_add(submission.bytes());
        if self.queue.len() >= self.bounds.queue || bytes > self.bounds.queue_bytes {
            return Err(EngineError::Busy {
                waiting: self.queue.len(),
            });
        }
        self.queue_bytes = bytes;
        let entry = Entry::new(id, site);
        *self.in_flight.entry(Arc::clone(&entry.site)).or_default() += 1;
        let received_at = Timestamp::now();
        let listed = Arc::new(Listed::of(&submission, received_at));
        let waiting = Arc::new(Waiting {
            entry: Arc::clone(&entry),
            submission,
            received_at,
        });
        let known = Known {
            about: Remembered {
                entry: Arc::clone(&entry),
                listed,
                program: Program::Under(Arc::clone(&waiting)),
            },
            fingerprint,
            reason: None,
            keep,
        };
        self.known.insert(id, known);
        self.queue.push_back(waiting);
        Ok((entry, true))
    }

    /// The next submission to run.
    pub(super) fn next(&mut self) -> Option<Arc<Waiting>> {
        let next = self.queue.pop_front()?;
        self.queue_bytes -= next.submission.bytes();
        self.running += 1;
        Some(next)
    }

    /// Notes that a submission is to be cancelled. One that still waits is taken out, and comes back.
    pub(super) fn cancel(&mut self, id: Uuid, reason: Option<String>) -> Option<Arc<Waiting>> {
        let known = self
            .known
            .get_mut(&id)
            .filter(|known| known.about.entry.outcome().is_none())?;
        known.reason = reason;
        known.about.entry.cancel.cancel();
        let at = self.queue.iter().position(|waiting| waiting.submission.id == id)?;
        // It ends as one that ran.
        self.running += 1;
        let removed = self.queue.remove(at)?;
        self.queue_bytes -= removed.submission.bytes();
        Some(removed)
    }

    /// Why a submission was cancelled.
    pub(super) fn reason(&self, id: Uuid) -> Option<String> {
        self.known.get(&id)?.reason.clone()
    }

    /// A submission that ran has ended.
    pub(super) fn end(&mut self, entry: &Entry, outcome: Outcome) {
        let about = self.known.get_mut(&entry.id).map(|known| &mut known.about);
        let bytes = bytes_of(&outcome) + about.map_or(0, Remembered::end);
        if let Some(answer) = outcome.answer() {
            self.cpu.add(&entry.site, answer.cpu_ms(), Instant::now());
        }
        entry.end(outcome);
        self.running -= 1;
        if let Some(count) = self.in_flight.get_mut(&entry.site) {
            *count -= 1;
            if *count == 0 {
                self.in_flight.remove(&entry.site);
            }
        }
        self.ended.push_back((entry.id, bytes));
        self.ended_bytes += bytes;
        let keep = self.known.get(&entry.id).and_then(|known| known.keep);
        if let Some(until) = keep.and_then(|keep| Instant::now().checked_add(keep)) {
            self.short_lived.insert((until, entry.id));
        }
        while self.ended_bytes > self.bounds.answer_bytes
            && let Some((id, bytes)) = self.ended.pop_front()
        {
            self.ended_bytes -= bytes;
            self.known.remove(&id);
        }
    }

    /// Forgets what has ended and is not kept any longer.
    pub(super) fn forget_short_lived(&mut self, now: Instant) {
        let mut due = HashSet::new();
        while let Some((until, id)) = self.short_lived.first().copied()
            && until <= now
        {
            self.short_lived.pop_first();
            due.insert(id);
        }
        if due.is_empty() {
            return;
        }
        let runs = |known: &Known| known.about.entry.outcome().is_none();
        self.known.retain(|id, known| !due.contains(id) || runs(known));
        let ended_bytes = &mut self.ended_bytes;
        self.ended.retain(|(id, bytes)| {
            let is_kept = !due.contains(id);
            *ended_bytes -= if is_kept { 0 } else { *bytes };
            is_kept
        });
    }

    pub(super) fn find(&self, id: Uuid) -> Option<Arc<Entry>> {
        self.known.get(&id).map(|known| Arc::clone(&known.about.entry))
    }

    /// A submission as lists show it.
    pub(super) fn remembers(&self, id: Uuid) -> Option<Remembered> {
        self.known.get(&id).map(|known| known.about.clone())
    }

    /// All of them, in no order.
    pub(super) fn remembered(&self) -> Vec<Remembered> {
        self.known.values().map(|known| known.about.clone()).collect()
    }

    /// A page of what is known.
    pub(super) fn list(&self, filter: &SubmissionFilter) -> SubmissionPage {
        listed::page(
            self.known
                .values()
                .map(|known| (&*known.about.entry, &*known.about.listed)),
            filter,
        )
    }

    /// How many wait before it.
    pub(super) fn place(&self, id: Uuid) -> Option<u64> {
        let at = self.queue.iter().position(|waiting| waiting.submission.id == id);
        at.map(|at| at as u64)
    }

    pub(super) fn in_flight(&self, site: &str) -> usize {
        self.in_flight.get(site).copied().unwrap_or(0)
    }

    /// CPU time of a site within the last hour.
    pub(super) fn cpu_used(&mut self, site: &str, now: Instant) -> Vec<CpuMinute> {
        self.cpu.of(site, now)
    }

    /// How many run, and how many wait.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.running, self.queue.len())
    }
}

/// What an answer takes up, as JSON. One that cannot be written takes up nothing, and is not sent either.
fn bytes_of(outcome: &Outcome) -> usize {
    let written = match outcome {
        Outcome::Answer(answer) => serde_json::to_vec(answer),
        Outcome::Rejected(rejection) => serde_json::to_vec(rejection),
    };
    written.map_or(0, |json| json.len())
}
