//! What the page shows of a service that has everything in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::{Answer, SecurityEvent, SecuritySeverity, Stage, Verdict};
use crate::gateway::{Cursor, EngineError, Fleet, Kept, KeptAction, KeptLine, Outcome, Recorded, Records};
use crate::serve::board::Remembered;
use crate::serve::memory_sessions::MemorySessions;
use crate::serve::standalone::Standalone;
use crate::store::{
    FindingRow, JudgedMinute, PAGE_ROWS, RevisionRow, StoredSubmission, SubmissionDetails, SubmissionFilter,
    SubmissionList, SubmissionRow,
};

/// Minutes of an hour.
const MINUTES: i32 = 60;

/// What the page shows.
#[derive(Debug)]
pub(super) struct MemoryRecords {
    engine: Arc<Standalone>,
    sessions: MemorySessions,
}

impl MemoryRecords {
    pub(super) fn new(engine: Arc<Standalone>) -> Self {
        Self {
            engine,
            sessions: MemorySessions::default(),
        }
    }

    /// Everything that is remembered, the newest first.
    fn newest(&self) -> Vec<(SubmissionRow, Option<Arc<Outcome>>)> {
        let mut rows: Vec<_> = self.engine.remembered().iter().map(row_of).collect();
        rows.sort_by_key(|(row, _outcome)| std::cmp::Reverse((row.at, row.id)));
        rows
    }

    fn answers(&self) -> impl Iterator<Item = (SubmissionRow, Arc<Outcome>)> {
        self.newest()
            .into_iter()
            .filter_map(|(row, outcome)| outcome.map(|outcome| (row, outcome)))
    }

    fn minutes_now(&self) -> Vec<JudgedMinute> {
        let now = Timestamp::now();
        let mut minutes: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        for (row, outcome) in self.answers() {
            let (Some(answer), Some(took)) = (outcome.answer(), row.took_s) else {
                continue;
            };
            let ago = now.duration_since(answer.judged_at()).as_secs() / 60;
            if let Some(ago) = i32::try_from(ago).ok().filter(|ago| *ago < MINUTES) {
                minutes.entry(ago.max(0)).or_default().push(took);
            }
        }
        minutes.into_iter().map(|(ago, took)| minute_of(ago, took)).collect()
    }

    fn revisions_of(&self, problem: &str) -> Vec<RevisionRow> {
        let mut revisions: Vec<RevisionRow> = Vec::new();
        // The latest is met first.
        for (_row, outcome) in self.answers() {
            let Some(answer) = outcome.answer() else { continue };
            let Some(judged) = answer.problem().filter(|judged| judged.id == problem) else {
                continue;
            };
            let at = revisions.iter().position(|row| row.revision == judged.revision);
            let at = at.unwrap_or_else(|| {
                revisions.push(RevisionRow {
                    revision: judged.revision.clone(),
                    judged: 0,
                    accepted: 0,
                    first_at: answer.judged_at(),
                    last_at: answer.judged_at(),
                });
                revisions.len() - 1
            });
            let row = &mut revisions[at];
            row.judged += 1;
            row.accepted += i64::from(answer.code() == "AC");
            row.first_at = row.first_at.min(answer.judged_at());
            row.last_at = row.last_at.max(answer.judged_at());
        }
        revisions
    }

    fn findings_now(&self, severities: &[SecuritySeverity], before: Option<Cursor>) -> Vec<FindingRow> {
        let mut findings: Vec<FindingRow> = self
            .answers()
            .flat_map(|(_row, outcome)| outcome.answer().map(findings_of).unwrap_or_default())
            .filter(|row| severities.iter().any(|severity| row.severity == severity.name()))
            .filter(|row| before.is_none_or(|before| (row.at, row.id) < before))
            .collect();
        findings.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
        findings.truncate(usize::try_from(PAGE_ROWS).unwrap_or_default());
        findings
    }
}

fn row_of(remembered: &Remembered) -> (SubmissionRow, Option<Arc<Outcome>>) {
    let Remembered { entry, listed, .. } = remembered;
    let (stage, outcome) = entry.stage_and_outcome();
    let answer = outcome.as_deref().and_then(Outcome::answer);
    let state = match (stage, answer) {
        (_, Some(answer)) => answer.code(),
        (Stage::Rejected, None) => "rejected",
        (Stage::Running, None) => "running",
        _ => "waiting",
    };
    let took = answer.map(|answer| answer.judged_at().duration_since(listed.accepted_at).as_secs_f64());
    let row = SubmissionRow {
        id: entry.id,
        at: listed.accepted_at,
        site: Some(entry.site.to_string()),
        language: Some(listed.language.clone()),
        problem: listed.problem.clone(),
        state: state.to_owned(),
        score: answer.and_then(Answer::score),
        took_s: took,
        details: SubmissionDetails {
            user: listed.user().map(Cow::into_owned),
            file: listed.file.clone(),
            ..SubmissionDetails::default()
        },
    };
    (row, outcome)
}

/// The row with what its tests used, which is asked of the rows that are shown only.
fn with_use((mut row, outcome): (SubmissionRow, Option<Arc<Outcome>>)) -> SubmissionRow {
    let answer = outcome.as_deref().and_then(Outcome::answer);
    let tests = answer.map(Answer::rows).unwrap_or_default();
    let ran = || tests.iter().filter(|test| test.code != Verdict::Sk.code());
    row.details.cpu_ms = ran().map(|test| test.cpu_ms).max();
    row.details.memory_bytes = ran().map(|test| test.memory_bytes).max();
    row
}

fn is_wanted(filter: &SubmissionFilter, row: &SubmissionRow) -> bool {
    let fits = |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
    fits(&filter.site, row.site.as_deref())
        && fits(&filter.problem, row.problem.as_deref())
        && fits(&filter.user, row.details.user.as_deref())
        && fits(&filter.language, row.language.as_deref())
        && fits(&filter.state, Some(&row.state))
        && filter.before.is_none_or(|before| (row.at, row.id) < before)
}

fn minute_of(ago: i32, mut took: Vec<f64>) -> JudgedMinute {
    took.sort_by(f64::total_cmp);
    let at = |percent: usize| took.get((took.len() - 1) * percent / 100).copied().unwrap_or_default();
    JudgedMinute {
        ago,
        judged: i64::try_from(took.len()).unwrap_or(i64::MAX),
        median_s: at(50),
        p95_s: at(95),
    }
}

fn findings_of(answer: &Answer) -> Vec<FindingRow> {
    let rows = SecurityEvent::all_of(answer).into_iter().map(|event| FindingRow {
        id: event.id,
        at: event.at,
        submission: event.submission,
        severity: event.finding.severity.name().to_owned(),
        kind: event.finding.kind.name().to_owned(),
        source: event.finding.source.name().to_owned(),
        tests: i64::try_from(event.finding.tests).unwrap_or(i64::MAX),
        detail: event.finding.detail.clone(),
        verdict: event.verdict.code().to_owned(),
        problem: event.problem.map(|problem| problem.id),
        worker: event.worker,
    });
    rows.collect()
}

fn stored(remembered: &Remembered) -> StoredSubmission {
    let (row, outcome) = row_of(remembered);
    let row = with_use((row, outcome.clone()));
    let (answer, rejection) = match outcome.as_deref().cloned() {
        Some(Outcome::Answer(answer)) => (Some(answer), None),
        Some(Outcome::Rejected(rejection)) => (None, Some(rejection)),
        None => (None, None),
    };
    StoredSubmission {
        row,
        answer,
        rejection,
        program: Some(remembered.program()),
        // Its tests, which it may have brought along, are not kept.
        is_repeatable: false,
        attempts: Vec::new(),
        history: Vec::new(),
    }
}

impl Records for MemoryRecords {
    fn has_fleet(&self) -> bool {
        false
    }

    fn submissions(&self, filter: SubmissionFilter) -> Recorded<'_, SubmissionList> {
        let rows = self.newest().into_iter();
        let mut wanted = rows.filter(|(row, _outcome)| is_wanted(&filter, row));
        let most = usize::try_from(filter.rows).unwrap_or_default();
        let rows: Vec<SubmissionRow> = wanted.by_ref().take(most).map(with_use).collect();
        let another = wanted.next();
        let older = another.and_then(|_another| rows.last().map(|row| (row.at, row.id)));
        async move { Ok(SubmissionList { rows, older }) }.boxed()
    }

    fn submission(&self, id: Uuid) -> Recorded<'_, Option<StoredSubmission>> {
        let found = self.engine.remembers(id).as_ref().map(stored);
        async move { Ok(found) }.boxed()
    }

    fn minutes(&self) -> Recorded<'_, Vec<JudgedMinute>> {
        let minutes = self.minutes_now();
        async move { Ok(minutes) }.boxed()
    }

    fn revisions(&self, problem: String) -> Recorded<'_, Vec<RevisionRow>> {
        let revisions = self.revisions_of(&problem);
        async move { Ok(revisions) }.boxed()
    }

    fn findings(
        &self,
        severities: &'static [SecuritySeverity],
        before: Option<Cursor>,
    ) -> Recorded<'_, Vec<FindingRow>> {
        let findings = self.findings_now(severities, before);
        async move { Ok(findings) }.boxed()
    }

    fn fleet(&self) -> BoxFuture<'_, Fleet> {
        async { Fleet::default() }.boxed()
    }

    fn kept(&self, _kept: Kept) -> Recorded<'_, (Vec<KeptLine>, usize)> {
        async { Ok((Vec::new(), 0)) }.boxed()
    }

    fn settle(&self, _kept: Kept, _ids: Vec<String>, _action: KeptAction) -> Recorded<'_, usize> {
        async { Err(EngineError::NotKept("a standalone service keeps no messages")) }.boxed()
    }

    fn begin_session(&self, digest: [u8; 32], token: [u8; 32], lasts: Duration) -> Recorded<'_, ()> {
        self.sessions.begin(digest, token, lasts);
        async { Ok(()) }.boxed()
    }

    fn session(&self, digest: [u8; 32]) -> Recorded<'_, Option<[u8; 32]>> {
        let found = self.sessions.find(&digest);
        async move { Ok(found) }.boxed()
    }

    fn end_session(&self, digest: [u8; 32]) -> Recorded<'_, ()> {
        self.sessions.end(&digest);
        async { Ok(()) }.boxed()
    }
}
