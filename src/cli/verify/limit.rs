//! The time limit that a package was judged with, and where it comes from.

use std::time::Duration;

use crate::cli::units::seconds;
use crate::cli::verify::row::{Row, ran};
use crate::config::LimitSettings;
use crate::contract::Verdict;
use crate::problem::{Package, TimeLimit};

/// A submission that has to be fast enough and takes more of its limit than this is close to it.
const CLOSE: f64 = 0.8;

/// A time limit and its origin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LimitUsed {
    pub(super) cpu_ms: u64,
    pub(super) wall_ms: u64,
    pub(super) origin: Origin,
}

/// Where a time limit comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    /// The package gives it.
    Package,
    /// The command line gives it.
    CommandLine,
    /// From the slowest submission that has to be fast enough, and its CPU time.
    Derived { submission: String, slowest_ms: u64 },
    /// The package gives none, and no submission was judged that it could be derived from.
    Settings,
}

impl Origin {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::CommandLine => "command_line",
            Self::Derived { .. } => "derived",
            Self::Settings => "settings",
        }
    }
}

impl LimitUsed {
    /// The limit of a package; `timed` are those that it is derived from where it is not given.
    pub(super) fn of(package: &Package, chosen: Option<Duration>, timed: &[&Row], settings: &LimitSettings) -> Self {
        let (limit, origin) = match (chosen, package.limits.time) {
            (Some(chosen), _) => (chosen, Origin::CommandLine),
            (None, TimeLimit::Given(given)) => (given, Origin::Package),
            (None, derived @ TimeLimit::Derived { .. }) => match slowest(timed) {
                Some((row, slowest_ms)) => {
                    let submission = row.name.clone();
                    let limit = derived.for_slowest(Duration::from_millis(slowest_ms));
                    (limit, Origin::Derived { submission, slowest_ms })
                }
                None => (Duration::from_millis(settings.default.cpu_ms), Origin::Settings),
            },
        };
        let cpu_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let cpu_ms = cpu_ms.min(settings.ceiling.cpu_ms);
        Self {
            cpu_ms,
            wall_ms: settings.wall_ms(cpu_ms),
            origin,
        }
    }

    /// A line for people.
    pub(super) fn told(&self) -> String {
        let limit = format!("time limit {} (wall {})", seconds(self.cpu_ms), seconds(self.wall_ms));
        match &self.origin {
            Origin::Package => limit,
            Origin::CommandLine => format!("{limit}, as asked for"),
            Origin::Derived { submission, slowest_ms } => {
                format!(
                    "{limit}, from the slowest submission that has to be fast enough: {submission}, {}",
                    seconds(*slowest_ms)
                )
            }
            Origin::Settings => format!("{limit}, limits.default.cpu_ms of the settings"),
        }
    }

    /// What the author has to know about it.
    pub(super) fn warning(&self) -> Option<String> {
        (self.origin == Origin::Settings).then(|| {
            format!(
                "the package gives no time limit, and no submission that has to be fast enough was judged that it could \
                 be derived from: {} of the settings hold",
                seconds(self.cpu_ms)
            )
        })
    }

    /// Submissions that have to be fast enough, and hardly are.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a comparison of milliseconds with a bound that is rough"
    )]
    pub(super) fn close(&self, timed: &[&Row]) -> Vec<String> {
        let share = |ms: u64| ms as f64 / self.cpu_ms.max(1) as f64;
        let near = timed.iter().filter_map(|row| {
            let slowest = row
                .max_cpu_ms()
                .filter(|ms| share(*ms) > CLOSE && row.ok() == Some(true))?;
            Some(format!(
                "{} takes {} of a time limit of {}",
                row.name,
                seconds(slowest),
                seconds(self.cpu_ms)
            ))
        });
        near.collect()
    }
}

/// Of those whose tests ran: one that does not compile, or that the judge failed on, says nothing about speed.
fn slowest<'a>(rows: &[&'a Row]) -> Option<(&'a Row, u64)> {
    let timed = rows.iter().filter(|row| {
        row.judgement().is_some_and(|it| {
            it.verdict != Verdict::Je
                && ran(it).next().is_some()
                && (row.ok() != Some(false) || it.verdict == Verdict::Ac)
        })
    });
    timed
        .filter_map(|row| Some((*row, row.max_cpu_ms()?)))
        .max_by_key(|(_, ms)| *ms)
}
