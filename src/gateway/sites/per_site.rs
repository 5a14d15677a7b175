//! What a site has under way at once: streams that it follows, packages that it sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of each site as many as it may have under way.
#[derive(Debug)]
pub(in crate::gateway) struct PerSite {
    most: usize,
    counts: SiteCounts,
}

/// How many each site has under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct SiteCounts(Arc<Mutex<HashMap<Arc<str>, usize>>>);

/// One that is under way; it counts until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    site: Arc<str>,
    counts: SiteCounts,
}

impl PerSite {
    /// At most so many; 0 is any number.
    pub(in crate::gateway) fn at_most(most: usize) -> Self {
        Self {
            most,
            counts: SiteCounts::default(),
        }
    }

    /// How many a site may have.
    pub(in crate::gateway) fn most(&self) -> usize {
        self.most
    }

    /// One more of a site, unless it has as many as it may.
    pub(in crate::gateway) fn begin(&self, site: &Arc<str>) -> Option<UnderWay> {
        let is_free = |count, _counts: &HashMap<_, _>| self.most == 0 || count < self.most;
        self.counts.begin_if(site, is_free).ok()
    }
}

impl SiteCounts {
    /// One more of a site if it may have one, by how many it has and what each site has.
    ///
    /// # Errors
    /// How many it has, where it may not.
    pub(crate) fn begin_if(
        &self,
        site: &Arc<str>,
        may: impl FnOnce(usize, &HashMap<Arc<str>, usize>) -> bool,
    ) -> Result<UnderWay, usize> {
        let mut counts = self.lock();
        let count = counts.get(site).copied().unwrap_or(0);
        if !may(count, &counts) {
            return Err(count);
        }
        counts.insert(Arc::clone(site), count + 1);
        Ok(UnderWay {
            site: Arc::clone(site),
            counts: self.clone(),
        })
    }

    /// Whether no site has any.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    /// Whose it is.
    pub(crate) fn site(&self) -> Arc<str> {
        Arc::clone(&self.site)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut counts = self.counts.lock();
        match counts.get_mut(&self.site) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(counts.remove(&self.site)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_no_more_under_way_than_it_may_and_keeps_no_other_from_it() {
        let (streams, one, other): (_, Arc<str>, Arc<str>) = (PerSite::at_most(2), "one".into(), "other".into());
        let mut held: Vec<_> = (0..2).map(|_| streams.begin(&one).unwrap()).collect();
        assert!(streams.begin(&one).is_none());
        assert!(streams.begin(&other).is_some());
        held.pop();
        assert!(streams.begin(&one).is_some());
        drop(held);
        assert!(streams.counts.is_empty(), "sites that have ended take up nothing");
        let (any, one) = (PerSite::at_most(0), one);
        let held: Vec<_> = (0..10).map(|_| any.begin(&one)).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
