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
    pub(crate) async fn create(
        &self,
        versioned: &Versioned,
        name: &str,
        body: &Body,
        sender: Sender<'_>,
    ) -> Result<Answer, Refusal> {
        let Sender { maker, connection } = sender;
        let request = self.bounds.create(&body.bytes)?;
        if let Some(joined) = request
            .joins
            .as_ref()
            .filter(|joined| !self.boxes.is_network(joined, maker))
        {
            return Err(Refusal::forbidden(format!(
                "{joined:?} is no container whose network this worker has made for others to join"
            )));
        }
        self.reserve(name, request.takes, maker).await?;
        // Only who has a box is remembered: anybody can send any number of secrets.
        connection.is_of(maker, &self.makers);
        // Also where the client goes away before the daemon has answered.
        let mut reserved = Reserved {
            boxes: &self.boxes,
            name: Some(name),
        };
        let body = self.with_socket(name, request).await?;
        let made = self.made(versioned, name, body).await?;
        reserved.name = None;
        Ok(made)
    }

    /// The body of the request, with the directory of the socket for the box that asks for one.
    async fn with_socket(&self, name: &str, request: BoxRequest) -> Result<Vec<u8>, Refusal> {
        let BoxRequest { mut body, user, .. } = request;
        if let Some(user) = user {
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

    /// Gives a box new limits. What it takes of the memory of all is what the daemon was told last.
    pub(crate) async fn resize(&self, versioned: &Versioned, id: &str, body: &Body) -> Result<Answer, Refusal> {
        let LimitsRequest { body, memory_bytes } = self.bounds.update(&body.bytes)?;
        let before = self.boxes.resize(id, memory_bytes, self.most());
        let before = before.map_err(Refusal::forbidden)?;
        let sent = self.daemon.ask(Method::POST, &versioned.target(), body).await?;
        if !sent.status().is_success() {
            self.boxes.was_not_resized(id, before);
        }
        Ok(answer(sent))
    }

    /// A place among the boxes. Some of those that are remembered may have been removed by others.
    async fn reserve(&self, name: &str, takes: Takes, maker: &Maker) -> Result<(), Refusal> {
        if self.boxes.reserve(name, takes, maker, self.most()).is_ok() {
            return Ok(());
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
            self.boxes.forget(name);
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

/// Who asks for a box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender<'a> {
    maker: &'a Maker,
    connection: &'a Connection,
}

impl<'a> Sender<'a> {
    pub(crate) fn of(maker: &'a Maker, connection: &'a Connection) -> Self {
        Self { maker, connection }
    }
}

/// A place among the boxes that is given up unless its box was made.
struct Reserved<'a> {
    boxes: &'a Boxes,
    name: Option<&'a str>,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(name) = self.name {
            self.boxes.forget(name);
        }
    }
}
