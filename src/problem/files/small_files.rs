//! Test data that is read once: the small files of a package are kept in memory, for every submission to it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use crate::problem::TestCase;

/// Larger files are read for each test, in pieces.
const SMALL: u64 = 64 << 10;

/// All small files of a package together; what is beyond is not kept.
const TOGETHER: usize = 8 << 20;

/// The small files of a package, once they have been read.
#[derive(Debug, Clone, Default)]
pub struct SmallFiles(Arc<HashMap<PathBuf, Bytes>>);

impl SmallFiles {
    /// The content of a file that is small and was read.
    pub fn get(&self, path: &Path) -> Option<Bytes> {
        self.0.get(path).cloned()
    }

    /// Reads the inputs and answers of `tests`. A file that cannot be read is left for the test that needs it.
    pub(in crate::problem) fn read(tests: &[TestCase]) -> Self {
        let mut room = TOGETHER;
        let mut files = HashMap::new();
        let programs = tests.iter().filter(|test| test.function.is_none());
        let paths = programs.flat_map(|test| std::iter::once(&test.input).chain(&test.answer));
        for path in paths {
            let Ok(Some(content)) = small(path) else { continue };
            let Some(left) = room.checked_sub(content.len()) else {
                break;
            };
            room = left;
            files.insert(path.clone(), content);
        }
        Self(Arc::new(files))
    }

    /// Bytes that they hold in memory.
    pub(in crate::problem) fn held_bytes(&self) -> usize {
        let file = |(path, content): (&PathBuf, &Bytes)| {
            size_of::<(PathBuf, Bytes)>() + path.as_os_str().len() + content.len()
        };
        self.0.iter().map(file).sum()
    }
}

fn small(path: &Path) -> io::Result<Option<Bytes>> {
    let mut content = Vec::new();
    File::open(path)?.take(SMALL + 1).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= SMALL).then(|| content.into()))
}
