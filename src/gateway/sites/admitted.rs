//! Whether a site may hand in more: how often, how much at once, how much CPU time.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::{Instant, timeout_at};

use crate::config::Quota;
use crate::gateway::EngineError;
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::cpu_hour::left_of;
use crate::gateway::sites::quota::HOUR;
use crate::gateway::sites::reserved::Reserved;
use crate::gateway::sites::standing::{Standing, whole_seconds};
use crate::gateway::sites::tokens::Site;

/// When a site that has too much under way is told to come again: something may end at any time.
const SOON: Duration = Duration::from_secs(1);

/// How long submissions that came before are waited for, which are being handed in at this moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// A site whose submissions were counted, and may be handed in.
#[derive(Debug)]
pub(in crate::gateway) struct Admitted<'a> {
    site: &'a Site,
    /// Their places, where there is a quota.
    places: Option<Reserved>,
}

impl Deref for Admitted<'_> {
    type Target = Site;

    fn deref(&self) -> &Site {
        self.site
    }
}

impl Admitted<'_> {
    /// One of the submissions is handed in, or was refused.
    pub(in crate::gateway) fn settle_one(&self) {
        if let Some(places) = &self.places {
            places.settle_one();
        }
    }
}

impl Api {
    /// Counts submissions that a site hands in or has judged once more, and refuses what is beyond its quotas.
    pub(in crate::gateway) async fn admit<'a>(
        &self,
        site: &'a Site,
        submissions: usize,
    ) -> Result<Admitted<'a>, Refusal> {
        check_fits(site, submissions)?;
        self.meters().hand_in(site, submissions)?;
        if submissions == 0 {
            return Ok(Admitted { site, places: None });
        }
        self.check_cpu(site).await?;
        let places = self.places(site, submissions).await?;
        Ok(Admitted { site, places })
    }

    /// The same. What the site has handed in before, which `before` counts, is not counted once more where a quota is used up.
    pub(in crate::gateway) async fn admit_but_for<'a>(
        &self,
        site: &'a Site,
        submissions: usize,
        before: impl Future<Output = Result<usize, EngineError>>,
    ) -> Result<Admitted<'a>, Refusal> {
        let refusal = match self.admit(site, submissions).await {
            Ok(admitted) => return Ok(admitted),
            Err(refusal) => refusal,
        };
        match before.await? {
            0 => Err(refusal),
            before => self.admit(site, submissions.saturating_sub(before)).await,
        }
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

    /// Places for so many more, where a site may have only so many.
    async fn places(&self, site: &Site, more: usize) -> Result<Option<Reserved>, Refusal> {
        let most = site.quotas.max_in_flight as usize;
        if most == 0 {
            return Ok(None);
        }
        let mut places = self.reservations().reserve(&site.name, more);
        let too_late = Instant::now() + PATIENCE;
        loop {
            let before = places.before();
            // Else the others are waited for without asking.
            if before.saturating_add(more) <= most {
                let counting = self.engine.in_flight(Arc::clone(&site.name), before + more, most);
                let counted = counting.await?.saturating_add(before);
                note_in_flight(site, counted, more);
                if counted.saturating_add(more) <= most {
                    return Ok(Some(places));
                }
                if before == 0 {
                    return Err(too_many_in_flight(site, counted));
                }
            }
            // What is being handed in may have been counted twice, or may be refused.
            if timeout_at(too_late, places.fewer()).await.is_err() {
                return Err(too_many_in_flight(site, before.min(most)));
            }
        }
    }
}

/// Refuses what would be too much also if nothing else were in flight.
fn check_fits(site: &Site, more: usize) -> Result<(), Refusal> {
    let most = site.quotas.max_in_flight as usize;
    if most == 0 || more <= most {
        return Ok(());
    }
    let detail = format!(
        "{more} submissions at once, and {} may have {most} that wait or run ({}); send fewer",
        site.name,
        Quota::MaxInFlight.name()
    );
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

fn note_in_flight(site: &Site, counted: usize, more: usize) {
    let most = site.quotas.max_in_flight as usize;
    let after = most.checked_sub(counted.saturating_add(more));
    site.standings.note(Standing {
        quota: Quota::MaxInFlight,
        allowed: most as u64,
        window: None,
        left: Some(after.unwrap_or(most.saturating_sub(counted)) as u64),
        more_in: None,
    });
}

fn too_many_in_flight(site: &Site, counted: usize) -> Refusal {
    let detail = format!(
        "{} may have {} submissions that wait or run ({}), and has {counted}",
        site.name,
        site.quotas.max_in_flight,
        Quota::MaxInFlight.name()
    );
    Refusal::too_many(detail, whole_seconds(SOON))
}
