//! How often a site may ask and hand in, and what is refused when it does so more often.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;

use crate::config::{Quota, Quotas};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::meter::{BURST_SECONDS, Meter, NotNow};
use crate::gateway::sites::standing::{Standing, whole_seconds};
use crate::gateway::sites::tokens::Site;

/// The time in which CPU seconds are counted.
pub(in crate::gateway) const HOUR: Duration = Duration::from_secs(3600);

/// What each site has asked and handed in lately, at this service.
#[derive(Debug, Default)]
pub(in crate::gateway) struct QuotaMeters(Mutex<HashMap<Arc<str>, Arc<SiteMeters>>>);

#[derive(Debug)]
struct SiteMeters {
    quotas: Quotas,
    requests: Option<Meter>,
    submissions: Option<Meter>,
}

impl QuotaMeters {
    /// Counts a request.
    pub(in crate::gateway) fn ask(&self, site: &Site) -> Result<(), Refusal> {
        let meters = self.of(site);
        announce(site);
        let asked = take(meters.requests.as_ref(), Some(NonZeroU32::MIN));
        meters.tell(site);
        asked.map_err(|not_now| refused(site, Quota::RequestsPerSecond, not_now))
    }

    /// Counts submissions, each for itself.
    pub(in crate::gateway) fn hand_in(&self, site: &Site, submissions: usize) -> Result<(), Refusal> {
        let meters = self.of(site);
        let many = NonZeroU32::new(u32::try_from(submissions).unwrap_or(u32::MAX));
        let handed_in = take(meters.submissions.as_ref(), many);
        meters.tell(site);
        handed_in.map_err(|not_now| refused(site, Quota::SubmissionsPerSecond, not_now))
    }

    /// Those of a site. They begin anew when its quotas have changed.
    fn of(&self, site: &Site) -> Arc<SiteMeters> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(meters) = known.get(&site.name)
            && meters.quotas == site.quotas
        {
            return Arc::clone(meters);
        }
        let meters = Arc::new(SiteMeters::of(site.quotas));
        known.insert(Arc::clone(&site.name), Arc::clone(&meters));
        meters
    }
}

fn take(meter: Option<&Meter>, many: Option<NonZeroU32>) -> Result<(), NotNow> {
    meter.zip(many).map_or(Ok(()), |(meter, many)| meter.take(many))
}

impl SiteMeters {
    fn of(quotas: Quotas) -> Self {
        let meter = |per_second| NonZeroU32::new(per_second).map(Meter::of);
        Self {
            quotas,
            requests: meter(quotas.requests_per_second),
            submissions: meter(quotas.submissions_per_second),
        }
    }

    /// Notes what is left.
    fn tell(&self, site: &Site) {
        let rates = [
            (Quota::RequestsPerSecond, &self.requests),
            (Quota::SubmissionsPerSecond, &self.submissions),
        ];
        for (quota, meter) in rates {
            if let Some(left) = meter.as_ref().map(Meter::left) {
                site.standings.note(Standing {
                    quota,
                    allowed: u64::from(left.most),
                    window: Some(Duration::from_secs(u64::from(BURST_SECONDS))),
                    left: Some(u64::from(left.now)),
                    more_in: Some(left.more_in),
                });
            }
        }
    }
}

/// Notes quotas whose use is looked up only when something is handed in.
fn announce(site: &Site) {
    for (quota, window) in [(Quota::MaxInFlight, None), (Quota::CpuSecondsPerHour, Some(HOUR))] {
        let allowed = u64::from(site.quotas.of(quota));
        if allowed > 0 {
            site.standings.note(Standing {
                quota,
                allowed,
                window,
                left: None,
                more_in: None,
            });
        }
    }
}

/// What is told a site that does more than its quota allows.
fn refused(site: &Site, quota: Quota, not_now: NotNow) -> Refusal {
    let (name, word, allowed) = (&site.name, quota.name(), site.quotas.of(quota));
    match not_now {
        NotNow::Until(wait) => {
            let seconds = whole_seconds(wait).max(1);
            let what = match quota {
                Quota::RequestsPerSecond => "requests",
                _ => "submissions",
            };
            let detail = format!("{name} may send {allowed} {what} a second ({word}); send this in {seconds} s");
            Refusal::too_many(detail, seconds)
        }
        // Waiting would not help.
        NotNow::Never { most } => {
            let detail =
                format!("{name} may hand in {most} submissions at once ({word}, ten seconds' worth); send fewer");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
        }
    }
}
