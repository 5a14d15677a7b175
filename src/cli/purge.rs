//! `assize purge`

use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::cli::{Failure, print, runtime};
use crate::config::StoreSettings;
use crate::store::{Purged, Retention, Store};

/// The shortest time that may be named.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Remove what is old from the database
///
/// Submissions that were answered so long ago go with their attempts, verdicts, tests, cancellations and the sources
/// that came over HTTP; security events that are so old go too, and test sets that were last named by a submission so
/// long ago; and runs that were to be kept for a time that is over. What is being judged, or waits to be tried again,
/// stays. It is done in small transactions, while workers work; interrupted, it can be done again.
///
/// A submission that was removed is unknown: sent again under the same id, it is judged again. So the retention is longer
/// than any message waits in a queue. Without --older-than, the settings store.keep_submissions_s,
/// store.keep_security_events_s and store.keep_test_sets_s hold, after which workers remove it by themselves.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize purge --older-than 90d --dry-run
  assize purge --older-than 90d
  assize purge --older-than '1 year' --json")]
pub(super) struct Purge {
    /// How old it is at least, such as 90d, 12 weeks or 1 year; no less than a day
    #[arg(long, value_name = "TIME", value_parser = age)]
    older_than: Option<Duration>,

    /// Only count it
    #[arg(long)]
    dry_run: bool,

    /// Print JSON, and nothing else
    #[arg(long)]
    json: bool,
}

impl Purge {
    pub(super) fn run(self, settings: &StoreSettings) -> Result<ExitCode, Failure> {
        let retention = match self.older_than {
            Some(age) => Retention {
                submissions: Some(age),
                security_events: Some(age),
                test_sets: Some(age),
            },
            None => of_the_settings(settings)?,
        };
        runtime()?.block_on(self.purge(settings, &retention))
    }

    async fn purge(&self, settings: &StoreSettings, retention: &Retention) -> Result<ExitCode, Failure> {
        let store = Store::attach(settings).await.map_err(Failure::ours)?;
        let purged = if self.dry_run {
            Purged {
                runs: store.count_due_runs().await.map_err(Failure::ours)?,
                ..store.count_purgeable(retention).await.map_err(Failure::ours)?
            }
        } else {
            all(&store, retention).await?
        };
        match self.json {
            true => print::json(&purged)?,
            false => print::text(&in_words(&purged, self.dry_run))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn all(store: &Store, retention: &Retention) -> Result<Purged, Failure> {
    let mut purged = Purged {
        // A worker looks for them every minute.
        runs: store.forget_runs().await.map_err(Failure::ours)?,
        ..Purged::default()
    };
    loop {
        let some = store.purge_some(retention).await.map_err(Failure::ours)?;
        purged.add(some);
        if some.is_empty() {
            return Ok(purged);
        }
    }
}

fn of_the_settings(settings: &StoreSettings) -> Result<Retention, Failure> {
    let retention = Retention::of(settings);
    if retention.keeps_everything() {
        return Err(Failure::usage(anyhow!(
            "the settings keep everything for ever; name a retention with --older-than, such as --older-than 90d"
        )));
    }
    Ok(retention)
}

/// How long that is, counted back from today. When it begins is the database's matter: the clock here may differ.
fn age(text: &str) -> Result<Duration, String> {
    let span: Span = text
        .parse()
        .map_err(|_error| "a time such as 90d is expected".to_owned())?;
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let before = now.checked_sub(span.abs()).map_err(|error| error.to_string())?;
    let age = now.duration_since(&before).unsigned_abs();
    if age < A_DAY {
        return Err("what is younger than a day may be of submissions that wait still".to_owned());
    }
    Ok(age)
}

fn in_words(purged: &Purged, is_counted: bool) -> String {
    let done = if is_counted { "would be removed" } else { "removed" };
    let rows = [
        (purged.submissions, "submissions with attempts, verdicts and tests"),
        (purged.runs, "runs that were to be kept for no longer"),
        (
            purged.http_submissions,
            "submissions that came over HTTP, with their sources",
        ),
        (purged.cancellations, "cancellations"),
        (purged.security_events, "security events"),
        (purged.test_sets, "test sets that no submission has named for so long"),
    ];
    let lines = rows.iter().filter(|(count, _what)| *count > 0);
    let lines: Vec<String> = lines.map(|(count, what)| format!("{count} {what} {done}")).collect();
    match lines.as_slice() {
        [] => "nothing is so old".to_owned(),
        lines => lines.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_a_time_of_a_day_at_least() {
        for (text, expected) in [
            ("90d", ""),
            ("1 year", ""),
            ("3 months", ""),
            ("25h", ""),
            ("23h", "younger than a day"),
            ("0d", "younger than a day"),
            ("90", "such as 90d"),
            ("soon", "such as 90d"),
        ] {
            let error = age(text).err().unwrap_or_default();
            assert_eq!(error.is_empty(), expected.is_empty(), "{text}: {error}");
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
