//! How much of the service a site may use: what the settings allow every site, and its token for itself.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// What is counted of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Quota {
    /// Requests in a second.
    RequestsPerSecond,
    /// Submissions in a second.
    SubmissionsPerSecond,
    /// Submissions that wait or run.
    MaxInFlight,
    /// CPU seconds in an hour.
    CpuSecondsPerHour,
}

impl Quota {
    /// The name: that of the setting below `serve`, and that on the line of a token.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The largest number that makes sense.
    pub const fn most(self) -> u32 {
        match self {
            Self::RequestsPerSecond | Self::SubmissionsPerSecond => 1_000_000,
            Self::MaxInFlight => 1_000_000_000,
            // A hundred thousand CPUs that are never idle.
            Self::CpuSecondsPerHour => 360_000_000,
        }
    }
}

/// How much a site may use of each. 0: any number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Requests in a second.
    pub requests_per_second: u32,
    /// Submissions in a second.
    pub submissions_per_second: u32,
    /// Submissions that wait or run.
    pub max_in_flight: u32,
    /// CPU seconds in an hour.
    pub cpu_seconds_per_hour: u32,
}

impl Quotas {
    /// The number of one of them.
    pub fn of(self, quota: Quota) -> u32 {
        match quota {
            Quota::RequestsPerSecond => self.requests_per_second,
            Quota::SubmissionsPerSecond => self.submissions_per_second,
            Quota::MaxInFlight => self.max_in_flight,
            Quota::CpuSecondsPerHour => self.cpu_seconds_per_hour,
        }
    }

    /// Whether it matters how much is handed in.
    pub fn bound_submissions(self) -> bool {
        [
            self.submissions_per_second,
            self.max_in_flight,
            self.cpu_seconds_per_hour,
        ] != [0; 3]
    }

    /// The same, with another number of one of them.
    #[must_use]
    pub fn with(mut self, quota: Quota, number: u32) -> Self {
        *match quota {
            Quota::RequestsPerSecond => &mut self.requests_per_second,
            Quota::SubmissionsPerSecond => &mut self.submissions_per_second,
            Quota::MaxInFlight => &mut self.max_in_flight,
            Quota::CpuSecondsPerHour => &mut self.cpu_seconds_per_hour,
        } = number;
        self
    }
}
