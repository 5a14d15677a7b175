//! Inputs and answers: in memory where they are small, in their files where not.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::problem::Package;
use crate::sandbox::Input;

/// Input or answer of a test.
#[derive(Debug, Clone)]
pub(in crate::judge) enum TestData {
    /// In memory.
    Bytes(Bytes),
    /// In a file, however large.
    File(PathBuf),
}

/// A file that is not kept in memory is read by the test that needs it, which says so when that fails.
pub(in crate::judge) fn data_of(package: &Package, path: &Path) -> TestData {
    let small = package.small_files.get(path);
    small.map_or_else(|| TestData::File(path.to_owned()), TestData::Bytes)
}

pub(in crate::judge) async fn open_input(data: &TestData) -> io::Result<Input> {
    Ok(match data {
        TestData::Bytes(bytes) => Input::Bytes(bytes.clone()),
        TestData::File(path) => Input::open(path).await?,
    })
}

pub(in crate::judge) fn open_answer(data: TestData) -> io::Result<Box<dyn Read + Send>> {
    Ok(match data {
        TestData::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        TestData::File(path) => Box::new(File::open(path)?),
    })
}
