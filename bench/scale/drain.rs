//! A queue full of submissions: how many a second come to their verdicts, and what each of them costs.

use crate::fleet::Fleet;
use crate::load::send_and_receive;
use crate::results::Drain;
use crate::services::Services;

/// Sends so many submissions to the workers, until all have their answers.
pub(crate) async fn measure(
    fleet: &Fleet,
    (submissions, in_bulk): (u32, bool),
    services: &mut Services,
) -> anyhow::Result<Drain> {
    let before = services.begin().await?;
    let answered = send_and_receive(&fleet.settings.broker, submissions, in_bulk).await?;
    let span = services.now().await?.since(&before);
    let each = |sum: f64| sum / f64::from(submissions);
    let [broker, database, workers] = span.cpu.map(|cpu| each(cpu * 1e3));
    let [received, delivered, acknowledged] = span.messages.map(each);
    Ok(Drain {
        workers: fleet.plan.workers,
        slots: fleet.plan.slots,
        submissions,
        per_s: f64::from(answered.counted) / answered.seconds,
        verdicts: answered.verdicts,
        repeated: answered.repeated,
        broker_cpu_ms: broker,
        database_cpu_ms: database,
        worker_cpu_ms: workers,
        received,
        delivered,
        acknowledged,
        transactions: each(span.transactions),
        statements_each: each(span.statements),
        wal_bytes: each(span.wal_bytes),
        table_bytes: each(span.table_bytes),
        database_connections_in_all: span.database_connections,
        broker_bytes_in_all: span.broker_bytes,
        statements: services.statements().await?,
    })
}
