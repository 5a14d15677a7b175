//! Test sets of a service that has everything in memory, within a size: what was not used for longest goes first, but what
//! a submission that waits or runs still needs stays.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use lru::LruCache;

use crate::contract::{TestSet, TestSetHash, TestSetInfo};
use crate::gateway::{EngineError, FoundTestSet, TestSets, UploadedTestSet};

/// Test sets of all sites.
#[derive(Debug)]
pub(super) struct MemoryTestSets {
    most_bytes: usize,
    kept: Mutex<Kept>,
}

type Key = (Arc<str>, TestSetHash);

#[derive(Debug)]
struct Kept {
    sets: LruCache<Key, Arc<TestSet>>,
    bytes: usize,
}

impl MemoryTestSets {
    /// At most so many bytes of them.
    pub(super) fn within(most_bytes: u64) -> Self {
        Self {
            most_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX),
            kept: Mutex::new(Kept {
                sets: LruCache::unbounded(),
                bytes: 0,
            }),
        }
    }

    fn put(&self, key: Key, set: Arc<TestSet>) -> Result<bool, EngineError> {
        let mut kept = self.kept();
        if kept.sets.get(&key).is_some() {
            return Ok(false);
        }
        let bytes = set.held_bytes();
        if bytes > self.most_bytes {
            return Err(EngineError::CannotKeep(format!(
                "the test set takes up {bytes} bytes of memory, and all together may take up {} (serve.test_set_bytes)",
                self.most_bytes
            )));
        }
        if !kept.make_room(self.most_bytes - bytes) {
            return Err(EngineError::Unavailable(
                "submissions that wait need the test sets that there is room for (serve.test_set_bytes)".to_owned(),
            ));
        }
        kept.bytes += bytes;
        kept.sets.put(key, set);
        Ok(true)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Removes what is not needed until no more than so many bytes are left; whether that could be done.
    fn make_room(&mut self, most_bytes: usize) -> bool {
        let mut bytes = self.bytes;
        let unneeded = self.sets.iter().rev().filter(|(_key, set)| Arc::strong_count(set) == 1);
        let mut removed = Vec::new();
        for (key, set) in unneeded {
            if bytes <= most_bytes {
                break;
            }
            bytes -= set.held_bytes();
            removed.push(key.clone());
        }
        if bytes > most_bytes {
            return false;
        }
        for key in removed {
            self.sets.pop(&key);
        }
        self.bytes = bytes;
        true
    }

    fn remove(&mut self, key: &Key) -> bool {
        let removed = self.sets.pop(key);
        self.bytes -= removed.as_ref().map_or(0, |set| set.held_bytes());
        removed.is_some()
    }
}

fn found(set: &Arc<TestSet>) -> FoundTestSet {
    FoundTestSet {
        info: TestSetInfo {
            test_set: set.hash,
            tests: set.count() as u64,
            bytes: set.bytes as u64,
        },
        kind: set.kind(),
        set: Some(Arc::clone(set)),
    }
}

impl TestSets for MemoryTestSets {
    fn keep(&self, uploaded: UploadedTestSet) -> BoxFuture<'_, Result<bool, EngineError>> {
        let key = (uploaded.site, uploaded.set.hash);
        let kept = self.put(key, uploaded.set);
        async move { kept }.boxed()
    }

    fn find(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<Option<FoundTestSet>, EngineError>> {
        let found = self.kept().sets.get(&(site, hash)).map(found);
        async move { Ok(found) }.boxed()
    }

    fn remove(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<bool, EngineError>> {
        let removed = self.kept().remove(&(site, hash));
        async move { Ok(removed) }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SubmissionCaps;

    fn set(number: usize) -> Arc<TestSet> {
        let json = format!(r#"[{{"input": "{number}{}"}}]"#, " ".repeat(1000));
        Arc::new(TestSet::read(json.as_bytes(), &SubmissionCaps::UNLIMITED).unwrap())
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first_and_what_is_needed_stays() {
        let site: Arc<str> = "one".into();
        let room = 3 * set(0).held_bytes() as u64;
        let sets = MemoryTestSets::within(room);
        let put = |number| sets.put((Arc::clone(&site), set(number).hash), set(number));
        let has = |number| sets.kept().sets.peek(&(Arc::clone(&site), set(number).hash)).is_some();
        let get = |number| sets.kept().sets.get(&(Arc::clone(&site), set(number).hash)).cloned();
        for number in 0..3 {
            assert!(put(number).unwrap());
        }
        assert!(!put(0).unwrap(), "it is there, and used now");
        let needed = get(1).unwrap();
        assert!(put(3).unwrap() && put(4).unwrap());
        assert_eq!([0, 1, 2, 3, 4].map(has), [false, true, false, true, true]);
        let others = [get(3), get(4)];
        assert!(matches!(put(5), Err(EngineError::Unavailable(_))));
        drop((needed, others));
        assert!(put(5).unwrap());
        let all = [1, 3, 4, 5].map(|number| sets.kept().remove(&(Arc::clone(&site), set(number).hash)));
        assert_eq!(all, [false, true, true, true]);
        assert_eq!(sets.kept().bytes, 0);
    }
}
