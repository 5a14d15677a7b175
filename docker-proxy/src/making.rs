//! Boxes are made, get their streams, and get other limits.

use std::sync::Arc;

use assize_docker_box::{BOOT, set_streams_source};
use bollard_stubs::models::{ContainerCreateResponse, ContainerSummary};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, StatusCode};

use crate::body::Body;
use crate::boxes::{Most, Takes};
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
        let proxy = Arc::clone(self);
        let created = tokio::spawn(async move { proxy.create_whole(creation).await });
        created
            .await
            .unwrap_or_else(|error| Err(Refusal::busy(&format!("a box was not made: {error}"))))
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
        request.has_user(self.reserve(&name, request.takes, &maker).await?);
        let reserved = Reserved {
            boxes: &self.boxes,
            name: &name,
        };
        // Only who has a box is remembered: anybody can send any number of secrets.
        connection.is_of(&maker, &self.makers);
        let body = self.with_socket(&name, request).await?;
        let made = self.made(&versioned, &name, body).await;
        drop(reserved);
        made
    }

    /// The body of the request, with the directory of the socket for the box that asks for one.
    async fn with_socket(&self, name: &str, request: BoxRequest) -> Result<Vec<u8>, Refusal> {
        let BoxRequest {
            mut body,
            user,
            asks_for_socket,
            ..
        } = request;
        if asks_for_socket {
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

    /// Gives a box new limits. What it takes of the memory of all is what the daemon was told last.
    pub(crate) async fn resize(&self, versioned: Versioned, id: String, body: &Body) -> Result<Answer, Refusal> {
        let LimitsRequest { body, memory_bytes } = self.bounds.update(&body.bytes)?;
        let resize = self.boxes.resize(&id, memory_bytes, self.most());
        let resize = resize.map_err(Refusal::forbidden)?;
        let target = versioned.with(Call::Update(id)).target();
        let sent = self.daemon.ask(Method::POST, &target, body).await?;
        resize.was_answered(sent.status().is_success());
        Ok(answer(sent))
    }

    /// A place among the boxes. Some of those that are remembered may have been removed by others.
    async fn reserve(&self, name: &str, takes: Takes, maker: &Maker) -> Result<usize, Refusal> {
        if let Ok(user) = self.boxes.reserve(name, takes, maker, self.most()) {
            return Ok(user);
        }
        let list = Call::List {
            all: true,
            filters: Filters::from([("label".to_owned(), vec![BOOT.to_owned()])]),
        };
        let listed = self.daemon.ask(Method::GET, &plain(list).target(), Vec::new()).await?;
        let listed: Vec<ContainerSummary> = read(listed).await?;
        let ids: Vec<String> = listed.into_iter().filter_map(|found| found.id).collect();
        self.boxes.keep_only(&ids);
        let reserved = self.boxes.reserve(name, takes, maker, self.most());
        reserved.map_err(Refusal::forbidden)
    }

    /// What all boxes may have together.
    fn most(&self) -> Most {
        let limits = &self.bounds.limits;
        Most {
            boxes: limits.boxes,
            memory_bytes: limits.all_memory_bytes,
            cpus: limits.all_cpus,
        }
    }

    async fn made(&self, versioned: &Versioned, name: &str, body: Vec<u8>) -> Result<Answer, Refusal> {
        let sent = self.daemon.ask(Method::POST, &versioned.target(), body).await?;
        if sent.status() != StatusCode::CREATED {
            return Ok(answer(sent));
        }
        let created: ContainerCreateResponse = read(sent).await?;
        self.boxes.made_as(name, &created.id);
        let body = serde_json::json!({ "Id": created.id, "Warnings": created.warnings }).to_string();
        let mut response = hyper::Response::new(http_body_util::Either::Left(body.into()));
        *response.status_mut() = StatusCode::CREATED;
        Ok(response)
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
