//! The time limit that a package was judged with, and where it comes from.

use std::time::Duration;

use crate::cli::units::seconds;
use crate::cli::verify::row::{Row, Timed};
use crate::config::LimitSettings;
use crate::problem::{Package, TimeLimit};

/// A submission that has to be fast enough and takes more of its limit than this is close to it.
const CLOSE: f64 = 0.8;

/// A time limit and its origin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LimitUsed {
    pub(super) cpu_ms: u64,
    pub(super) wall_ms: u64,
    pub(super) origin: Origin,
    /// What a worker gives where the package gives no limit.
    default_ms: u64,
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
    pub(super) fn of(package: &Package, chosen: Option<Duration>, timed: &[Timed], settings: &LimitSettings) -> Self {
        let (limit, origin) = match (chosen, package.limits.time) {
            (Some(chosen), _) => (chosen, Origin::CommandLine),
            (None, TimeLimit::Given(given)) => (given, Origin::Package),
            (None, derived @ TimeLimit::Derived { .. }) => match timed.iter().max_by_key(|timed| timed.cpu_ms) {
                Some(Timed { name, cpu_ms }) => {
                    let limit = derived.for_slowest(Duration::from_millis(*cpu_ms));
                    let (submission, slowest_ms) = (name.clone(), *cpu_ms);
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
            default_ms: settings.default.cpu_ms,
        }
    }

    /// A line for people.
    pub(super) fn line(&self) -> String {
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

    /// A warning for the author.
    pub(super) fn warning(&self) -> Option<String> {
        match &self.origin {
            Origin::Settings => Some(format!(
                "the package gives no time limit, and no submission that has to be fast enough was judged that it could \
                 be derived from: {} of the settings hold",
                seconds(self.cpu_ms)
            )),
            Origin::Derived { submission, slowest_ms } if *slowest_ms > self.default_ms => Some(format!(
                "{submission} takes {}, and workers give {} (limits.default.cpu_ms), as problem.yaml has no time limit: \
                 write \"limits: {{time_limit: {}}}\" into it",
                seconds(*slowest_ms),
                seconds(self.default_ms),
                self.cpu_ms.div_ceil(1000)
            )),
            _ => None,
        }
    }

    /// Submissions that have to be fast enough, and hardly are.
    pub(super) fn close(&self, timed: &[(&Row, Timed)]) -> Vec<String> {
        let near = timed
            .iter()
            .filter(|(row, timed)| timed.cpu_ms > scaled(self.cpu_ms, CLOSE) && row.ok() == Some(true));
        let message = |(_, timed): &(&Row, Timed)| {
            format!(
                "{} takes {} of a time limit of {}",
                timed.name,
                seconds(timed.cpu_ms),
                seconds(self.cpu_ms)
            )
        };
        near.map(message).collect()
    }
}

/// Milliseconds times a factor above 0.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds of at most days times a small positive factor; `as` saturates"
)]
pub(super) fn scaled(ms: u64, factor: f64) -> u64 {
    (ms as f64 * factor).round() as u64
}
