//! CPU time that the submissions of each site have used within the last hour, in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::store::CpuMinute;

/// What is counted together.
const MINUTE: Duration = Duration::from_secs(60);

/// How long it counts.
const HOUR: Duration = Duration::from_secs(3600);

/// CPU time of each site, by minutes.
#[derive(Debug, Default)]
pub(super) struct CpuUse(HashMap<Arc<str>, VecDeque<Minute>>);

#[derive(Debug)]
struct Minute {
    began: Instant,
    cpu_ms: u64,
}

impl CpuUse {
    /// A submission of a site has ended.
    pub(super) fn add(&mut self, site: &Arc<str>, cpu_ms: u64, now: Instant) {
        let minutes = self.0.entry(Arc::clone(site)).or_default();
        forget(minutes, now);
        match minutes.back_mut() {
            Some(minute) if now.duration_since(minute.began) < MINUTE => minute.cpu_ms += cpu_ms,
            _ => minutes.push_back(Minute { began: now, cpu_ms }),
        }
    }

    /// What a site has used, the oldest minute first.
    pub(super) fn of(&mut self, site: &str, now: Instant) -> Vec<CpuMinute> {
        let Some(minutes) = self.0.get_mut(site) else {
            return Vec::new();
        };
        forget(minutes, now);
        let counted = minutes.iter().map(|minute| CpuMinute {
            began_ago_s: now.duration_since(minute.began).as_secs(),
            cpu_ms: minute.cpu_ms,
        });
        counted.collect()
    }
}

fn forget(minutes: &mut VecDeque<Minute>, now: Instant) {
    while minutes
        .front()
        .is_some_and(|minute| now.duration_since(minute.began) >= HOUR)
    {
        minutes.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_site_used_is_counted_by_minutes_and_forgotten_after_an_hour() {
        let (mut used, site, now) = (CpuUse::default(), Arc::from("site"), Instant::now());
        for (at_s, cpu_ms) in [(0, 10), (59, 20), (60, 40), (3000, 80)] {
            used.add(&site, cpu_ms, now + Duration::from_secs(at_s));
        }
        let mut at = |at_s| {
            let minutes = used.of("site", now + Duration::from_secs(at_s));
            minutes
                .into_iter()
                .map(|it| (it.began_ago_s, it.cpu_ms))
                .collect::<Vec<_>>()
        };
        assert_eq!(at(3001), [(3001, 30), (2941, 40), (1, 80)]);
        assert_eq!(at(3600), [(3540, 40), (600, 80)]);
        assert!(at(7000).is_empty());
        assert!(used.of("another", now).is_empty());
    }
}
