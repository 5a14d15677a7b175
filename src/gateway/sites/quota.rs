//! How often a site may ask.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::gateway::refusal::Refusal;

/// Requests come in bursts: so many seconds' worth may come at once.
const BURST_SECONDS: u32 = 10;

/// Requests of each site.
#[derive(Debug)]
pub(in crate::gateway) struct Quotas {
    requests: Option<DefaultKeyedRateLimiter<Arc<str>>>,
    clock: DefaultClock,
}

impl Quotas {
    /// So many requests in a second; 0 is any number.
    pub(in crate::gateway) fn new(requests_per_second: u32) -> Self {
        let requests = NonZeroU32::new(requests_per_second).map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst))
        });
        Self {
            requests,
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request.
    pub(in crate::gateway) fn ask(&self, site: &Arc<str>) -> Result<(), Refusal> {
        let Some(requests) = &self.requests else {
            return Ok(());
        };
        requests.check_key(site).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            let seconds = wait.as_secs().saturating_add(1);
            let detail = format!("{site} asks too often (serve.requests_per_second); ask again in {seconds} s");
            Refusal::too_many(detail, seconds)
        })
    }
}
