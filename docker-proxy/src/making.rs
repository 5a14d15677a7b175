//! Boxes are made, get their streams, and get other limits.

use std::sync::Arc;
use std::time::Instant;

use assize_docker_box::{BOOT, NO_ROOM, set_streams_source, user_id};
use bollard_stubs::models::{ContainerCreateResponse, ContainerSummary};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, StatusCode};

use crate::body::Body;
use crate::boxes::{Most, NoRoom, Resizable, Resize, Takes};
use crate::call::{Call, Filters, Versioned};
use crate::connections::Connection;
use crate::makers::Maker;
use crate::refusal::{Answer, Refusal};
use crate::relay::answer;
use crate::request::{BoxRequest, LimitsRequest};
use crate::streams::pass_on;
use crate::{Boxes, DockerProxy, plain, read};

impl DockerProxy {
    /// Makes a box. That goes on when its client goes away: the daemon may make it all the same, and then it counts and is
    /// its maker's.
    pub(crate) async fn create(self: &Arc<Self>, creation: Creation) -> Result<Answer, Refusal> {
        let (proxy, place) = (Arc::clone(self), Arc::clone(&creation.connection));
        to_the_end(place, async move { proxy.create_whole(creation).await }).await
    }

    async fn create_whole(&self, creation: Creation) -> Result<Answer, Refusal> {
        let Creation {
            versioned,
            name,
            body,
            maker,
            connection,
        } = creation;
        let mut request = self.bounds.create(&body.bytes)?;
        let joins_unknown = |joined: &&String| !self.boxes.is_network(joined, &maker);
        if let Some(joined) = request.joins.as_ref().filter(joins_unknown) {
            return Err(Refusal::forbidden(format!(
                "{joined:?} is no container whose network this worker has made for others to join"
            )));
        }
        let user = self.reserve(&name, request.takes, &maker).await?;
        request.set_user(user);
        let reserved = Reserved {
            boxes: &self.boxes,
            name: &name,
        };
        let body = self.with_socket(&name, request, user).await?;
        let created = self.made(&versioned, body).await;
        if let Ok(Created::Box { id, .. }) = &created {
            // Only who has a box is remembered: anybody can send any number of secrets.
            connection.is_of(&maker, &self.makers);
            self.boxes.made_as(&name, id);
        }
        drop(reserved);
        created.map(Created::answer)
    }

    /// The body of the request, with the directory of the socket for the box that asks for one.
    async fn with_socket(&self, name: &str, request: BoxRequest, user: usize) -> Result<Vec<u8>, Refusal> {
        let mut body = request.body;
        if request.asks_for_socket {
            let user = u32::try_from(user_id(0, user)).map_err(Refusal::busy)?;
            let sockets = self.sockets.as_ref().ok_or_else(|| {
                Refusal::forbidden("no box has a socket for its streams; the setting streams_directory is empty")
            })?;
            let (socket, source) = sockets.listen(&self.daemon, name, user).await?;
            set_streams_source(&mut body, &source, sockets.is_volume());
            self.boxes.keep_socket(name, socket);
        }
        serde_json::to_vec(&body).map_err(|error| Refusal::forbidden(error.to_string()))
    }

    /// The streams of a box whose runner has come.
    pub(crate) async fn hand_over(
        &self,
        id: &str,
        client: OnUpgrade,
        place: Arc<Connection>,
    ) -> Result<Answer, Refusal> {
        let socket = self.boxes.take_socket(id);
        let socket = socket.ok_or_else(|| Refusal::forbidden("the box has no streams that are still to be had"))?;
        Ok(pass_on(socket.hand_over().await?, client, place))
    }

    /// The streams of a box through the daemon.
    pub(crate) async fn attach(
        &self,
        versioned: Versioned,
        id: String,
        client: OnUpgrade,
        place: Arc<Connection>,
    ) -> Result<Answer, Refusal> {
        let attached = self.boxes.attach(&id);
        let attached = attached.ok_or_else(|| Refusal::forbidden("another connection is attached to the box"))?;
        let target = versioned.with(Call::Attach(id)).target();
        self.daemon.attach(&target, client, (attached, place)).await
    }

    /// Gives a box new limits. That goes on when its client goes away, as making one does.
    pub(crate) async fn resize(
        self: &Arc<Self>,
        versioned: Versioned,
        id: String,
        body: &Body,
        place: Arc<Connection>,
    ) -> Result<Answer, Refusal> {
        let LimitsRequest { body, asked } = self.bounds.update(&body.bytes)?;
        let proxy = Arc::clone(self);
        to_the_end(place, async move {
            let resize = proxy.begin_resize(&id, asked).await?;
            let target = versioned.with(Call::Update(id.clone())).target();
            let sent = proxy.daemon.ask(Method::POST, &target, body).await?;
            resize.was_answered(sent.status().is_success());
            drop(resize);
            Ok(answer(sent))
        })
        .await
    }

    async fn begin_resize(&self, id: &str, asked: Resizable) -> Result<Resize<'_>, Refusal> {
        let came = Instant::now();
        let mut resize = self.boxes.resize(id, asked, self.most());
        if let Err(NoRoom::Full(_)) = resize {
            self.refresh_since(came).await?;
            resize = self.boxes.resize(id, asked, self.most());
        }
        resize?.ok_or_else(|| Refusal::unknown(id))
    }

    /// A place among the boxes, and the number of its user.
    async fn reserve(&self, name: &str, takes: Takes, maker: &Maker) -> Result<usize, Refusal> {
        let came = Instant::now();
        let mut reserved = self.boxes.reserve(name, takes, maker, self.most());
        if let Err(NoRoom::Full(_)) = reserved {
            self.refresh_since(came).await?;
            reserved = self.boxes.reserve(name, takes, maker, self.most());
        }
        Ok(reserved?)
    }

    /// Lists the boxes, unless they were listed for another request after this time. A list may be long, so there is one at
    /// a time, and all that came before it began share it.
    async fn refresh_since(&self, came: Instant) -> Result<(), Refusal> {
        let mut listed_at = self.listed_at.lock().await;
        if listed_at.is_none_or(|listed_at| listed_at < came) {
            let begun = Instant::now();
            self.refresh().await?;
            *listed_at = Some(begun);
        }
        Ok(())
    }

    /// Forgets boxes that others have removed.
    async fn refresh(&self) -> Result<(), Refusal> {
        let before = self.boxes.ids();
        let list = Call::List {
            all: true,
            filters: Filters::from([("label".to_owned(), vec![BOOT.to_owned()])]),
        };
        let listed = self.daemon.ask(Method::GET, &plain(list).target(), Vec::new()).await?;
        let listed: Vec<ContainerSummary> = read(listed).await?;
        let listed = listed.into_iter().filter_map(|found| found.id).collect();
        self.boxes.forget_missing(&before, &listed);
        Ok(())
    }

    /// What all boxes may have together.
    fn most(&self) -> Most {
        let limits = &self.bounds.limits;
        Most {
            boxes: limits.boxes,
            memory_bytes: limits.all_memory_bytes,
            processes: limits.all_processes,
            cpus: limits.all_cpus,
        }
    }

    async fn made(&self, versioned: &Versioned, body: Vec<u8>) -> Result<Created, Refusal> {
        let sent = self.daemon.ask(Method::POST, &versioned.target(), body).await?;
        if sent.status() != StatusCode::CREATED {
            return Ok(Created::Refused(answer(sent)));
        }
        let created: ContainerCreateResponse = read(sent).await?;
        Ok(Created::Box {
            id: created.id,
            warnings: created.warnings,
        })
    }
}

/// Does it to its end, also when its client goes away. As long as it takes, it has the place of a connection.
pub(crate) async fn to_the_end(
    place: Arc<Connection>,
    work: impl Future<Output = Result<Answer, Refusal>> + Send + 'static,
) -> Result<Answer, Refusal> {
    let done = tokio::spawn(async move {
        let _place = place;
        work.await
    });
    let not_done = |error| Err(Refusal::busy(format_args!("it was not done: {error}")));
    done.await.unwrap_or_else(not_done)
}

/// What the daemon says to a request for a box.
enum Created {
    Box { id: String, warnings: Vec<String> },
    Refused(Answer),
}

impl Created {
    fn answer(self) -> Answer {
        match self {
            Self::Refused(answer) => answer,
            Self::Box { id, warnings } => {
                let body = serde_json::json!({ "Id": id, "Warnings": warnings }).to_string();
                let mut response = hyper::Response::new(http_body_util::Either::Left(body.into()));
                *response.status_mut() = StatusCode::CREATED;
                response
            }
        }
    }
}

/// A box that is asked for.
#[derive(Debug)]
pub(crate) struct Creation {
    pub(crate) versioned: Versioned,
    pub(crate) name: String,
    pub(crate) body: Body,
    pub(crate) maker: Maker,
    pub(crate) connection: Arc<Connection>,
}

/// A place among the boxes that is given up unless its box was made.
struct Reserved<'a> {
    boxes: &'a Boxes,
    name: &'a str,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.boxes.forget_reserved(self.name);
    }
}

impl From<NoRoom> for Refusal {
    fn from(no_room: NoRoom) -> Self {
        match no_room {
            NoRoom::NameTaken | NoRoom::Changing => Self::conflict(no_room.to_string()),
            NoRoom::Full(_) => Self::busy(format_args!("{NO_ROOM}: {no_room}")),
        }
    }
}
