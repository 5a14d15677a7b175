//! One connection: a box, from its start to its end, or a few questions.

use std::os::fd::{AsFd as _, BorrowedFd};

use assize_jailer_protocol::{Answer, BoxRequest, RefusalKind, Request, Started, UseLimits};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::JailError;
use crate::examine::examine;
use crate::jail::Jail;
use crate::plan::{Plan, check_limits};
use crate::server::channel::{Channel, ChannelError};
use crate::wall::Wall;

/// Environments that can be asked about at once.
const MOST_ENVIRONMENTS: usize = 64;

/// Answers a worker until it hangs up; then its box is destroyed, and the connection closed after that.
pub(crate) fn serve(mut channel: Channel, wall: &Wall) {
    let mut served = Served {
        wall,
        jail: None,
        knows_no_room: false,
    };
    let end = loop {
        if let Err(error) = served.next(&mut channel) {
            break error;
        }
    };
    if !matches!(end, ChannelError::HungUp) {
        eprintln!("the jailer closed a connection: {end}");
    }
    // Before the channel, by whose end the worker knows that nothing is left.
    drop(served);
    drop(channel);
}

struct Served<'a> {
    wall: &'a Wall,
    jail: Option<Jail>,
    /// Whether the worker can read [`RefusalKind::NoRoom`]: those of the version before do not ask for the instance either.
    knows_no_room: bool,
}

/// What happens next on a connection.
enum Event {
    /// A request comes, or the worker hangs up.
    Request,
    /// nsjail has ended.
    Ended,
}

impl Served<'_> {
    fn next(&mut self, channel: &mut Channel) -> Result<(), ChannelError> {
        match self.wait(channel)? {
            Event::Request => {
                let request = channel.receive()?;
                self.answer(request, channel)
            }
            Event::Ended => {
                if let Some(jail) = &mut self.jail
                    && let Err(error) = jail.has_ended()
                {
                    eprintln!("the jailer cannot clear the box {} away: {error}", jail.id());
                }
                Ok(())
            }
        }
    }

    /// One that has no box has to say something soon.
    fn wait(&self, channel: &Channel) -> Result<Event, ChannelError> {
        let watched = self.jail.as_ref().filter(|jail| !jail.is_over());
        let mut descriptors = vec![PollFd::new(channel, PollFlags::IN)];
        descriptors.extend(watched.map(|jail| PollFd::new(&jail.ended, PollFlags::IN)));
        let seconds = i64::try_from(self.wall.settings.request_timeout.as_secs()).unwrap_or(i64::MAX);
        let within = Timespec {
            tv_sec: seconds.max(1),
            tv_nsec: 0,
        };
        let limit = self.jail.is_none().then_some(&within);
        match poll(&mut descriptors, limit) {
            Ok(0) => Err(ChannelError::Idle),
            Err(rustix::io::Errno::INTR) => self.wait(channel),
            Err(error) => Err(std::io::Error::from(error).into()),
            Ok(_some) if !descriptors[0].revents().is_empty() => Ok(Event::Request),
            Ok(_some) => Ok(Event::Ended),
        }
    }

    fn answer(&mut self, request: Request, channel: &mut Channel) -> Result<(), ChannelError> {
        let answered = match request {
            Request::Start(request) => return self.start(request, channel),
            Request::Facts => Ok(Answer::Facts(self.wall.facts())),
            Request::Instance => {
                self.knows_no_room = true;
                Ok(Answer::Instance(self.wall.instance))
            }
            Request::Resize(limits) => self.resize(&limits),
            Request::PostMortem => self.post_mortem(),
            Request::Examine { environments } => {
                let some = environments.iter().take(MOST_ENVIRONMENTS);
                Ok(Answer::Examined(examine(self.wall, some)))
            }
            Request::Sweep => self.wall.sweep().map(Answer::Swept),
        };
        channel.send(&answered.unwrap_or_else(|error| self.refused(error)), &[])
    }

    fn start(&mut self, request: BoxRequest, channel: &mut Channel) -> Result<(), ChannelError> {
        if self.jail.is_some() {
            let error = JailError::forbidden("a connection has one box", "use another connection");
            return channel.send(&self.refused(error), &[]);
        }
        let started = Plan::of(request, &self.wall.settings).and_then(|plan| Jail::start(self.wall, &plan));
        let (jail, streams, environment_digest) = match started {
            Ok(started) => started,
            Err(error) => return channel.send(&self.refused(error), &[]),
        };
        let answer = Answer::Started(Started {
            id: jail.id().to_owned(),
            environment_digest,
        });
        self.jail = Some(jail);
        let descriptors: Vec<BorrowedFd<'_>> = streams.iter().map(|stream| stream.as_fd()).collect();
        channel.send(&answer, &descriptors)
    }

    fn refused(&self, error: JailError) -> Answer {
        let mut refusal = error.into_refusal();
        if refusal.kind == RefusalKind::NoRoom && !self.knows_no_room {
            refusal.kind = RefusalKind::Forbidden;
        }
        Answer::Refused(refusal)
    }

    fn resize(&self, limits: &UseLimits) -> Result<Answer, JailError> {
        let jail = self.jail.as_ref().ok_or_else(no_box)?;
        check_limits(limits, &self.wall.settings.bounds)?;
        jail.resize(limits).map(|()| Answer::Resized)
    }

    fn post_mortem(&mut self) -> Result<Answer, JailError> {
        let jail = self.jail.as_mut().ok_or_else(no_box)?;
        let ended = jail.way_of_ending();
        ended.map(Answer::Ended).map_err(|error| {
            JailError::unable(
                format!("cannot find out how {} ended: {error}", jail.id()),
                "see whether its control group was removed by something else",
            )
        })
    }
}

fn no_box() -> JailError {
    JailError::forbidden("this connection has no box", "start one first")
}
