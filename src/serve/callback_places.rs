//! Which sites' callbacks are being tried, and how many more of each may be.

use std::collections::HashMap;
use std::future::pending;

use tokio::task::{Id, JoinError, JoinSet};

use crate::store::CallbackPlaces;

/// Callbacks that one service tries at once.
const AT_ONCE: u32 = 64;

/// While other sites have callbacks that are due, a site has at most a quarter of the places that are free. So the more sites
/// are slow, the fewer each of them has: in the long run one holds 12 of 64, and eight hold 42.
const PART_OF_FREE: u32 = 4;

/// Places that sites leave free beyond their quarters: the site that comes next has a quarter of these at once.
const RESERVE: u32 = 16;

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
            self.clear(ended);
        }
    }

    /// Waits for a try to end, and gives back its place. For ever, where none is under way.
    pub(super) async fn one_ended(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.clear(ended),
            None => pending().await,
        }
    }

    fn clear(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
        self.sites.remove(&id);
    }

    /// The places that are left, shared out so that none of several sites waits for another one.
    pub(super) fn places(&self) -> CallbackPlaces {
        let free = self.free();
        CallbackPlaces {
            free,
            of_a_site: (free / PART_OF_FREE).max(1),
            taken: self.taken(),
        }
    }

    /// The places that are left where only sites have callbacks due that have their quarter: they share what is not kept for
    /// others.
    pub(super) fn places_beyond_quarters(&self) -> CallbackPlaces {
        let taken = self.taken();
        let sites = u32::try_from(taken.len()).unwrap_or(AT_ONCE).max(1);
        CallbackPlaces {
            free: self.free().saturating_sub(RESERVE),
            of_a_site: (AT_ONCE - RESERVE) / sites,
            taken,
        }
    }

    /// Whether a site may have more callbacks due than its quarter has room for.
    pub(super) fn some_have_their_quarter(&self) -> bool {
        let places = self.places();
        places.taken.values().any(|taken| *taken >= places.of_a_site)
    }

    /// Whether callbacks may be due that only wait for a place.
    pub(super) fn keep_some_waiting(&self) -> bool {
        let beyond = self.places_beyond_quarters();
        let most = beyond.of_a_site.max(self.places().of_a_site);
        beyond.free == 0 || beyond.taken.values().any(|taken| *taken >= most)
    }

    fn free(&self) -> u32 {
        AT_ONCE.saturating_sub(u32::try_from(self.sites.len()).unwrap_or(AT_ONCE))
    }

    fn taken(&self) -> HashMap<String, u32> {
        let mut taken = HashMap::new();
        for site in self.sites.values() {
            *taken.entry(site.clone()).or_default() += 1;
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    /// Begins as many tries of a site as it may have now, which never end.
    fn fill(tries: &mut Tries, site: &str, places: &CallbackPlaces) -> u32 {
        let taken = places.taken.get(site).copied().unwrap_or(0);
        let more = places.of_a_site.saturating_sub(taken).min(places.free);
        (0..more).for_each(|_| tries.begin(site.to_owned(), pending()));
        more
    }

    /// As it is done where all these sites have any number due: each has its quarter before any has more.
    fn fill_all(tries: &mut Tries, sites: &[&str]) {
        for of in [Tries::places, Tries::places_beyond_quarters] {
            for site in sites {
                let places = of(tries);
                fill(tries, site, &places);
            }
        }
    }

    #[tokio::test]
    async fn sites_whose_receivers_never_answer_leave_places_to_others() {
        let mut tries = Tries::default();
        for number in 0..8 {
            let places = tries.places();
            assert!(fill(&mut tries, &format!("dead {number}"), &places) > 0);
        }
        let places = tries.places();
        assert!(places.free > 0 && places.of_a_site > 0, "{places:?}");
        assert_eq!(places.taken["dead 0"], AT_ONCE / PART_OF_FREE);
        assert!(!places.taken.contains_key("alive"));
    }

    #[tokio::test]
    async fn a_site_that_is_alone_has_all_places_but_the_reserve_of_which_others_have_their_quarters() {
        let mut tries = Tries::default();
        fill_all(&mut tries, &["lone"]);
        assert_eq!(tries.places().taken["lone"], AT_ONCE - RESERVE);
        for number in 0..5 {
            fill_all(&mut tries, &["lone", &format!("other {number}")]);
        }
        let places = tries.places();
        assert_eq!(
            places.taken["lone"],
            AT_ONCE - RESERVE,
            "it takes nothing of the reserve"
        );
        let others = (0..5).map(|number| places.taken[&format!("other {number}")]);
        assert_eq!(others.collect::<Vec<_>>(), [4, 3, 2, 1, 1]);
        assert!(places.free > 0, "{places:?}");
    }

    #[tokio::test]
    async fn two_sites_share_what_is_not_kept_for_others() {
        let mut tries = Tries::default();
        fill_all(&mut tries, &["one", "other"]);
        let taken = tries.taken();
        assert_eq!([taken["one"], taken["other"]], [24, 24]);
    }

    #[tokio::test]
    async fn a_place_that_is_given_back_is_what_callbacks_wait_for_only_where_there_was_none_left() {
        let mut tries = Tries::default();
        let end = Arc::new(Notify::new());
        let ended = Arc::clone(&end);
        tries.begin("slow".to_owned(), async move { ended.notified().await });
        assert!(!tries.keep_some_waiting());
        while !tries.keep_some_waiting() {
            tries.begin("slow".to_owned(), pending());
        }
        assert_eq!(tries.taken()["slow"], AT_ONCE - RESERVE);
        end.notify_one();
        tries.one_ended().await;
        let places = tries.places_beyond_quarters();
        assert_eq!((places.free, places.taken["slow"]), (1, AT_ONCE - RESERVE - 1));
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
