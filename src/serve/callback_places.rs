//! Which sites' callbacks are being tried, and how many more of each may be.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

use crate::store::CallbackPlaces;

/// Callbacks that one service tries at once.
const AT_ONCE: u32 = 64;

/// A site has at most a quarter of the places that are free. So the more sites are slow, the fewer each of them has: in the
/// long run one holds 12 of 64, and eight hold 42.
const PART_OF_FREE: u32 = 4;

/// Tries that are under way, with their sites.
#[derive(Debug, Default)]
pub(super) struct Tries {
    tasks: JoinSet<()>,
    sites: HashMap<Id, String>,
}

impl Tries {
    /// Begins one.
    pub(super) fn begin(&mut self, site: String, attempt: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(attempt).id();
        self.sites.insert(id, site);
    }

    /// Gives back the places of tries that are over.
    pub(super) fn clear_ended(&mut self) {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            let id = ended.map_or_else(|error: JoinError| error.id(), |(id, ())| id);
            self.sites.remove(&id);
        }
    }

    /// The places that are left.
    pub(super) fn places(&self) -> CallbackPlaces {
        let mut taken = HashMap::<String, u32>::new();
        for site in self.sites.values() {
            *taken.entry(site.clone()).or_default() += 1;
        }
        let free = AT_ONCE.saturating_sub(u32::try_from(self.sites.len()).unwrap_or(AT_ONCE));
        CallbackPlaces {
            free,
            of_a_site: (free / PART_OF_FREE).max(1),
            taken,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::task::yield_now;

    use super::*;

    /// Begins as many tries of a site as it may have now, which never end.
    fn fill(tries: &mut Tries, site: &str) -> u32 {
        let places = tries.places();
        let more = places.of_a_site.min(places.free);
        (0..more).for_each(|_| tries.begin(site.to_owned(), pending()));
        more
    }

    #[tokio::test]
    async fn sites_whose_receivers_never_answer_leave_places_to_others() {
        let mut tries = Tries::default();
        for number in 0..8 {
            assert!(fill(&mut tries, &format!("dead {number}")) > 0);
        }
        let places = tries.places();
        assert!(places.free > 0 && places.of_a_site > 0, "{places:?}");
        assert_eq!(places.taken["dead 0"], AT_ONCE / PART_OF_FREE);
        assert!(!places.taken.contains_key("alive"));
    }

    #[tokio::test]
    async fn a_try_that_has_ended_gives_its_place_back_also_where_it_panicked() {
        let mut tries = Tries::default();
        tries.begin("one".to_owned(), async {});
        tries.begin("other".to_owned(), async { panic!("as a fault in a try would") });
        while !tries.sites.is_empty() {
            yield_now().await;
            tries.clear_ended();
        }
        assert_eq!(tries.places().free, AT_ONCE);
        assert!(tries.places().taken.is_empty());
    }
}
