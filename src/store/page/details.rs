//! What the page says of a submission beside its state: whose it is, what its program is called, and what that used.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::contract::{Verdict, user_pair};
use crate::store::StoreError;

/// Whose a submission is, and what it used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubmissionDetails {
    /// The user whom its metadata name.
    pub user: Option<String>,
    /// What its program is called.
    pub file: Option<String>,
    /// CPU time of its slowest test, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// Peak memory of its hungriest test, in bytes.
    pub memory_bytes: Option<u64>,
}

/// Those of these submissions, in their order.
pub(super) async fn details_of(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<SubmissionDetails>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT coalesce(s.user_name, named.user_name) AS user_name, coalesce(s.file_name, g.file_name) AS file_name,
                  used.cpu_ms AS "cpu_ms?", used.memory_bytes AS "memory_bytes?"
           FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, number)
           LEFT JOIN submissions s ON s.id = wanted.id
               AND (SELECT true FROM gateway_conflicts c WHERE c.submission_id = wanted.id) IS NULL
           LEFT JOIN gateway_submissions g ON g.id = wanted.id
           LEFT JOIN LATERAL (SELECT substr(pair, length($2::text) + 1) AS user_name
                              FROM unnest(g.metadata_pairs) AS pair WHERE starts_with(pair, $2) LIMIT 1) AS named ON true
           CROSS JOIN LATERAL (SELECT max(t.cpu_ms) AS cpu_ms, max(t.memory_bytes) AS memory_bytes
                               FROM test_runs t WHERE t.submission_id = s.id AND t.verdict <> $3) AS used
           ORDER BY number"#,
        ids,
        user_pair(""),
        Verdict::Sk.code(),
    )
    .fetch_all(connection)
    .await?;
    let count = |value: i64| u64::try_from(value).unwrap_or_default();
    let details = rows.into_iter().map(|row| SubmissionDetails {
        user: row.user_name,
        file: row.file_name,
        cpu_ms: row.cpu_ms.map(count),
        memory_bytes: row.memory_bytes.map(count),
    });
    Ok(details.collect())
}
