//! How much of its quotas a site has left, told in the headers `RateLimit-Policy` and `RateLimit` of an answer
//! (draft-ietf-httpapi-ratelimit-headers).

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Quota;

/// Header with the quotas that there are.
pub(in crate::gateway) const POLICY: &str = "ratelimit-policy";

/// Header with what is left of them.
pub(in crate::gateway) const LIMIT: &str = "ratelimit";

/// A quota of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) struct Standing {
    pub(in crate::gateway) quota: Quota,
    /// In its window.
    pub(in crate::gateway) allowed: u64,
    /// How long that is.
    pub(in crate::gateway) window: Option<Duration>,
    /// What is left of it, once that was looked at.
    pub(in crate::gateway) left: Option<u64>,
    /// When there is more.
    pub(in crate::gateway) more_in: Option<Duration>,
}

impl Standing {
    /// Its name in the headers, and the unit in which it is counted.
    fn words(self) -> (&'static str, &'static str) {
        match self.quota {
            Quota::RequestsPerSecond => ("requests", "requests"),
            Quota::SubmissionsPerSecond => ("submissions", "submissions"),
            Quota::MaxInFlight => ("in-flight", "submissions"),
            Quota::CpuSecondsPerHour => ("cpu", "cpu-seconds"),
        }
    }

    fn policy(self) -> String {
        let (name, unit) = self.words();
        let mut policy = format!("\"{name}\";q={}", self.allowed);
        // Written to a text, nothing can fail.
        let _written = match self.window {
            Some(window) => write!(policy, ";w={};qu=\"{unit}\"", window.as_secs()),
            None => write!(policy, ";qu=\"{unit}\""),
        };
        policy
    }

    fn limit(self) -> Option<String> {
        let (name, _unit) = self.words();
        let left = format!("\"{name}\";r={}", self.left?);
        Some(match self.more_in {
            Some(more_in) => format!("{left};t={}", whole_seconds(more_in)),
            None => left,
        })
    }
}

/// Rounded up, so that who waits so long does not come too early.
pub(in crate::gateway) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// The quotas of the site that asks, as far as they were looked at while its request was answered.
#[derive(Debug, Clone, Default)]
pub(in crate::gateway) struct Standings(Arc<Mutex<Vec<Standing>>>);

impl Standings {
    /// How it stands with a quota; what was known of it before is replaced.
    pub(in crate::gateway) fn note(&self, standing: Standing) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|before| before.quota != standing.quota);
        noted.push(standing);
        noted.sort_by_key(|standing| standing.quota);
    }

    fn write_to(&self, headers: &mut HeaderMap) {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let policies: Vec<String> = noted.iter().map(|standing| standing.policy()).collect();
        let limits: Vec<String> = noted.iter().filter_map(|standing| standing.limit()).collect();
        for (name, items) in [(POLICY, policies), (LIMIT, limits)] {
            if !items.is_empty()
                && let Ok(value) = HeaderValue::from_str(&items.join(", "))
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Tells a site with every answer what is left of its quotas.
pub(in crate::gateway) async fn tell(mut request: Request, next: Next) -> Response {
    let standings = Standings::default();
    request.extensions_mut().insert(standings.clone());
    let mut response = next.run(request).await;
    standings.write_to(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_told_as_lists_of_structured_fields() {
        let standings = Standings::default();
        let cpu = Standing {
            quota: Quota::CpuSecondsPerHour,
            allowed: 3600,
            window: Some(Duration::from_secs(3600)),
            left: None,
            more_in: None,
        };
        standings.note(cpu);
        standings.note(Standing {
            quota: Quota::RequestsPerSecond,
            allowed: 50,
            window: Some(Duration::from_secs(10)),
            left: Some(49),
            more_in: Some(Duration::from_millis(200)),
        });
        let mut headers = HeaderMap::new();
        standings.write_to(&mut headers);
        assert_eq!(
            headers[POLICY],
            "\"requests\";q=50;w=10;qu=\"requests\", \"cpu\";q=3600;w=3600;qu=\"cpu-seconds\""
        );
        assert_eq!(
            headers[LIMIT], "\"requests\";r=49;t=1",
            "what was not looked at is not told"
        );
        standings.note(Standing { left: Some(0), ..cpu });
        standings.write_to(&mut headers);
        assert_eq!(headers[LIMIT], "\"requests\";r=49;t=1, \"cpu\";r=0");
        let mut none = HeaderMap::new();
        Standings::default().write_to(&mut none);
        assert!(none.is_empty(), "who has no quota is told of none");
    }
}
