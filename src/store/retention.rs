//! How long what is stored is kept, and before when what is removed: by the clock of the database, since those of workers
//! may differ, and one that is ahead would remove what is young.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::config::StoreSettings;
use crate::store::StoreError;

/// How long ago what is removed happened, by the clock of the database. `None`: it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Submissions that were answered so long ago.
    pub submissions: Option<Duration>,
    /// Security events that were noticed so long ago.
    pub security_events: Option<Duration>,
    /// Test sets that were last used so long ago.
    pub test_sets: Option<Duration>,
}

/// Before when what is removed; `None`: it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) submissions: Option<Timestamp>,
    /// Submissions without an answer, whose messages have been dropped: the retention, twice.
    pub(super) dropped: Option<Timestamp>,
    pub(super) security_events: Option<Timestamp>,
    pub(super) test_sets: Option<Timestamp>,
}

impl Retention {
    /// What the settings give.
    pub fn of(settings: &StoreSettings) -> Self {
        let age = |seconds: u64| (seconds > 0).then(|| Duration::from_secs(seconds));
        Self {
            submissions: age(settings.keep_submissions_s),
            security_events: age(settings.keep_security_events_s),
            test_sets: age(settings.keep_test_sets_s),
        }
    }

    /// Whether nothing is removed.
    pub fn keeps_everything(&self) -> bool {
        self.submissions.is_none() && self.security_events.is_none() && self.test_sets.is_none()
    }
}

impl Bounds {
    /// A retention that goes back further than time is told removes nothing.
    pub(super) fn at(now: Timestamp, retention: &Retention) -> Self {
        let before = |age: Option<Duration>| now.checked_sub(age?).ok();
        Self {
            submissions: before(retention.submissions),
            dropped: before(retention.submissions.and_then(|age| age.checked_mul(2))),
            security_events: before(retention.security_events),
            test_sets: before(retention.test_sets),
        }
    }
}

/// What the time is for all programs.
pub(super) async fn clock(connection: &mut PgConnection) -> Result<Timestamp, StoreError> {
    let row = sqlx::query!(r#"SELECT clock_timestamp() AS "now!: jiff_sqlx::Timestamp""#)
        .fetch_one(connection)
        .await?;
    Ok(row.now.to_jiff())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_go_back_from_the_time_that_is_given() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let day = Duration::from_secs(24 * 3600);
        let bounds = Bounds::at(
            now,
            &Retention {
                submissions: Some(day),
                security_events: Some(Duration::MAX),
                test_sets: None,
            },
        );
        assert_eq!(bounds.submissions, Some("2026-11-29T12:00:00Z".parse().unwrap()));
        assert_eq!(bounds.dropped, Some("2026-11-28T12:00:00Z".parse().unwrap()));
        assert_eq!((bounds.security_events, bounds.test_sets), (None, None));
    }
}
