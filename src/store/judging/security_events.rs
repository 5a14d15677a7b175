//! Security events, one row each.

use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

use crate::contract::SecurityEvent;
use crate::store::{StoreError, text};

/// Stores an event. One that is stored already stays as it is.
pub(super) async fn insert_security_event(
    connection: &mut PgConnection,
    event: &SecurityEvent,
) -> Result<(), StoreError> {
    let finding = &event.finding;
    sqlx::query!(
        "INSERT INTO security_events (id, submission_id, kind, severity, source, tests, first_test, detail,
                                      verdict, language, problem_id, worker, at, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::json)
         ON CONFLICT (id) DO NOTHING",
        event.id,
        event.submission,
        finding.kind.name(),
        finding.severity.name(),
        finding.source.name(),
        i64::try_from(finding.tests).unwrap_or(i64::MAX),
        &*text::storable(&finding.first_test),
        &*text::storable(&finding.detail),
        event.verdict.code(),
        &event.language,
        event.problem.as_ref().map(|problem| problem.id.as_str()),
        &event.worker,
        event.at.to_sqlx() as _,
        serde_json::to_string(event)?,
    )
    .execute(connection)
    .await?;
    Ok(())
}
