//! Security events, one row each.

use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

use crate::contract::SecurityEvent;
use crate::store::StoreError;

/// Stores an event. One that is stored already stays as it is.
pub(super) async fn insert_security_event(
    connection: &mut PgConnection,
    event: &SecurityEvent,
) -> Result<(), StoreError> {
    let finding = &event.finding;
    sqlx::query(
        "INSERT INTO security_events (id, submission_id, kind, severity, source, tests, first_test, detail,
                                      verdict, language, problem_id, worker, at, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::json)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(event.id)
    .bind(event.submission)
    .bind(finding.kind.name())
    .bind(finding.severity.name())
    .bind(finding.source.name())
    .bind(i64::try_from(finding.tests).unwrap_or(i64::MAX))
    .bind(&finding.first_test)
    .bind(&finding.detail)
    .bind(event.verdict.code())
    .bind(&event.language)
    .bind(event.problem.as_ref().map(|problem| problem.id.as_str()))
    .bind(&event.worker)
    .bind(event.at.to_sqlx())
    .bind(serde_json::to_string(event)?)
    .execute(connection)
    .await?;
    Ok(())
}
