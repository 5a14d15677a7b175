//! Whether a site may hand in more: how often, how much at once, how much CPU time.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Quota;
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::cpu_hour::left_of;
use crate::gateway::sites::quota::HOUR;
use crate::gateway::sites::standing::{Standing, whole_seconds};
use crate::gateway::sites::tokens::Site;

/// When a site that has too much under way is told to come again: something may end at any time.
const SOON: Duration = Duration::from_secs(1);

/// A site whose submissions were counted, and may be handed in.
#[derive(Debug, Clone, Copy)]
pub(in crate::gateway) struct Admitted<'a>(&'a Site);

impl Deref for Admitted<'_> {
    type Target = Site;

    fn deref(&self) -> &Site {
        self.0
    }
}

impl Api {
    /// Counts submissions that a site hands in or has judged once more, and refuses what is beyond its quotas.
    pub(in crate::gateway) async fn admit<'a>(
        &self,
        site: &'a Site,
        submissions: usize,
    ) -> Result<Admitted<'a>, Refusal> {
        self.meters().hand_in(site, submissions)?;
        if submissions > 0 {
            self.check_cpu(site).await?;
            self.check_in_flight(site, submissions).await?;
        }
        Ok(Admitted(site))
    }

    async fn check_cpu(&self, site: &Site) -> Result<(), Refusal> {
        let allowed_s = site.quotas.cpu_seconds_per_hour;
        if allowed_s == 0 {
            return Ok(());
        }
        let minutes = self.engine.cpu_used(Arc::clone(&site.name)).await?;
        let (left_ms, more_in) = left_of(allowed_s, &minutes);
        site.standings.note(Standing {
            quota: Quota::CpuSecondsPerHour,
            allowed: u64::from(allowed_s),
            window: Some(HOUR),
            left: Some(left_ms.div_ceil(1000)),
            more_in,
        });
        if left_ms > 0 {
            return Ok(());
        }
        let seconds = whole_seconds(more_in.unwrap_or(SOON)).max(1);
        let detail = format!(
            "the submissions of {} have used {allowed_s} CPU seconds within an hour ({}); send this in {seconds} s",
            site.name,
            Quota::CpuSecondsPerHour.name()
        );
        Err(Refusal::too_many(detail, seconds))
    }

    async fn check_in_flight(&self, site: &Site, more: usize) -> Result<(), Refusal> {
        let most = site.quotas.max_in_flight as usize;
        if most == 0 {
            return Ok(());
        }
        let counted = self.engine.in_flight(Arc::clone(&site.name), more, most).await?;
        let (before, after) = (
            most.saturating_sub(counted),
            most.checked_sub(counted.saturating_add(more)),
        );
        site.standings.note(Standing {
            quota: Quota::MaxInFlight,
            allowed: most as u64,
            window: None,
            left: Some(after.unwrap_or(before) as u64),
            more_in: None,
        });
        if after.is_some() {
            return Ok(());
        }
        let detail = format!(
            "{} may have {most} submissions that wait or run ({}), and has {counted}",
            site.name,
            Quota::MaxInFlight.name()
        );
        Err(Refusal::too_many(detail, whole_seconds(SOON)))
    }
}
