//! Submissions that came over HTTP, page by page.
//!
//! A page is found by site, problem and time over indexes in their order, so that no more is read than is looked at. State
//! and verdict are asked of so many submissions at most; where there are more, the next page goes on behind them. What is
//! found by its metadata is read from an index without order: such a page costs what there is of those metadata.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{self, Cursor, Metadata, Stage, SubmissionFilter, SubmissionPage, SubmissionSummary, Verdict};
use crate::store::connection::with_own_plans;
use crate::store::text::storable;
use crate::store::{Store, StoreError};

/// Submissions of one page that are asked for their states.
const LOOKED_AT: usize = 2000;

/// A submission that may be wanted.
struct Found {
    id: Uuid,
    accepted_at: jiff_sqlx::Timestamp,
    site: String,
    language: Option<String>,
    problem_id: Option<String>,
    rejected: bool,
    published: bool,
    running: bool,
    verdict: Option<String>,
    score: Option<f64>,
}

impl Found {
    fn place(&self) -> Cursor {
        Cursor {
            accepted_at: self.accepted_at.to_jiff(),
            id: self.id,
        }
    }

    /// Its stage; `None`: its client got no answer that it was accepted.
    fn state(&self) -> Option<Stage> {
        match (&self.verdict, self.rejected, self.running) {
            (Some(_), _, _) => Some(Stage::Done),
            (None, true, _) => Some(Stage::Rejected),
            (None, false, true) => Some(Stage::Running),
            (None, false, false) => self.published.then_some(Stage::Queued),
        }
    }
}

impl Store {
    /// A page of the submissions that are wanted, the newest first.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn list(&self, filter: &SubmissionFilter) -> Result<SubmissionPage, StoreError> {
        self.soon(|pool| list(pool, filter)).await
    }
}

async fn list(pool: &PgPool, filter: &SubmissionFilter) -> Result<SubmissionPage, StoreError> {
    let mut transaction = with_own_plans(pool).await?;
    let found = look(&mut transaction, filter).await?;
    let (is_all, last) = (found.len() < LOOKED_AT, found.last().map(Found::place));
    let mut wanted = found.into_iter().filter(|found| {
        let outcome = found.state().map(|state| (state, found.verdict.as_deref()));
        outcome.is_some_and(|(state, verdict)| filter.wants_outcome(state, verdict))
    });
    let page: Vec<Found> = wanted.by_ref().take(filter.limit).collect();
    let next = match wanted.next() {
        Some(_another) => page.last().map(Found::place),
        None if is_all => None,
        None => last,
    };
    let submissions = described(&mut transaction, page).await?;
    transaction.commit().await?;
    let next = next.map(|place| place.to_string());
    Ok(SubmissionPage { submissions, next })
}

async fn look(connection: &mut PgConnection, filter: &SubmissionFilter) -> Result<Vec<Found>, StoreError> {
    let pairs: Vec<String> = filter.pairs.iter().map(|pair| storable(pair).into_owned()).collect();
    let site = filter.site.as_deref().map(storable);
    let problem = filter.problem.as_deref().map(storable);
    let time = |at: Option<Timestamp>| at.map(|at| at.to_sqlx());
    let found = sqlx::query_as!(
        Found,
        r#"WITH seen AS MATERIALIZED (
             SELECT id, site, language, problem_id, accepted_at, rejection IS NOT NULL AS rejected,
                    published_at IS NOT NULL AS published
             FROM gateway_submissions
             WHERE ($1::text IS NULL OR site = $1) AND ($2::text IS NULL OR problem_id = $2)
               AND (cardinality($3::text[]) = 0 OR metadata_pairs @> $3)
               AND ($4::timestamptz IS NULL OR accepted_at >= $4)
               AND ($5::timestamptz IS NULL OR accepted_at < $5)
               AND ($6::timestamptz IS NULL OR (accepted_at, id) < ($6, $7))
             ORDER BY accepted_at DESC, id DESC LIMIT $8)
         SELECT s.id AS "id!", s.site AS "site!", s.language, s.problem_id, s.rejected AS "rejected!",
                s.published AS "published!", s.accepted_at AS "accepted_at!: jiff_sqlx::Timestamp",
                v.verdict AS "verdict?", v.score, open.running AS "running!"
         FROM seen s
         CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM attempts a
                                            WHERE a.submission_id = s.id AND a.ended_at IS NULL) AS running) AS open
         LEFT JOIN verdicts v ON v.submission_id = s.id AND (v.verdict <> $9 OR NOT open.running)
             AND (SELECT true FROM gateway_conflicts c WHERE c.submission_id = s.id) IS NULL
         ORDER BY s.accepted_at DESC, s.id DESC"#,
        site.as_deref(),
        problem.as_deref(),
        &pairs,
        time(filter.since) as _,
        time(filter.until) as _,
        time(filter.after.map(|after| after.accepted_at)) as _,
        filter.after.map(|after| after.id),
        i64::try_from(LOOKED_AT).unwrap_or(i64::MAX),
        Verdict::Je.code(),
    )
    .fetch_all(connection)
    .await?;
    Ok(found)
}

/// The same with their metadata.
async fn described(connection: &mut PgConnection, page: Vec<Found>) -> Result<Vec<SubmissionSummary>, StoreError> {
    let ids: Vec<Uuid> = page.iter().map(|found| found.id).collect();
    let rows = sqlx::query!(
        "SELECT g.metadata::text AS metadata FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, number)
         LEFT JOIN gateway_submissions g ON g.id = wanted.id ORDER BY number",
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let summaries = page.into_iter().zip(rows).map(|(found, row)| {
        let metadata = row.metadata.map(|json| contract::document::<Metadata>(json.as_bytes()));
        Ok(SubmissionSummary {
            id: found.id,
            state: found.state().unwrap_or(Stage::Queued),
            site: found.site,
            accepted_at: found.accepted_at.to_jiff(),
            language: found.language,
            problem: found.problem_id,
            verdict: found.verdict,
            score: found.score,
            metadata: metadata.transpose()?.unwrap_or_default(),
        })
    });
    summaries.collect()
}
