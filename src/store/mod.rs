//! PostgreSQL: what was decided, and which worker judges what. SQL is written nowhere else, and each statement about
//! tables of the migrations is checked against them when it is compiled: `.sqlx` holds PostgreSQL's description, see
//! `docker/sqlx.sh`.
//!
//! It can be switched off; then the same submission can be judged twice. It knows neither broker nor judge.

mod connection;
mod error;
mod gateway;
mod judging;
mod page;
mod purge;
mod retention;
mod short_lived;
mod text;
mod workers;

pub use connection::Store;
pub use connection::ping::ping;
pub use connection::tables::migrate;
pub use error::StoreError;
pub use gateway::callbacks::{DueCallback, Tried};
pub use gateway::cpu::CpuMinute;
pub use gateway::due_callbacks::{CallbackClaim, CallbackPlaces};
pub use gateway::known::{GatewayRow, Unreadable};
pub use gateway::open::{OpenRequest, OpenedAgain};
pub use gateway::rejections::RejectedMessage;
pub use gateway::test_sets::{NewTestSet, TestSetKept, TestSetRow};
pub use gateway::{Accepted, NewSubmission, StoredMessage};
pub use judging::attempts::Wanted;
pub use judging::cancellations::Cancelled;
pub use judging::claim::Claim;
pub use judging::lease::Lease;
pub use judging::verdicts::Recorded;
pub use page::details::SubmissionDetails;
pub use page::figures::{FindingRow, JUDGED_LOOKED_AT, JudgedMinute, RevisionRow};
pub use page::list::{LOOKED_AT, PAGE_ROWS, SubmissionFilter, SubmissionList};
pub use page::{AttemptRow, PastVerdict, StoredSubmission, SubmissionRow};
pub use purge::{PURGING, Purged};
pub use retention::Retention;
pub use workers::{REPORT_INTERVAL, Throughput, WorkerReport, WorkerRow};
