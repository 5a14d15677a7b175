//! Inputs that are lent, within a bound.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::sandbox::inputs::content::ContentKey;
use crate::sandbox::inputs::loan::InputLoan;
use crate::sandbox::inputs::sealed::SealedInput;
use crate::sandbox::inputs::shared::Shared;

/// Inputs of tests in memory of this worker. Those that were used longest ago go first.
#[derive(Debug)]
pub struct InputCache {
    shared: Arc<Shared>,
}

impl InputCache {
    /// For files of at most so many bytes together; none for 0.
    pub fn new(most_bytes: u64) -> Self {
        Self {
            shared: Arc::new(Shared::within(most_bytes)),
        }
    }

    /// The content of this file for one run. `None` where it has no room, or none can be made.
    pub(in crate::sandbox) async fn lend(&self, path: &Path, file: &File) -> Option<InputLoan> {
        let key = ContentKey::of(path, file).ok()?;
        if key.bytes() > self.shared.most_bytes() {
            return None;
        }
        if let Some(loan) = self.idle(&key) {
            return Some(loan);
        }
        let (shared, file) = (Arc::clone(&self.shared), file.try_clone());
        let making = spawn_blocking(move || make(shared, key, &file?)).await;
        match making.map_err(io::Error::other).flatten() {
            Ok(loan) => loan,
            Err(error) => {
                self.shared.warn(&error);
                None
            }
        }
    }

    /// Tells once that inputs are copied although there is a cache.
    pub(crate) fn warn(&self, error: &dyn std::fmt::Display) {
        self.shared.warn(error);
    }

    /// A file with this content that no run has.
    fn idle(&self, key: &ContentKey) -> Option<InputLoan> {
        loop {
            let file = self.shared.take_idle(key)?;
            let loan = InputLoan::reserved(Arc::clone(&self.shared), key.clone());
            // One that something of an earlier run is still held on is closed, and never lent again.
            if let Ok(loan) = loan.with(file) {
                return Some(loan);
            }
        }
    }
}

/// Copies a file, for which others make room.
fn make(shared: Arc<Shared>, key: ContentKey, file: &File) -> io::Result<Option<InputLoan>> {
    if !shared.reserve(key.bytes()) {
        return Ok(None);
    }
    let loan = InputLoan::reserved(shared, key.clone());
    let Some(copy) = SealedInput::copy_of(file, key.bytes())? else {
        return Ok(None);
    };
    if !key.still_holds(file)? {
        return Ok(None);
    }
    loan.with(copy).map(Some)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    const LENGTH: usize = 1000;
    const BYTES: u64 = LENGTH as u64;

    struct Inputs {
        directory: TempDir,
        cache: InputCache,
    }

    impl Inputs {
        fn within(most_bytes: u64) -> Self {
            Self {
                directory: TempDir::new().unwrap(),
                cache: InputCache::new(most_bytes),
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.directory.path().join(name)
        }

        fn write(&self, name: &str, content: u8) {
            fs::write(self.path(name), [content; LENGTH]).unwrap();
        }

        async fn lend(&self, name: &str) -> Option<InputLoan> {
            let path = self.path(name);
            if !path.exists() {
                self.write(name, b'1');
            }
            self.cache.lend(&path, &File::open(&path).unwrap()).await
        }

        /// Which file in memory is lent next, to a run that ends.
        async fn next(&self, name: &str) -> u64 {
            let mut loan = self.lend(name).await.unwrap();
            let number = number(&mut loan);
            loan.end();
            number
        }

        fn bytes(&self) -> u64 {
            self.cache.shared.bytes()
        }
    }

    /// Which file in memory it is. A box has it from then on.
    fn number(loan: &mut InputLoan) -> u64 {
        let (descriptor, bytes) = loan.send().unwrap();
        assert_eq!(bytes, BYTES);
        File::from(descriptor).metadata().unwrap().ino()
    }

    #[tokio::test]
    async fn a_file_is_lent_again_when_its_run_has_ended_and_to_one_run_at_a_time() {
        let inputs = Inputs::within(10 * BYTES);
        let first = inputs.next("a").await;
        assert_eq!(inputs.next("a").await, first);
        let (mut one, mut other) = (inputs.lend("a").await.unwrap(), inputs.lend("a").await.unwrap());
        assert_eq!(number(&mut one), first);
        let second = number(&mut other);
        assert_ne!(second, first);
        one.end();
        assert_eq!(inputs.next("a").await, first, "the other one is not back");
        other.end();
        assert_eq!(inputs.next("a").await, second, "what was given back last is lent first");
        assert_eq!(inputs.bytes(), 2 * BYTES);
    }

    #[tokio::test]
    async fn a_file_that_a_lost_box_may_have_is_never_lent_again_and_one_that_no_box_had_is() {
        let inputs = Inputs::within(BYTES);
        let first = inputs.next("a").await;
        drop(inputs.lend("a").await.unwrap());
        let mut lost = inputs.lend("a").await.unwrap();
        assert_eq!(number(&mut lost), first);
        drop(lost);
        assert_eq!(inputs.bytes(), 0);
        assert_ne!(inputs.next("a").await, first);
    }

    #[tokio::test]
    async fn all_files_together_keep_to_the_bound_and_what_was_used_longest_ago_goes() {
        let inputs = Inputs::within(2 * BYTES);
        let (a, b) = (inputs.next("a").await, inputs.next("b").await);
        assert_eq!(inputs.next("a").await, a);
        let c = inputs.next("c").await;
        assert_eq!((inputs.next("a").await, inputs.next("c").await), (a, c));
        assert_ne!(inputs.next("b").await, b);
        let lent = (inputs.lend("a").await.unwrap(), inputs.lend("b").await.unwrap());
        assert!(inputs.lend("a").await.is_none(), "beyond the bound");
        assert!(inputs.lend("c").await.is_none(), "beyond the bound");
        assert_eq!(inputs.bytes(), 2 * BYTES);
        drop(lent);
        assert!(inputs.lend("c").await.is_some());
    }

    #[tokio::test]
    async fn what_is_larger_than_the_bound_is_not_lent() {
        for (most_bytes, is_lent) in [(0, false), (BYTES - 1, false), (BYTES, true)] {
            let inputs = Inputs::within(most_bytes);
            assert_eq!(inputs.lend("a").await.is_some(), is_lent, "{most_bytes}");
        }
    }

    #[tokio::test]
    async fn a_file_that_has_changed_is_another_one() {
        let inputs = Inputs::within(10 * BYTES);
        inputs.write("a", b'1');
        let first = inputs.next("a").await;
        let before = fs::metadata(inputs.path("a")).unwrap();
        let changed = |found: &fs::Metadata| (found.ctime(), found.ctime_nsec());
        while changed(&fs::metadata(inputs.path("a")).unwrap()) == changed(&before) {
            inputs.write("a", b'2');
            // Of the same size and, as it says itself, of the same time.
            let written = File::options().write(true).open(inputs.path("a")).unwrap();
            written.set_modified(before.modified().unwrap()).unwrap();
        }
        assert_ne!(inputs.next("a").await, first);
        fs::rename(inputs.path("a"), inputs.path("old")).unwrap();
        inputs.write("a", b'3');
        let mut loan = inputs.lend("a").await.unwrap();
        let (descriptor, _bytes) = loan.send().unwrap();
        let content = std::io::read_to_string(File::from(descriptor)).unwrap();
        assert_eq!(content, "3".repeat(LENGTH));
    }

    #[tokio::test]
    async fn a_run_that_waits_for_its_file_no_more_leaves_the_bound_as_it_was() {
        let inputs = Inputs::within(BYTES);
        let polled = futures::poll!(std::pin::pin!(inputs.lend("a")));
        drop(polled);
        // What was begun is done, and given back.
        let mut waits = 0;
        while inputs.lend("b").await.is_none() {
            waits += 1;
            assert!(waits < 10_000);
            tokio::task::yield_now().await;
        }
    }
}
