//! Submissions that came over HTTP.

pub(super) mod callbacks;
mod closing;
pub(super) mod cpu;
pub(super) mod due_callbacks;
mod forgetting;
pub(super) mod known;
pub(super) mod listing;
pub(super) mod open;
pub(super) mod rejections;
mod secrets;
pub(super) mod test_sets;

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{CallbackTarget, Fingerprint, Metadata, metadata_pairs};
use crate::store::gateway::due_callbacks::UNANSWERED_PAUSE;
use crate::store::gateway::open::{OpenRequest, open_first};
use crate::store::text::storable;
use crate::store::{Store, StoreError};

/// What became of a submission that is to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored, and is to be published.
    ToPublish,
    /// It was accepted before.
    Before,
    /// Another content, or another site's submission, has its id, whichever way that came.
    Conflict,
}

/// A submission that is to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct NewSubmission<'a> {
    /// Its id.
    pub id: Uuid,
    /// The site that hands it in.
    pub site: &'a str,
    /// What is to be judged.
    pub fingerprint: Fingerprint,
    /// The message, as JSON.
    pub message: &'a str,
    /// Its language.
    pub language: &'a str,
    /// The problem that it names.
    pub problem: Option<&'a str>,
    /// What its program is called.
    pub file: Option<&'a str>,
    /// Its free data.
    pub metadata: &'a Metadata,
    /// Where its answer is to be sent.
    pub callback: Option<&'a CallbackTarget>,
    /// The trace of the request, if it belongs to one.
    pub traceparent: Option<&'a str>,
    /// Whether it says itself how long it is kept.
    pub sets_retention: bool,
    /// Whether its CPU time is counted for the site.
    pub is_charged: bool,
}

/// The message of a submission, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredMessage {
    /// As it was published.
    Kept(String),
    /// It is not kept any longer, or there was none.
    Gone,
    /// Something else was judged under its id first, which it does not replace.
    Conflict,
}

impl Store {
    /// Stores a submission before it is published.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn accept(&self, new: NewSubmission<'_>) -> Result<Accepted, StoreError> {
        self.soon(|pool| accept(pool, new)).await
    }

    /// What became of a submission before, if there was one with its id.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn accepted_before(
        &self,
        id: Uuid,
        site: &str,
        fingerprint: Fingerprint,
    ) -> Result<Option<Accepted>, StoreError> {
        self.soon(|pool| accepted_before(pool, id, site, fingerprint)).await
    }

    /// How many of these submissions the site has handed in before, and was told so.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn count_accepted(&self, ids: &[Uuid], site: &str) -> Result<usize, StoreError> {
        self.soon(|pool| count_accepted(pool, ids, site)).await
    }

    /// Notes that the broker has it.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn published(&self, id: Uuid) -> Result<(), StoreError> {
        self.soon(|pool| published(pool, id)).await
    }

    /// The message of a submission, while it is kept.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn message(&self, id: Uuid) -> Result<StoredMessage, StoreError> {
        self.soon(|pool| message(pool, id)).await
    }
}

async fn accept(pool: &PgPool, new: NewSubmission<'_>) -> Result<Accepted, StoreError> {
    let NewSubmission {
        id, site, fingerprint, ..
    } = new;
    match insert(pool, new).await? {
        Inserted::New => return Ok(Accepted::ToPublish),
        Inserted::Conflict => return Ok(Accepted::Conflict),
        Inserted::Known => {}
    }
    let before = accepted_before(pool, id, site, fingerprint).await?;
    if matches!(before, Some(Accepted::ToPublish)) {
        // What could not be sent counts no longer.
        open_first(pool, OpenRequest::first(&new)).await?;
    }
    Ok(before.ok_or(sqlx::Error::RowNotFound)?)
}

async fn accepted_before(
    pool: &PgPool,
    id: Uuid,
    site: &str,
    fingerprint: Fingerprint,
) -> Result<Option<Accepted>, StoreError> {
    let known = sqlx::query!(
        r#"SELECT site, fingerprint, published_at IS NOT NULL AS "published!" FROM gateway_submissions WHERE id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(known.map(
        |known| match known.site == site && !fingerprint.contradicts(&known.fingerprint) {
            false => Accepted::Conflict,
            true if known.published => Accepted::Before,
            true => Accepted::ToPublish,
        },
    ))
}

async fn count_accepted(pool: &PgPool, ids: &[Uuid], site: &str) -> Result<usize, StoreError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM unnest($1::uuid[]) AS wanted (id)
           JOIN gateway_submissions g ON g.id = wanted.id
           WHERE g.site = $2 AND g.published_at IS NOT NULL"#,
        ids,
        site,
    )
    .fetch_one(pool)
    .await?;
    Ok(usize::try_from(counted).unwrap_or_default())
}

/// Whether a submission was there already.
enum Inserted {
    New,
    Known,
    /// A worker has taken something else under its id, which did not come over HTTP.
    Conflict,
}

struct InsertedRow {
    is_new: bool,
    is_conflict: bool,
}

impl InsertedRow {
    fn read(&self) -> Inserted {
        match (self.is_new, self.is_conflict) {
            (true, _) => Inserted::New,
            (false, true) => Inserted::Conflict,
            (false, false) => Inserted::Known,
        }
    }
}

/// A statement by itself: with a transaction around it the database is asked three times. What a worker took first under an
/// id that is not known here is the same submission where its content is.
async fn insert(pool: &PgPool, new: NewSubmission<'_>) -> Result<Inserted, StoreError> {
    let (language, problem) = (storable(new.language), new.problem.map(storable));
    let row = sqlx::query_as!(
        InsertedRow,
        r#"WITH conflict AS (
             SELECT FROM submissions s
             WHERE s.id = $1 AND NOT EXISTS (SELECT FROM gateway_submissions WHERE id = $1)
               AND NOT coalesce((SELECT a.fingerprint = $3 FROM attempts a
                                 WHERE a.submission_id = $1 AND a.fingerprint IS NOT NULL
                                 ORDER BY a.number LIMIT 1), false)
         ), accepted AS (
             INSERT INTO gateway_submissions
                 (id, site, fingerprint, message, language, problem_id, metadata, metadata_pairs, file_name, has_own_term)
             SELECT $1, $2, $3, $4::text::json, $5, $6, $7::text::json, $8, $12, $15
             WHERE NOT EXISTS (SELECT FROM conflict)
             ON CONFLICT (id) DO NOTHING
             RETURNING id
         ), called_back AS (
             INSERT INTO gateway_callbacks (submission_id, url, format, traceparent, callback_site, due_at)
             SELECT id, $9, $10, $11, left($2, 64), clock_timestamp() + $16::float8 * interval '1 second'
             FROM accepted WHERE $9::text IS NOT NULL
         ), opened AS (
             INSERT INTO gateway_open (submission_id, rejudge, site, bulk, charged)
             SELECT id, $13, $2, false, $14 FROM accepted
         )
         SELECT EXISTS (SELECT FROM accepted) AS "is_new!", EXISTS (SELECT FROM conflict) AS "is_conflict!""#,
        new.id,
        new.site,
        new.fingerprint.to_bytes(),
        new.message,
        language.as_ref(),
        problem.as_deref(),
        serde_json::to_string(new.metadata)?,
        &storable_pairs(new.metadata),
        new.callback.map(|target| target.url.as_str()),
        new.callback.map(|target| target.format.name()),
        new.traceparent,
        new.file,
        Uuid::nil(),
        new.is_charged,
        new.sets_retention,
        UNANSWERED_PAUSE.as_secs_f64(),
    );
    Ok(row.fetch_one(pool).await?.read())
}

fn storable_pairs(metadata: &Metadata) -> Vec<String> {
    let pairs = metadata_pairs(metadata);
    pairs.iter().map(|pair| storable(pair).into_owned()).collect()
}

async fn published(pool: &PgPool, id: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE gateway_submissions SET published_at = clock_timestamp() WHERE id = $1 AND published_at IS NULL",
        id
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn message(pool: &PgPool, id: Uuid) -> Result<StoredMessage, StoreError> {
    let found = sqlx::query!(
        r#"SELECT message::text AS message,
             EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = $1) AS "is_conflict!"
         FROM gateway_submissions WHERE id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?;
    let Some(found) = found else {
        return Ok(StoredMessage::Gone);
    };
    Ok(match found.message {
        _ if found.is_conflict => StoredMessage::Conflict,
        Some(message) => StoredMessage::Kept(message),
        None => StoredMessage::Gone,
    })
}
