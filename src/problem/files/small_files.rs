//! Test data that is read once: the small files of a package are kept in memory, for every submission to it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::problem::TestCase;

/// Larger files are read for each test, in pieces.
const SMALL: u64 = 64 << 10;

/// All small files of a package together; what is beyond is not kept.
const TOGETHER: usize = 8 << 20;

/// The small files of a package, as soon as somebody has read them.
#[derive(Debug, Clone, Default)]
pub struct SmallFiles(Arc<OnceLock<HashMap<PathBuf, Bytes>>>);

impl SmallFiles {
    /// Whether they have been read.
    pub fn are_read(&self) -> bool {
        self.0.get().is_some()
    }

    /// The content of a file that is small and was read.
    pub fn get(&self, path: &Path) -> Option<Bytes> {
        self.0.get()?.get(path).cloned()
    }

    /// Reads the inputs and answers of `tests`. A file that cannot be read is left for the test that needs it.
    pub fn read(&self, tests: &[TestCase]) {
        self.0.get_or_init(|| {
            let mut room = TOGETHER;
            let mut files = HashMap::new();
            for path in tests
                .iter()
                .flat_map(|test| std::iter::once(&test.input).chain(&test.answer))
            {
                let Ok(Some(content)) = small(path) else { continue };
                let Some(left) = room.checked_sub(content.len()) else {
                    break;
                };
                room = left;
                files.insert(path.clone(), content);
            }
            files
        });
    }
}

fn small(path: &Path) -> io::Result<Option<Bytes>> {
    let mut content = Vec::new();
    File::open(path)?.take(SMALL + 1).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= SMALL).then(|| content.into()))
}
