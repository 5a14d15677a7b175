//! The files that the worker puts below the work directory.
//!
//! Durable ones are held in memory too, and written again after each reset: what a program did to them in one test is not
//! seen by the next. Memory is safe from the program, since the runner is undumpable.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use assize_protocol::{CHUNK, DURABLE_AT_MOST, FaultStage, Fetch, Fetched, Lifetime, PutFile};
use rustix::fs::{Mode, OFlags, fchmod, openat};
use rustix::io::Errno;

use crate::files::copy::copy_rest;
use crate::files::path::open_parent;
use crate::stop::Stop;

/// Writes files and remembers those that are durable.
pub(crate) struct Files {
    work: String,
    durable: Vec<(PutFile, Vec<u8>)>,
    durable_bytes: usize,
    incoming: Option<Incoming>,
}

struct Incoming {
    put: PutFile,
    file: File,
    content: Vec<u8>,
}

impl Files {
    pub(crate) fn new(work: String) -> Self {
        Self {
            work,
            durable: Vec::new(),
            durable_bytes: 0,
            incoming: None,
        }
    }

    pub(crate) fn begin(&mut self, put: PutFile) -> Result<(), Stop> {
        if self.incoming.is_some() {
            return Err(Stop::fault(FaultStage::Protocol, "a file begins inside another"));
        }
        let file = create(&self.work, &put).map_err(|error| failed(&put.path, &error))?;
        self.incoming = Some(Incoming {
            put,
            file,
            content: Vec::new(),
        });
        Ok(())
    }

    pub(crate) fn data(&mut self, data: &[u8]) -> Result<(), Stop> {
        let incoming = self.incoming.as_mut().ok_or_else(no_file)?;
        incoming
            .file
            .write_all(data)
            .map_err(|error| failed(&incoming.put.path, &error))?;
        if incoming.put.lifetime == Lifetime::Durable {
            self.durable_bytes += data.len();
            if self.durable_bytes > DURABLE_AT_MOST {
                return Err(Stop::fault(FaultStage::File, "the durable files are too large"));
            }
            incoming.content.extend_from_slice(data);
        }
        Ok(())
    }

    /// Copies the whole content of a file for one test from another file of so many bytes; `false` where that cannot be had.
    pub(crate) fn copy(&mut self, from: Option<File>, bytes: u64) -> Result<bool, Stop> {
        let Incoming { put, file, .. } = self.incoming.as_mut().ok_or_else(no_file)?;
        if put.lifetime == Lifetime::Durable {
            return Err(Stop::fault(FaultStage::Protocol, "a durable file that is copied"));
        }
        let Some(from) = from else {
            return Ok(false);
        };
        let copied = copy_rest(from, file, bytes).and_then(|copied| {
            if !copied {
                file.set_len(0)?;
                file.rewind()?;
            }
            Ok(copied)
        });
        copied.map_err(|error| failed(&put.path, &error))
    }

    pub(crate) fn end(&mut self) -> Result<(), Stop> {
        let Incoming { put, content, .. } = self.incoming.take().ok_or_else(no_file)?;
        if put.lifetime == Lifetime::Durable {
            self.durable.push((put, content));
        }
        Ok(())
    }

    /// A file is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        self.incoming.is_some()
    }

    /// Writes the durable files again, into a work directory that was cleared.
    pub(crate) fn restore(&self) -> Result<(), Stop> {
        for (put, content) in &self.durable {
            create(&self.work, put)
                .and_then(|mut file| file.write_all(content))
                .map_err(|error| failed(&put.path, &error))?;
        }
        Ok(())
    }

    /// Reads a piece of a regular file. What a program left behind instead of one is no fault.
    pub(crate) fn fetch(&self, fetch: &Fetch) -> Fetched {
        let most = (fetch.max_bytes as usize).min(CHUNK);
        match read_piece(&self.work, fetch, most + 1) {
            Ok(mut content) => {
                let truncated = content.len() > most;
                content.truncate(most);
                Fetched {
                    content: Some(content),
                    truncated,
                }
            }
            Err(_) => Fetched {
                content: None,
                truncated: false,
            },
        }
    }
}

fn create(work: &str, put: &PutFile) -> io::Result<File> {
    let (directory, name) = open_parent(work, &put.path, true)?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(&directory, name, flags, Mode::from_raw_mode(0o600))?;
    fchmod(&file, Mode::from_raw_mode(put.mode & 0o777))?;
    Ok(File::from(file))
}

fn read_piece(work: &str, fetch: &Fetch, most: usize) -> io::Result<Vec<u8>> {
    let (directory, name) = open_parent(work, &fetch.path, false)?;
    // Not to be held up by a FIFO that lies there.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(openat(&directory, name, flags, Mode::empty())?);
    if !file.metadata()?.is_file() {
        return Err(Errno::INVAL.into());
    }
    file.seek(SeekFrom::Start(fetch.offset))?;
    let mut content = Vec::new();
    file.take(most as u64).read_to_end(&mut content)?;
    Ok(content)
}

fn failed(path: &str, error: &io::Error) -> Stop {
    Stop::fault(FaultStage::File, format!("cannot write {path}: {error}"))
}

fn no_file() -> Stop {
    Stop::fault(FaultStage::Protocol, "data of a file that was not begun")
}
