//! Lists of submissions on the page, the newest first.
//!
//! Which may be shown is found over indexes: those of a site among what it handed in over HTTP; those of all among what
//! workers took, and behind that what none has taken yet. What is known of the state and the language is asked of so many
//! at most; where there are more, the next page goes on behind them. What else a page says is asked of its rows only.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{Verdict, user_pair};
use crate::store::connection::with_own_plans;
use crate::store::page::details::{SubmissionDetails, details_of};
use crate::store::page::state_of;
use crate::store::text::storable;
use crate::store::{Store, StoreError, SubmissionRow};

/// Rows of a page of a list.
pub const PAGE_ROWS: i64 = 50;

/// Submissions that are looked at for one page.
pub const LOOKED_AT: i64 = 2000;

/// Which submissions are listed. What is `None` excludes nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmissionFilter {
    /// Of this site.
    pub site: Option<String>,
    /// For this problem.
    pub problem: Option<String>,
    /// Of the user whom their metadata name so.
    pub user: Option<String>,
    /// In this language.
    pub language: Option<String>,
    /// Code of the verdict or status, or `waiting`, `running`, `rejected`.
    pub state: Option<String>,
    /// Only those behind this one, in a list that begins with the newest.
    pub before: Option<(Timestamp, Uuid)>,
    /// How many, at most [`PAGE_ROWS`].
    pub rows: i64,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmissionList {
    /// The submissions. There may be fewer than were asked for, or none, although others follow.
    pub rows: Vec<SubmissionRow>,
    /// Behind which one the next page begins.
    pub older: Option<(Timestamp, Uuid)>,
}

/// A place in the order of a list.
type Place = (Timestamp, Uuid);

struct PlaceRow {
    id: Uuid,
    at: jiff_sqlx::Timestamp,
}

impl PlaceRow {
    fn place(&self) -> Place {
        (self.at.to_jiff(), self.id)
    }
}

/// What is looked at for one page.
struct Look<'a> {
    filter: &'a SubmissionFilter,
    problem: Option<String>,
    user: Option<String>,
    /// What the metadata of such submissions hold that came over HTTP.
    pairs: Vec<String>,
    /// How many.
    most: i64,
}

impl SubmissionFilter {
    /// Whether a submission in this language and state is listed.
    fn wants(&self, row: &SubmissionRow) -> bool {
        let fits = |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
        fits(&self.language, row.language.as_deref()) && fits(&self.state, Some(&row.state))
    }

    fn rows(&self) -> i64 {
        self.rows.clamp(1, PAGE_ROWS)
    }
}

impl Store {
    /// Submissions, the newest first.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn list_submissions(&self, filter: &SubmissionFilter) -> Result<SubmissionList, StoreError> {
        self.soon(|pool| list(pool, filter)).await
    }
}

async fn list(pool: &PgPool, filter: &SubmissionFilter) -> Result<SubmissionList, StoreError> {
    let mut transaction = with_own_plans(pool).await?;
    let look = Look::of(filter);
    let (places, end) = match &filter.site {
        Some(site) => look.of_a_site(&mut transaction, &storable(site)).await?,
        None => look.of_all(&mut transaction).await?,
    };
    let rows = described(&mut transaction, &places).await?;
    let mut wanted = rows.into_iter().filter(|row| filter.wants(row));
    let most = usize::try_from(filter.rows()).unwrap_or_default();
    let rows: Vec<SubmissionRow> = wanted.by_ref().take(most).collect();
    let older = match wanted.next() {
        Some(_another) => rows.last().map(|row| (row.at, row.id)),
        None => end,
    };
    let rows = detailed(&mut transaction, rows).await?;
    transaction.commit().await?;
    Ok(SubmissionList { rows, older })
}

impl<'a> Look<'a> {
    fn of(filter: &'a SubmissionFilter) -> Self {
        let text = |asked: &Option<String>| asked.as_deref().map(|text| storable(text).into_owned());
        let user = text(&filter.user);
        Self {
            filter,
            problem: text(&filter.problem),
            pairs: user.iter().map(|user| user_pair(user)).collect(),
            user,
            most: match (&filter.language, &filter.state) {
                (None, None) => filter.rows() + 1,
                _ => LOOKED_AT,
            },
        }
    }

    /// Places of what a site handed in, and where they end if there may be more.
    async fn of_a_site(
        &self,
        connection: &mut PgConnection,
        site: &str,
    ) -> Result<(Vec<Place>, Option<Place>), StoreError> {
        let (before_at, before_id) = self.filter.before.unzip();
        let rows = sqlx::query_as!(
            PlaceRow,
            r#"SELECT id, accepted_at AS "at: jiff_sqlx::Timestamp" FROM gateway_submissions
               WHERE site = $1 AND ($2::text IS NULL OR problem_id = $2)
                 AND ($3::timestamptz IS NULL OR (accepted_at, id) < ($3, $4::uuid))
                 AND (cardinality($6::text[]) = 0 OR metadata_pairs @> $6)
               ORDER BY accepted_at DESC, id DESC LIMIT $5"#,
            site,
            self.problem.as_deref(),
            before_at.map(|at| at.to_sqlx()) as _,
            before_id,
            self.most,
            &self.pairs,
        )
        .fetch_all(connection)
        .await?;
        let places: Vec<Place> = rows.iter().map(PlaceRow::place).collect();
        let end = self.end_of(&places);
        Ok((places, end))
    }

    /// The same of all that a worker took, at the time when it did, and of what none has taken.
    async fn of_all(&self, connection: &mut PgConnection) -> Result<(Vec<Place>, Option<Place>), StoreError> {
        let taken = self.taken(&mut *connection).await?;
        let floor = self.end_of(&taken);
        let untaken = self.untaken(&mut *connection, floor).await?;
        let floor = match self.end_of(&untaken) {
            None => self.horizon(&mut *connection).await?.max(floor),
            full => full.max(floor),
        };
        let mut places = taken;
        places.extend(untaken);
        places.sort_unstable_by_key(|place| std::cmp::Reverse(*place));
        // Below the place where one of both lists ends, the other one says only half.
        places.retain(|place| floor.is_none_or(|floor| *place >= floor));
        places.truncate(usize::try_from(self.most).unwrap_or_default());
        let end = self.end_of(&places).max(floor);
        Ok((places, end))
    }

    async fn taken(&self, connection: &mut PgConnection) -> Result<Vec<Place>, StoreError> {
        let (before_at, before_id) = self.filter.before.unzip();
        let rows = sqlx::query_as!(
            PlaceRow,
            r#"SELECT id, first_seen_at AS "at: jiff_sqlx::Timestamp" FROM submissions
               WHERE ($1::text IS NULL OR problem_id = $1)
                 AND ($2::timestamptz IS NULL OR (first_seen_at, id) < ($2, $3::uuid))
                 AND ($5::text IS NULL OR user_name = $5)
               ORDER BY first_seen_at DESC, id DESC LIMIT $4"#,
            self.problem.as_deref(),
            before_at.map(|at| at.to_sqlx()) as _,
            before_id,
            self.most,
            self.user.as_deref(),
        )
        .fetch_all(connection)
        .await?;
        Ok(rows.iter().map(PlaceRow::place).collect())
    }

    /// Behind `floor` nothing is looked for.
    async fn untaken(&self, connection: &mut PgConnection, floor: Option<Place>) -> Result<Vec<Place>, StoreError> {
        let (before_at, before_id) = self.filter.before.unzip();
        let rows = sqlx::query_as!(
            PlaceRow,
            r#"SELECT id AS "id!", at AS "at!: jiff_sqlx::Timestamp"
               FROM (SELECT id, accepted_at AS at FROM gateway_submissions
                     WHERE ($1::text IS NULL OR problem_id = $1)
                       AND ($2::timestamptz IS NULL OR (accepted_at, id) < ($2, $3::uuid))
                       AND ($4::timestamptz IS NULL OR accepted_at >= $4)
                       AND (cardinality($7::text[]) = 0 OR metadata_pairs @> $7)
                     ORDER BY accepted_at DESC, id DESC LIMIT $5) AS accepted
               WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = accepted.id)
               ORDER BY at DESC, id DESC LIMIT $6"#,
            self.problem.as_deref(),
            before_at.map(|at| at.to_sqlx()) as _,
            before_id,
            floor.map(|(at, _id)| at.to_sqlx()) as _,
            LOOKED_AT,
            self.most,
            &self.pairs,
        )
        .fetch_all(connection)
        .await?;
        Ok(rows.iter().map(PlaceRow::place).collect())
    }

    /// Behind which submission that came over HTTP it was not looked.
    async fn horizon(&self, connection: &mut PgConnection) -> Result<Option<Place>, StoreError> {
        let (before_at, before_id) = self.filter.before.unzip();
        let row = sqlx::query_as!(
            PlaceRow,
            r#"SELECT id, accepted_at AS "at: jiff_sqlx::Timestamp" FROM gateway_submissions
               WHERE ($1::text IS NULL OR problem_id = $1)
                 AND ($2::timestamptz IS NULL OR (accepted_at, id) < ($2, $3::uuid))
                 AND (cardinality($5::text[]) = 0 OR metadata_pairs @> $5)
               ORDER BY accepted_at DESC, id DESC OFFSET $4 LIMIT 1"#,
            self.problem.as_deref(),
            before_at.map(|at| at.to_sqlx()) as _,
            before_id,
            LOOKED_AT - 1,
            &self.pairs,
        )
        .fetch_optional(connection)
        .await?;
        Ok(row.as_ref().map(PlaceRow::place))
    }

    /// Where these places end, if there may be more.
    fn end_of(&self, places: &[Place]) -> Option<Place> {
        let is_full = i64::try_from(places.len()).is_ok_and(|length| length >= self.most);
        places.last().copied().filter(|_last| is_full)
    }
}

/// What is known of the submissions at these places.
async fn described(connection: &mut PgConnection, places: &[Place]) -> Result<Vec<SubmissionRow>, StoreError> {
    let ids: Vec<Uuid> = places.iter().map(|(_at, id)| *id).collect();
    let rows = sqlx::query!(
        r#"SELECT wanted.id AS "id!", g.site AS "site?", coalesce(s.language, g.language) AS language,
                  coalesce(s.problem_id, g.problem_id) AS problem, v.verdict AS "verdict?", v.score AS "score?",
                  extract(epoch FROM v.judged_at - v.received_at)::float8 AS took_s,
                  g.rejection IS NOT NULL AS "is_rejected!", open.running AS "running!"
           FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, number)
           LEFT JOIN submissions s ON s.id = wanted.id
           LEFT JOIN gateway_submissions g ON g.id = wanted.id
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM attempts a
                                              WHERE a.submission_id = wanted.id AND a.ended_at IS NULL) AS running) AS open
           LEFT JOIN verdicts v ON v.submission_id = wanted.id AND (v.verdict <> $2 OR NOT open.running)
               AND (SELECT true FROM gateway_conflicts c WHERE c.submission_id = wanted.id) IS NULL
           ORDER BY number"#,
        &ids,
        Verdict::Je.code(),
    )
    .fetch_all(connection)
    .await?;
    let rows = places.iter().zip(rows).map(|((at, id), row)| SubmissionRow {
        id: *id,
        at: *at,
        site: row.site,
        language: row.language,
        problem: row.problem,
        state: state_of(row.verdict, row.is_rejected, row.running),
        score: row.score,
        took_s: row.took_s,
        details: SubmissionDetails::default(),
    });
    Ok(rows.collect())
}

/// The same rows, with what else is said of them.
async fn detailed(connection: &mut PgConnection, rows: Vec<SubmissionRow>) -> Result<Vec<SubmissionRow>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let details = details_of(connection, &ids).await?;
    let rows = rows.into_iter().zip(details);
    Ok(rows.map(|(row, details)| SubmissionRow { details, ..row }).collect())
}
