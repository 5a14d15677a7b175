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
    /// Those that have ended, the oldest first.
    ended: VecDeque<Ended>,
    ended_bytes: usize,
    /// Those that have ended and are kept for a time only, and until when.
    short_lived: BTreeSet<(Instant, Uuid)>,
    /// What submissions that wait take up.
    queue_bytes: usize,
    bounds: BoardBounds,
}

/// One that has ended.
#[derive(Debug)]
struct Ended {
    id: Uuid,
    /// What its answer takes up.
    bytes: usize,
    /// Until when it is kept, where that is for a time only.
    until: Option<Instant>,
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

    /// The same submission, if this site has handed it in before.
    pub(super) fn same(
        &self,
        id: Uuid,
        fingerprint: Fingerprint,
        site: &str,
    ) -> Result<Option<Arc<Entry>>, EngineError> {
        let Some(known) = self.known.get(&id) else {
            return Ok(None);
        };
        let entry = &known.about.entry;
        match *entry.site == *site && known.fingerprint == fingerprint {
            true => Ok(Some(Arc::clone(entry))),
            false => Err(Rejected::id_conflict(id).into()),
        }
    }

    /// How many of these the site has handed in.
    pub(super) fn count_of(&self, ids: &[Uuid], site: &str) -> usize {
        let known = ids.iter().filter_map(|id| self.known.get(id));
        known.filter(|known| *known.about.entry.site == *site).count()
    }

    /// Whether one more submission may wait; if not, how many do.
    pub(super) fn room_for(&self, submission: &Submission) -> Result<(), usize> {
        let bytes = self.queue_bytes.saturating_add(submission.bytes());
        match self.queue.len() < self.bounds.queue && bytes <= self.bounds.queue_bytes {
            true => Ok(()),
            false => Err(self.queue.len()),
        }
    }

    /// Takes a submission that is new, and for which there is room.
    pub(super) fn add(&mut self, submission: Submission, fingerprint: Fingerprint, site: Arc<str>) -> Arc<Entry> {
        let keep = submission.keep_s().map(Duration::from_secs);
        let id = submission.id;
        self.queue_bytes = self.queue_bytes.saturating_add(submission.bytes());
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
        entry
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

    /// A submission that ran has ended, which has used so much CPU time.
    pub(super) fn end(&mut self, entry: &Entry, outcome: Outcome, cpu_ms: u64) {
        let about = self.known.get_mut(&entry.id).map(|known| &mut known.about);
        let bytes = bytes_of(&outcome) + about.map_or(0, Remembered::end);
        if let Some(answer) = outcome.answer() {
            let cpu_ms = cpu_ms.max(answer.cpu_ms());
            self.cpu.add(&entry.site, cpu_ms, Instant::now());
        }
        entry.end(outcome);
        self.running -= 1;
        if let Some(count) = self.in_flight.get_mut(&entry.site) {
            *count -= 1;
            if *count == 0 {
                self.in_flight.remove(&entry.site);
            }
        }
        let (id, keep) = (entry.id, self.known.get(&entry.id).and_then(|known| known.keep));
        let until = keep.and_then(|keep| Instant::now().checked_add(keep));
        self.short_lived.extend(until.map(|until| (until, id)));
        self.ended.push_back(Ended { id, bytes, until });
        self.ended_bytes += bytes;
        while self.ended_bytes > self.bounds.answer_bytes
            && let Some(Ended { id, bytes, until }) = self.ended.pop_front()
        {
            self.ended_bytes -= bytes;
            self.known.remove(&id);
            // Its id may be that of another run by then.
            if let Some(until) = until {
                self.short_lived.remove(&(until, id));
            }
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
        self.ended.retain(|ended| {
            let is_kept = !due.contains(&ended.id);
            *ended_bytes -= if is_kept { 0 } else { ended.bytes };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{RejectionCode, RunMessage, SubmissionRequest};

    fn run(id: Uuid, keep_s: Option<u64>) -> Submission {
        let request = SubmissionRequest {
            source: Some(String::new()),
            run: Some(RunMessage {
                keep_s,
                ..RunMessage::default()
            }),
            ..SubmissionRequest::default()
        };
        let caps = crate::config::load(None).unwrap().submission.caps();
        request.check(id, "python3", &caps).unwrap().submission
    }

    fn ended(board: &mut Board, submission: Submission) {
        let rejected = Rejected {
            id: Some(submission.id),
            code: RejectionCode::UnknownLanguage,
            field: None,
            reason: String::new(),
        };
        let fingerprint = submission.fingerprint();
        let entry = board.add(submission, fingerprint, "site".into());
        board.next().unwrap();
        board.end(&entry, Outcome::Rejected(rejected.into_rejection("w")), 0);
    }

    #[test]
    fn room_is_for_so_many_and_so_large_and_comes_with_the_next_turn() {
        let large = || {
            let mut large = run(Uuid::now_v7(), None);
            large.files[0].content = vec![0; 100];
            large
        };
        for (queue, queue_bytes) in [(1, usize::MAX), (usize::MAX, 150)] {
            let mut board = Board::new(BoardBounds {
                queue,
                queue_bytes,
                answer_bytes: usize::MAX,
            });
            assert_eq!(board.room_for(&large()), Ok(()));
            let first = large();
            let fingerprint = first.fingerprint();
            board.add(first, fingerprint, "site".into());
            assert_eq!(board.room_for(&large()), Err(1), "{queue} {queue_bytes}");
            board.next().unwrap();
            assert_eq!(board.room_for(&large()), Ok(()), "{queue} {queue_bytes}");
        }
    }

    #[test]
    fn a_run_that_had_to_go_early_takes_no_other_one_of_its_id_along() {
        let mut board = Board::new(BoardBounds {
            queue: 1,
            queue_bytes: usize::MAX,
            answer_bytes: 0,
        });
        let (id, hour) = (Uuid::now_v7(), 3600);
        ended(&mut board, run(id, Some(hour)));
        assert!(board.find(id).is_none() && board.short_lived.is_empty());
        board.bounds.answer_bytes = usize::MAX;
        ended(&mut board, run(id, None));
        board.forget_short_lived(Instant::now() + Duration::from_secs(2 * hour));
        assert!(board.find(id).is_some());
    }
}
