//! Which callbacks that are due a service takes.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{CallbackFormat, CallbackTarget, Verdict};
use crate::store::StoreError;

/// Callbacks whose sites one statement notes.
const NAMED: i64 = 2000;

/// How many callbacks a service may take, and how they are shared out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallbackPlaces {
    /// Of all sites together.
    pub free: u32,
    /// Of one site, those that it has taken included.
    pub of_a_site: u32,
    /// What each site has taken.
    pub taken: HashMap<String, u32>,
}

impl CallbackPlaces {
    /// Of these sites those that have places left, and how many.
    fn of_sites(&self, sites: Vec<String>) -> (Vec<String>, Vec<i64>) {
        let places = sites.into_iter().map(|site| {
            let taken = self.taken.get(&site).copied().unwrap_or(0);
            (site, i64::from(self.of_a_site.saturating_sub(taken)))
        });
        places.filter(|(_, places)| *places > 0).unzip()
    }
}

/// One try at a callback, as the service that has taken it knows it. Where another answer is to be sent, or another service
/// tries because this one was too slow, the callback is due at another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackClaim {
    /// The submission.
    pub id: Uuid,
    /// The request to judge once more that is answered.
    pub rejudge: Option<Uuid>,
    /// When it is tried again if nothing is noted of this try.
    pub until: Timestamp,
}

/// A callback that this service has taken.
pub(super) struct Claimed {
    pub(super) claim: CallbackClaim,
    pub(super) target: CallbackTarget,
    pub(super) tries: u32,
    pub(super) traceparent: Option<String>,
}

/// Notes the sites of callbacks that services of earlier versions have made: those that are due first, some at a time.
pub(super) async fn name_sites(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE gateway_callbacks c SET callback_site = left(g.site, 64)
         FROM gateway_submissions g
         WHERE g.id = c.submission_id AND c.submission_id = ANY (ARRAY(
             SELECT submission_id FROM gateway_callbacks
             WHERE ended_at IS NULL AND callback_site IS NULL ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED))",
        NAMED,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The sites that have callbacks which are not over, one behind the other as the index has them: no more than one row of each
/// is read.
pub(super) async fn sites(pool: &PgPool) -> Result<Vec<String>, StoreError> {
    let sites = sqlx::query_scalar!(
        r#"WITH RECURSIVE sites AS (
             SELECT min(callback_site) AS site FROM gateway_callbacks WHERE ended_at IS NULL
             UNION ALL
             SELECT (SELECT min(callback_site) FROM gateway_callbacks WHERE ended_at IS NULL AND callback_site > sites.site)
             FROM sites WHERE sites.site IS NOT NULL
         )
         SELECT site AS "site!" FROM sites WHERE site IS NOT NULL"#
    );
    Ok(sites.fetch_all(pool).await?)
}

/// A request to judge once more may end without a verdict that counts: a later one counts by now, or it was cancelled,
/// rejected or ended in a judge error. Its callback tells what counts, and belongs to the request that has decided that from
/// then on: the service that notes at this moment that it has sent that one does not have the same sent once more.
///
/// Of each site that has places, some are read in the order of the index, which the comparison of rows names. So a backlog
/// of one site costs the others nothing.
pub(super) async fn claim(
    pool: &PgPool,
    (places, sites): (&CallbackPlaces, Vec<String>),
    lease: Duration,
) -> Result<Vec<Claimed>, StoreError> {
    let (sites, of_sites) = places.of_sites(sites);
    let rows = sqlx::query_as!(
        DueRow,
        r#"WITH due AS MATERIALIZED (
             SELECT its.submission_id, its.due_at, its.counts, s.places,
                 row_number() OVER (PARTITION BY s.site ORDER BY its.due_at) AS place
             FROM unnest($5::text[], $6::bigint[]) AS s (site, places) CROSS JOIN LATERAL (
                 SELECT c.submission_id, c.due_at, v.rejudge AS counts FROM gateway_callbacks c
                 JOIN gateway_submissions g ON g.id = c.submission_id
                 LEFT JOIN verdicts v ON v.submission_id = c.submission_id
                     AND (v.verdict <> $3 OR NOT EXISTS
                         (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id AND a.ended_at IS NULL))
                 WHERE (c.callback_site, c.due_at) >= (s.site, '-infinity') AND c.ended_at IS NULL
                     AND (c.callback_site, c.due_at) <= (s.site, statement_timestamp()) AND c.format = ANY($4)
                     AND CASE WHEN c.rejudge IS NULL THEN v.submission_id IS NOT NULL OR g.rejection IS NOT NULL
                              ELSE v.rejudge = c.rejudge OR (v.submission_id IS NOT NULL OR g.rejection IS NOT NULL)
                                  AND (EXISTS (SELECT 1 FROM verdict_history h
                                               WHERE h.submission_id = c.submission_id AND h.rejudge = c.rejudge)
                                       OR EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id
                                                      AND a.rejudge = c.rejudge AND a.outcome = 'rejected'))
                                  AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id
                                                      AND a.rejudge = c.rejudge AND a.ended_at IS NULL) END
                 ORDER BY c.callback_site, c.due_at LIMIT 64 FOR UPDATE OF c SKIP LOCKED) AS its
         ), taken AS (SELECT submission_id, counts FROM due WHERE place <= places ORDER BY due_at LIMIT $1)
         UPDATE gateway_callbacks c SET tries = c.tries + 1, due_at = clock_timestamp() + $2::float8 * interval '1 second',
             rejudge = CASE WHEN c.rejudge IS NOT NULL THEN taken.counts END
         FROM taken WHERE c.submission_id = taken.submission_id
         RETURNING c.submission_id, c.url, c.format, c.tries, c.rejudge, c.traceparent,
             c.due_at AS "until: jiff_sqlx::Timestamp""#,
        i64::from(places.free),
        lease.as_secs_f64(),
        Verdict::Je.code(),
        &CallbackFormat::ALL.map(|format| format.name().to_owned()),
        &sites,
        &of_sites,
    );
    let rows = rows.fetch_all(pool).await?;
    Ok(rows.into_iter().filter_map(DueRow::claimed).collect())
}

/// A callback that is due, as the database has it.
struct DueRow {
    submission_id: Uuid,
    url: String,
    format: String,
    tries: i32,
    rejudge: Option<Uuid>,
    traceparent: Option<String>,
    until: jiff_sqlx::Timestamp,
}

impl DueRow {
    /// `None` where its format is none of this version.
    fn claimed(self) -> Option<Claimed> {
        let format = CallbackFormat::of_name(&self.format)?;
        Some(Claimed {
            claim: CallbackClaim {
                id: self.submission_id,
                rejudge: self.rejudge,
                until: self.until.to_jiff(),
            },
            target: CallbackTarget { url: self.url, format },
            tries: u32::try_from(self.tries).unwrap_or(u32::MAX),
            traceparent: self.traceparent,
        })
    }
}
