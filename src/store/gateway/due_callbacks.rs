//! Which callbacks that are due a service takes.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{CallbackFormat, CallbackTarget, Verdict};
use crate::store::StoreError;

/// Callbacks whose sites one statement notes.
const NAMED: i64 = 2000;

/// Callbacks of a site that are locked at once: as many as a service tries at once.
const LOCKED: i64 = 64;

/// When a callback is looked at first that has no answer. A worker that stores one makes it due at once; one of an earlier
/// version does not.
pub(in crate::store) const UNANSWERED_PAUSE: Duration = Duration::from_secs(60);

/// How often the pause doubles before one more look at what has no answer, to some 17 hours.
const MOST_DOUBLINGS: i32 = 10;

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
    /// How many more a site may take.
    fn left_of(&self, site: &str) -> u32 {
        let taken = self.taken.get(site).copied().unwrap_or(0);
        self.of_a_site.saturating_sub(taken)
    }

    /// Of callbacks that have their answers, the first due before all, those that there are places for.
    fn shared_out(&self, answered: Vec<LookedAt>) -> Vec<LookedAt> {
        let mut left: HashMap<String, u32> = HashMap::new();
        let mut has_place = |looked_at: &LookedAt| {
            let site = &looked_at.site;
            let left = left.entry(site.clone()).or_insert_with(|| self.left_of(site));
            let has_place = *left > 0;
            *left = left.saturating_sub(1);
            has_place
        };
        let placed = answered.into_iter().filter(|looked_at| has_place(looked_at));
        placed.take(usize::try_from(self.free).unwrap_or(usize::MAX)).collect()
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

/// What came of a look at callbacks whose time has come.
#[derive(Default)]
pub(super) struct Look {
    pub(super) taken: Vec<Claimed>,
    /// Some had no answer: there may be others behind them that have.
    pub(super) has_put_off: bool,
}

/// A callback whose time has come.
struct LookedAt {
    id: Uuid,
    site: String,
    /// Whether there is something to send.
    is_answered: bool,
    /// The request to judge once more that has decided what counts.
    counts: Option<Uuid>,
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

/// Takes callbacks that are due, and puts off those that have no answer. They are locked first and read behind that: an answer
/// that is stored meanwhile makes its callback due once this is over.
pub(super) async fn claim(
    pool: &PgPool,
    (places, sites): (&CallbackPlaces, &[String]),
    lease: Duration,
) -> Result<Look, StoreError> {
    let sites: Vec<String> = sites.iter().filter(|site| places.left_of(site) > 0).cloned().collect();
    if sites.is_empty() {
        return Ok(Look::default());
    }
    let mut transaction = pool.begin().await?;
    let locked = lock(&mut transaction, &sites).await?;
    if locked.is_empty() {
        return Ok(Look::default());
    }
    let looked_at = look_at(&mut transaction, &locked).await?;
    let (answered, unanswered): (Vec<_>, Vec<_>) = looked_at.into_iter().partition(|row| row.is_answered);
    let taken = take(&mut transaction, &places.shared_out(answered), lease).await?;
    put_off(&mut transaction, &unanswered).await?;
    transaction.commit().await?;
    Ok(Look {
        taken,
        has_put_off: !unanswered.is_empty(),
    })
}

/// Locks callbacks whose time has come, of each site some in the order of the index, which the comparison of rows names. No
/// more are read, whether they have an answer or not: so a backlog of one site costs the others nothing.
async fn lock(connection: &mut PgConnection, sites: &[String]) -> Result<Vec<Uuid>, StoreError> {
    let locked = sqlx::query_scalar!(
        r#"SELECT its.submission_id AS "id!" FROM unnest($1::text[]) AS s (site) CROSS JOIN LATERAL (
             SELECT c.submission_id FROM gateway_callbacks c
             WHERE (c.callback_site, c.due_at) >= (s.site, '-infinity') AND c.ended_at IS NULL
                 AND (c.callback_site, c.due_at) <= (s.site, statement_timestamp()) AND c.format = ANY($2)
             ORDER BY c.callback_site, c.due_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS its"#,
        sites,
        &CallbackFormat::ALL.map(|format| format.name().to_owned()),
        LOCKED,
    );
    Ok(locked.fetch_all(connection).await?)
}

/// Which of them have their answers, those first that are due for longest.
///
/// A request to judge once more may end without a verdict that counts: a later one counts by now, or it was cancelled,
/// rejected or ended in a judge error. Its callback tells what counts.
async fn look_at(connection: &mut PgConnection, locked: &[Uuid]) -> Result<Vec<LookedAt>, StoreError> {
    let looked_at = sqlx::query_as!(
        LookedAt,
        r#"SELECT c.submission_id AS id, c.callback_site AS "site!", v.rejudge AS "counts?",
             CASE WHEN c.rejudge IS NULL THEN v.submission_id IS NOT NULL OR g.rejection IS NOT NULL
                  ELSE coalesce(v.rejudge = c.rejudge, false) OR (v.submission_id IS NOT NULL OR g.rejection IS NOT NULL)
                      AND (EXISTS (SELECT 1 FROM verdict_history h
                                   WHERE h.submission_id = c.submission_id AND h.rejudge = c.rejudge)
                           OR EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id
                                          AND a.rejudge = c.rejudge AND a.outcome = 'rejected'))
                      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id
                                          AND a.rejudge = c.rejudge AND a.ended_at IS NULL) END AS "is_answered!"
         FROM gateway_callbacks c
         JOIN gateway_submissions g ON g.id = c.submission_id
         LEFT JOIN verdicts v ON v.submission_id = c.submission_id
             AND (SELECT true FROM gateway_conflicts x WHERE x.submission_id = c.submission_id) IS NULL
             AND (v.verdict <> $2 OR NOT EXISTS
                 (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id AND a.ended_at IS NULL))
         WHERE c.submission_id = ANY ($1) ORDER BY c.due_at"#,
        locked,
        Verdict::Je.code(),
    );
    Ok(looked_at.fetch_all(connection).await?)
}

/// A callback of a request to judge once more belongs to the one that has decided what it tells from then on: the service that
/// notes at this moment that it has sent that one does not have the same sent once more.
async fn take(connection: &mut PgConnection, placed: &[LookedAt], lease: Duration) -> Result<Vec<Claimed>, StoreError> {
    if placed.is_empty() {
        return Ok(Vec::new());
    }
    let (ids, counts): (Vec<Uuid>, Vec<Option<Uuid>>) = placed.iter().map(|row| (row.id, row.counts)).unzip();
    let rows = sqlx::query_as!(
        DueRow,
        r#"UPDATE gateway_callbacks c
         SET tries = c.tries + 1, unanswered_looks = 0, due_at = clock_timestamp() + $3::float8 * interval '1 second',
             rejudge = CASE WHEN c.rejudge IS NOT NULL THEN taken.counts END
         FROM unnest($1::uuid[], $2::uuid[]) AS taken (id, counts) WHERE c.submission_id = taken.id
         RETURNING c.submission_id, c.url, c.format, c.tries, c.rejudge, c.traceparent,
             c.due_at AS "until: jiff_sqlx::Timestamp""#,
        &ids,
        &counts as _,
        lease.as_secs_f64(),
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().filter_map(DueRow::claimed).collect())
}

/// Each time for twice as long, however long the answer takes.
async fn put_off(connection: &mut PgConnection, unanswered: &[LookedAt]) -> Result<(), StoreError> {
    if unanswered.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = unanswered.iter().map(|row| row.id).collect();
    sqlx::query!(
        "UPDATE gateway_callbacks
         SET due_at = clock_timestamp()
                 + $2::float8 * interval '1 second' * 2::float8 ^ least(unanswered_looks, $3::int)::float8,
             unanswered_looks = unanswered_looks + 1
         WHERE submission_id = ANY ($1)",
        &ids,
        UNANSWERED_PAUSE.as_secs_f64(),
        MOST_DOUBLINGS,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A callback that is taken, as the database has it.
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
