//! PostgreSQL: what was decided, and which worker judges what. SQL is written nowhere else, and each statement about
//! tables of the migrations is checked against them when it is compiled: `.sqlx` holds what PostgreSQL said about it, see
//! `docker/sqlx.sh`.
//!
//! It can be switched off; then the same submission can be judged twice. It knows neither broker nor judge.

mod attempts;
mod callbacks;
mod cancellations;
mod claim;
mod connect;
mod error;
mod gateway;
mod hosts;
mod lease;
mod listing;
mod page;
mod page_figures;
mod page_list;
mod page_sessions;
mod ping;
mod purge;
mod rejudging;
mod security_events;
mod test_sets;
mod text;
mod verdicts;
mod workers;

pub use attempts::Wanted;
pub use callbacks::{DueCallback, Tried};
pub use cancellations::Cancelled;
pub use claim::Claim;
pub use connect::Store;
pub use error::StoreError;
pub use gateway::{Accepted, GatewayRow, NewSubmission};
pub use lease::{Ending, Lease};
pub use page::{AttemptRow, PastVerdict, StoredSubmission, SubmissionRow};
pub use page_figures::{FindingRow, JUDGED_LOOKED_AT, JudgedMinute, RevisionRow};
pub use page_list::{LOOKED_AT, PAGE_ROWS, SubmissionFilter, SubmissionList};
pub use ping::ping;
pub use purge::{PURGING, Purged, Retention};
pub use test_sets::{NewTestSet, TestSetKept, TestSetRow};
pub use verdicts::Recorded;
pub use workers::{REPORT_INTERVAL, Throughput, WorkerReport, WorkerRow};
