//! Serves the worker's orders until the runner ends or the worker hangs up.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};

use assize_guest_protocol::{Answer, FRAME_HEADER, Order, VERSION, body_length, decode, encode, port};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::time::Timespec;

use crate::channel::Ways;
use crate::child::{Child, start};
use crate::error::{Doing as _, GuestError};
use crate::group;

/// A worker that has read how the runner ended turns the guest off; it is not waited for longer.
const TURNED_OFF_WITHIN: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

struct Agent {
    worker: File,
    ways: Ways,
    child: Option<Child>,
}

/// Serves one worker. A guest that is restored from a template finds another one behind a new connection.
pub(crate) fn serve() -> Result<(), GuestError> {
    let ways = Ways::find();
    loop {
        let mut agent = Agent {
            worker: ways.open(port::AGENT)?.into(),
            ways,
            child: None,
        };
        match agent.serve_worker() {
            Err(_lost) if ways.can_be_lost() && agent.child.is_none() => {}
            over => return over,
        }
    }
}

impl Agent {
    fn serve_worker(&mut self) -> Result<(), GuestError> {
        self.answer(&Answer::Ready { version: VERSION })?;
        while let Some(order) = self.next_order()? {
            let answer = match order {
                Order::TurnOff => return Ok(()),
                order => self.obey(&order).unwrap_or_else(|error| Answer::Refused {
                    reason: error.to_string(),
                }),
            };
            self.answer(&answer)?;
        }
        Ok(())
    }

    fn obey(&mut self, order: &Order) -> Result<Answer, GuestError> {
        match order {
            Order::Start(order) if self.child.is_none() => {
                self.child = Some(start(order, self.ways)?);
                Ok(Answer::Started)
            }
            Order::Resize(limits) => group::resize(*limits).map(|()| Answer::Resized),
            Order::Examine => group::examine().map(Answer::Use),
            Order::Start(_) | Order::TurnOff => {
                Err(io::Error::from(ErrorKind::AlreadyExists)).doing(|| "start a second runner".to_owned())
            }
        }
    }

    /// `None` when there will be none.
    fn next_order(&mut self) -> Result<Option<Order>, GuestError> {
        if !self.wait()? {
            self.answer(&Answer::Ended(group::examine()?))?;
            let worker = PollFd::new(&self.worker, PollFlags::IN);
            poll(&mut [worker], Some(&TURNED_OFF_WITHIN)).doing(waiting)?;
            return Ok(None);
        }
        let mut header = [0; FRAME_HEADER];
        match self.worker.read_exact(&mut header) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            read => read.doing(waiting)?,
        }
        let length = body_length(header).map_err(io::Error::other).doing(waiting)?;
        let mut body = vec![0; length];
        self.worker.read_exact(&mut body).doing(waiting)?;
        decode(&body).map_err(io::Error::other).doing(waiting).map(Some)
    }

    /// Waits for an order; `false` when the runner has ended.
    fn wait(&self) -> Result<bool, GuestError> {
        let worker = PollFd::new(&self.worker, PollFlags::IN);
        let Some(child) = &self.child else {
            poll(&mut [worker], None).doing(waiting)?;
            return Ok(true);
        };
        let mut ends = [worker, PollFd::new(&child.ended, PollFlags::IN)];
        poll(&mut ends, None).doing(waiting)?;
        Ok(!ends[1].revents().contains(PollFlags::IN))
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), GuestError> {
        let frame = encode(answer).map_err(io::Error::other);
        let written = frame.and_then(|frame| self.worker.write_all(&frame));
        written.doing(|| "answer the worker".to_owned())
    }
}

fn waiting() -> String {
    "read what the worker orders".to_owned()
}
