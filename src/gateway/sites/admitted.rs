//! Whether a site may hand in more: how often, how much at once, how much CPU time.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;

use crate::config::Quota;
use crate::gateway::EngineError;
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::cpu_hour::left_of;
use crate::gateway::sites::in_flight::{NoPlaces, reserve};
use crate::gateway::sites::quota::HOUR;
use crate::gateway::sites::reserved::{Place, Reserved};
use crate::gateway::sites::standing::{Standing, whole_seconds};
use crate::gateway::sites::tokens::Site;

/// When a site that has too much under way is told to come again: something may end at any time.
const SOON: Duration = Duration::from_secs(1);

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
    /// The place of one of the submissions.
    pub(in crate::gateway) fn place(&self) -> Place {
        self.places.as_ref().map(Reserved::place).unwrap_or_default()
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
        let mut places = None;
        if submissions > 0 {
            self.check_cpu(site).await?;
            places = self.places(site, submissions).await?;
        }
        // At the end: what is refused for another quota is not counted.
        self.meters().hand_in(site, submissions)?;
        Ok(Admitted { site, places })
    }

    /// The same. What the site has handed in before, which `before` counts, is not counted once more.
    pub(in crate::gateway) async fn admit_but_for<'a>(
        &self,
        site: &'a Site,
        submissions: usize,
        before: impl Future<Output = Result<usize, EngineError>>,
    ) -> Result<Admitted<'a>, Refusal> {
        let before = match site.quotas.bound_submissions() {
            true => before.await?,
            false => 0,
        };
        self.admit(site, submissions.saturating_sub(before)).await
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
        let count = |wanted| self.engine.in_flight(Arc::clone(&site.name), wanted, most);
        let line = self.reservations().line_of(&site.name);
        let refused = match reserve(&line, (more, most), count).await {
            Ok((places, in_flight)) => {
                note_in_flight(site, most.saturating_sub(in_flight));
                return Ok(Some(places));
            }
            Err(refused) => refused,
        };
        if let NoPlaces::None(counted) = &refused {
            note_in_flight(site, most.saturating_sub(*counted));
        }
        Err(too_many_in_flight(site, refused))
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

fn note_in_flight(site: &Site, left: usize) {
    site.standings.note(Standing {
        quota: Quota::MaxInFlight,
        allowed: u64::from(site.quotas.max_in_flight),
        window: None,
        left: Some(left as u64),
        more_in: None,
    });
}

fn too_many_in_flight(site: &Site, refused: NoPlaces) -> Refusal {
    let why = match refused {
        NoPlaces::Unknown(why) => return EngineError::Unavailable(why.to_string()).into(),
        NoPlaces::None(counted) => format!("has {counted}"),
        NoPlaces::Crowd => "hands in others at this moment".to_owned(),
    };
    let detail = format!(
        "{} may have {} submissions that wait or run ({}), and {why}",
        site.name,
        site.quotas.max_in_flight,
        Quota::MaxInFlight.name()
    );
    Refusal::too_many(detail, whole_seconds(SOON))
}
