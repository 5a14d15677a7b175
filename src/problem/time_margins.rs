//! Safety margins of a time limit.

use crate::problem::yaml::Map;
use crate::problem::{Format, PackageError, Warning};

/// Safety margins of a time limit (format 2025-09, section "Problem timing"; legacy: `time_multiplier` and
/// `time_safety_margin`, where the limit is derived).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeMargins {
    /// The limit is at least the slowest submission that has to be fast enough, times this.
    pub ac_to_time_limit: f64,
    /// A submission that has to be too slow takes at least the limit times this.
    pub time_limit_to_tle: f64,
}

/// The key of 2025-09 that holds both margins.
const MULTIPLIERS: &str = "time_multipliers";

/// The margins: what 2025-09 and the legacy format call them, and what they are there unless they are set.
const MARGINS: [Margin; 2] = [
    Margin {
        new: ("ac_to_time_limit", 2.0),
        legacy: ("time_multiplier", 5.0),
    },
    Margin {
        new: ("time_limit_to_tle", 1.5),
        legacy: ("time_safety_margin", 2.0),
    },
];

struct Margin {
    new: (&'static str, f64),
    legacy: (&'static str, f64),
}

const FACTOR: &str = "a factor above 0, such as 2";

/// A factor of 2025-09, which is no margin below 1.
const MULTIPLIER: &str = "a factor of at least 1, such as 2";

/// Reads them. Those that are written as in the other format are understood too, with a warning.
pub(super) fn read(limits: &Map<'_>, format: Format, warnings: &mut Vec<Warning>) -> Result<TimeMargins, PackageError> {
    let multipliers = limits.map_at(MULTIPLIERS)?;
    let multipliers = multipliers.unwrap_or_else(|| Map::new("".as_ref(), &[]));
    warnings.extend(multipliers.unknown_keys(&MARGINS.each_ref().map(|margin| margin.new.0)));
    warnings.extend(of_the_other_format(limits, format));
    let [ac_to_time_limit, time_limit_to_tle] = MARGINS.each_ref().map(|margin| match format {
        Format::Legacy => margin.of_legacy(limits, &multipliers),
        Format::V2025 => margin.of_new(limits, &multipliers),
    });
    Ok(TimeMargins {
        ac_to_time_limit: ac_to_time_limit?,
        time_limit_to_tle: time_limit_to_tle?,
    })
}

impl Margin {
    fn of_legacy(&self, limits: &Map<'_>, multipliers: &Map<'_>) -> Result<f64, PackageError> {
        let (key, usual) = self.legacy;
        let own = limits.positive(key, FACTOR)?;
        let other = || multipliers.positive(self.new.0, MULTIPLIER).ok().flatten();
        Ok(own.or_else(other).unwrap_or(usual))
    }

    fn of_new(&self, limits: &Map<'_>, multipliers: &Map<'_>) -> Result<f64, PackageError> {
        let (key, usual) = self.new;
        let own = multipliers.positive(key, MULTIPLIER)?;
        if own.is_some_and(|factor| factor < 1.0) {
            return Err(multipliers.expected(key, MULTIPLIER));
        }
        let other = || limits.positive(self.legacy.0, FACTOR).ok().flatten();
        Ok(own.or_else(other).map_or(usual, |factor| factor.max(1.0)))
    }
}

/// Keys that the format of the package does not have.
fn of_the_other_format(limits: &Map<'_>, format: Format) -> Vec<Warning> {
    let (keys, other) = match format {
        Format::Legacy => (vec![MULTIPLIERS], "2025-09"),
        Format::V2025 => (MARGINS.each_ref().map(|margin| margin.legacy.0).to_vec(), "legacy"),
    };
    let warning = |key: &&str| {
        let message =
            format!("limits.{key} belongs to the format {other}; it is understood where limits say nothing else");
        limits.has(key).then(|| limits.warning(key, message))
    };
    keys.iter().filter_map(warning).collect()
}
