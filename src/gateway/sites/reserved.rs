//! Submissions that a service lets in and that are not counted as in flight yet. Without them, requests that come in the same
//! moment would all find the same free places.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// What each site hands in at this moment, by the order in which it came.
#[derive(Debug, Clone, Default)]
pub(in crate::gateway) struct Reservations(Arc<Mutex<HashMap<Arc<str>, OfASite>>>);

#[derive(Debug, Default)]
struct OfASite {
    next: u64,
    open: BTreeMap<u64, usize>,
    news: watch::Sender<()>,
}

/// Places for the submissions of a request, until they are handed in or this is dropped.
#[derive(Debug)]
pub(in crate::gateway) struct Reserved {
    site: Arc<str>,
    number: u64,
    news: watch::Receiver<()>,
    all: Reservations,
}

impl Reservations {
    /// Places behind those of all requests before this one.
    pub(in crate::gateway) fn reserve(&self, site: &Arc<str>, submissions: usize) -> Reserved {
        let mut sites = self.lock();
        let own = sites.entry(Arc::clone(site)).or_default();
        let number = own.next;
        own.next += 1;
        own.open.insert(number, submissions);
        Reserved {
            site: Arc::clone(site),
            number,
            news: own.news.subscribe(),
            all: self.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, OfASite>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reserved {
    /// Submissions of requests before this one that are not handed in yet. One that is being handed in may be counted as in
    /// flight already.
    pub(in crate::gateway) fn before(&mut self) -> usize {
        self.news.mark_unchanged();
        let sites = self.all.lock();
        let own = sites.get(&self.site);
        own.map_or(0, |own| own.open.range(..self.number).map(|(_number, many)| many).sum())
    }

    /// Returns when there may be fewer before this one than was told last.
    pub(in crate::gateway) async fn fewer(&mut self) {
        // The sender lives as long as there is a reservation.
        let _news = self.news.changed().await;
    }

    /// One submission is handed in, or will not be.
    pub(in crate::gateway) fn settle_one(&self) {
        if let Some(own) = self.all.lock().get_mut(&self.site) {
            if let Some(many) = own.open.get_mut(&self.number) {
                *many = many.saturating_sub(1);
            }
            own.news.send_replace(());
        }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut sites = self.all.lock();
        let Some(own) = sites.get_mut(&self.site) else { return };
        own.open.remove(&self.number);
        own.news.send_replace(());
        if own.open.is_empty() {
            sites.remove(&self.site);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn what_came_before_counts_until_it_is_handed_in_and_what_comes_later_does_not() {
        let (all, site, other): (_, Arc<str>, Arc<str>) = (Reservations::default(), "site".into(), "other".into());
        let mut first = all.reserve(&site, 3);
        let _elsewhere = all.reserve(&other, 100);
        let (mut second, mut third) = (all.reserve(&site, 2), all.reserve(&site, 1));
        assert_eq!([first.before(), second.before(), third.before()], [0, 3, 5]);
        assert!(third.fewer().now_or_never().is_none());
        first.settle_one();
        third.fewer().await;
        assert_eq!([first.before(), second.before(), third.before()], [0, 2, 4]);
        drop(second);
        third.fewer().await;
        assert_eq!(third.before(), 2);
        drop((first, third));
        assert_eq!(all.lock().len(), 1, "sites that hand in nothing take up nothing");
    }
}
