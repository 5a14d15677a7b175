//! One number of a control group, or the sum of some.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use assize_protocol::FaultStage;

use crate::stop::Stop;

/// A file, the keys of the numbers in it, none for a number that is the whole file, and what one unit is.
pub(super) type Candidate = (&'static str, &'static [&'static str], u64);

/// More bytes than each of these files has.
pub(super) const STAT_BYTES: usize = 8192;

/// One or more numbers in a file of the control group, which count as their sum.
pub(super) struct Counter {
    pub(super) path: &'static str,
    file: File,
    keys: &'static [&'static str],
    unit: u64,
}

impl Counter {
    /// `None` when the file cannot be opened, or does not hold the numbers.
    pub(super) fn open(&(path, keys, unit): &Candidate) -> Option<Self> {
        let file = File::open(path).ok()?;
        let counter = Self { path, file, keys, unit };
        counter.read().is_some().then_some(counter)
    }

    /// From the start each time: these files are made anew by every read.
    fn read(&self) -> Option<u64> {
        self.total(self.text(&mut [0; STAT_BYTES])?)
    }

    pub(super) fn text<'a>(&self, buffer: &'a mut [u8]) -> Option<&'a str> {
        let length = self.file.read_at(buffer, 0).ok()?;
        std::str::from_utf8(&buffer[..length]).ok()
    }

    pub(super) fn total(&self, text: &str) -> Option<u64> {
        let total = match self.keys {
            [] => text.trim().parse().ok()?,
            keys => keys.iter().map(|key| number(text, key)).sum::<Option<u64>>()?,
        };
        total.checked_mul(self.unit)
    }

    pub(super) fn unreadable(&self) -> Stop {
        let message = format!("cannot read {} any more", self.path);
        Stop::fault(FaultStage::Watch, message)
    }
}

pub(super) fn read(counter: Option<&Counter>) -> Result<Option<u64>, Stop> {
    let Some(counter) = counter else {
        return Ok(None);
    };
    counter.read().ok_or_else(|| counter.unreadable()).map(Some)
}

/// The number behind `key`.
fn number(text: &str, key: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
}
