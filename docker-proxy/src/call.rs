//! The calls that exist behind the proxy. What is not named here is refused, and what goes on to the daemon is written
//! anew from these values: no byte of the path or the query of a request is passed on.

use std::collections::HashMap;

use assize_docker_box::BOOT;
use hyper::{Method, Uri};
use serde::Deserialize;

use crate::refusal::Refusal;

/// The oldest version of the API that workers speak, that of Docker 20.10: 1.41.
const OLDEST_MINOR: u16 = 41;

/// One call of the Engine API, <https://docs.docker.com/reference/api/engine/>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Ping,
    Version,
    Info,
    Image(String),
    Create {
        name: String,
    },
    List {
        all: bool,
        filters: Filters,
    },
    Inspect(String),
    Attach(String),
    /// The streams of a box that has a socket for them. The daemon knows no such call.
    Streams(String),
    Start(String),
    Update(String),
    Remove(String),
}

/// `filters` of a list of containers.
pub(crate) type Filters = HashMap<String, Vec<String>>;

/// A call, and the version of the API that it was made for, such as `v1.41`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Versioned {
    pub(crate) version: Option<String>,
    pub(crate) call: Call,
}

impl Versioned {
    /// Reads a request line.
    pub(crate) fn read(method: &Method, uri: &Uri) -> Result<Self, Refusal> {
        let path = uri.path();
        if path.contains(['%', '\\']) || path.contains("//") || path.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(Refusal::forbidden("its path is not written plainly"));
        }
        let (version, rest) = split_version(path)?;
        let query: HashMap<String, String> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let call = call(method, rest, &query)?;
        Ok(Self { version, call })
    }

    /// The same version of another call.
    pub(crate) fn with(self, call: Call) -> Self {
        Self { call, ..self }
    }

    /// Path and query of the request to the daemon.
    pub(crate) fn target(&self) -> String {
        let version = self.version.iter().map(|version| format!("/{version}"));
        version.chain([self.call.target()]).collect()
    }
}

impl Call {
    fn target(&self) -> String {
        match self {
            Self::Ping => "/_ping".to_owned(),
            Self::Version => "/version".to_owned(),
            Self::Info => "/info".to_owned(),
            Self::Image(name) => format!("/images/{name}/json"),
            Self::Create { name } => format!("/containers/create?name={name}"),
            Self::List { all, filters } => {
                let filters = serde_json::json!(filters).to_string();
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("all", &all.to_string())
                    .append_pair("filters", &filters)
                    .finish();
                format!("/containers/json?{query}")
            }
            Self::Inspect(id) => format!("/containers/{id}/json"),
            Self::Attach(id) => format!("/containers/{id}/attach?stream=true&stdin=true&stdout=true&stderr=true"),
            Self::Streams(id) => format!("/containers/{id}/streams"),
            Self::Start(id) => format!("/containers/{id}/start"),
            Self::Update(id) => format!("/containers/{id}/update"),
            Self::Remove(id) => format!("/containers/{id}?force=true&v=true"),
        }
    }
}

fn call(method: &Method, path: &str, query: &HashMap<String, String>) -> Result<Call, Refusal> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (get, post, delete) = (method == Method::GET, method == Method::POST, method == Method::DELETE);
    Ok(match parts.as_slice() {
        ["_ping"] if get || method == Method::HEAD => Call::Ping,
        ["version"] if get => Call::Version,
        ["info"] if get => Call::Info,
        ["images", name @ .., "json"] if get && !name.is_empty() => Call::Image(image(&name.join("/"))?),
        ["containers", "create"] if post => Call::Create {
            name: box_name(query.get("name").map(String::as_str).unwrap_or_default())?,
        },
        ["containers", "json"] if get => Call::List {
            all: query.get("all").is_some_and(|all| matches!(all.as_str(), "1" | "true")),
            filters: filters(query.get("filters").map(String::as_str).unwrap_or_default())?,
        },
        ["containers", id, "json"] if get => Call::Inspect(container(id)?),
        ["containers", id, "attach"] if post => Call::Attach(container(id)?),
        ["containers", id, "streams"] if post => Call::Streams(container(id)?),
        ["containers", id, "start"] if post => Call::Start(container(id)?),
        ["containers", id, "update"] if post => Call::Update(container(id)?),
        ["containers", id] if delete => Call::Remove(container(id)?),
        _ => return Err(Refusal::forbidden("a worker makes no such call")),
    })
}

/// The version is passed on, since an answer is read by it. An old one is refused: the daemon takes of a request only what
/// its version knows, and what walls a box in is younger than some.
fn split_version(path: &str) -> Result<(Option<String>, &str), Refusal> {
    let versioned = path.strip_prefix("/v1.").and_then(|rest| rest.split_once('/'));
    let Some((minor, _rest)) = versioned else {
        return Ok((None, path));
    };
    let is_number = (1..=3).contains(&minor.len()) && minor.bytes().all(|byte| byte.is_ascii_digit());
    match minor.parse::<u16>() {
        Ok(number) if is_number && number >= OLDEST_MINOR => {
            Ok((Some(format!("v1.{minor}")), &path["/v1.".len() + minor.len()..]))
        }
        Ok(_old) if is_number => Err(Refusal::forbidden(format!(
            "no version of the API before 1.{OLDEST_MINOR}"
        ))),
        _ => Ok((None, path)),
    }
}

fn image(name: &str) -> Result<String, Refusal> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:._-@".contains(&byte);
    if name.len() <= 512 && name.bytes().all(plain) {
        Ok(name.to_owned())
    } else {
        Err(Refusal::forbidden("that is no name of an image"))
    }
}

/// Names of boxes, as the worker makes them.
fn box_name(name: &str) -> Result<String, Refusal> {
    let is_ours = name
        .strip_prefix("assize-")
        .is_some_and(|rest| rest.len() == 32 && is_hex(rest));
    if is_ours {
        Ok(name.to_owned())
    } else {
        Err(Refusal::forbidden("boxes are named assize- and 32 hexadecimal digits"))
    }
}

/// The name of a box, or a whole id: a part of an id would be anybody's.
fn container(id: &str) -> Result<String, Refusal> {
    if id.len() == 64 && is_hex(id) {
        return Ok(id.to_owned());
    }
    box_name(id)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The label of boxes is always asked for; the daemon shows what fulfils every filter.
fn filters(json: &str) -> Result<Filters, Refusal> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Allowed {
        label: Vec<String>,
        #[serde(default)]
        status: Vec<String>,
    }
    let Ok(Allowed { label, status }) = serde_json::from_str(json) else {
        return Err(Refusal::forbidden(
            "containers are listed by label, and by status at most",
        ));
    };
    // Of the labels this one only boxes have: images have others, and containers have those of their images.
    if !label.iter().any(|label| label == BOOT) {
        return Err(Refusal::forbidden(format!(
            "containers are listed by the label {BOOT} only"
        )));
    }
    let mut filters = Filters::from([("label".to_owned(), label)]);
    if !status.is_empty() {
        filters.insert("status".to_owned(), status);
    }
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, uri: &str) -> Result<String, Refusal> {
        let read = Versioned::read(&method.parse().unwrap(), &uri.parse().unwrap());
        read.map(|versioned| versioned.target())
    }

    #[test]
    fn what_a_worker_asks_goes_on_in_words_of_the_proxy() {
        let name = format!("assize-{}", "0a".repeat(16));
        let id = "0f".repeat(32);
        let table = [
            ("GET", "/_ping".to_owned(), "/_ping".to_owned()),
            ("GET", "/v1.41/info".to_owned(), "/v1.41/info".to_owned()),
            (
                "GET",
                "/v1.41/images/assize/python3:latest/json".to_owned(),
                "/v1.41/images/assize/python3:latest/json".to_owned(),
            ),
            (
                "POST",
                format!("/v1.41/containers/create?platform=&name={name}&x=1"),
                format!("/v1.41/containers/create?name={name}"),
            ),
            (
                "POST",
                format!("/v1.41/containers/{id}/attach?logs=true"),
                format!("/v1.41/containers/{id}/attach?stream=true&stdin=true&stdout=true&stderr=true"),
            ),
            (
                "DELETE",
                format!("/containers/{name}?link=true"),
                format!("/containers/{name}?force=true&v=true"),
            ),
        ];
        for (method, asked, sent) in table {
            assert_eq!(read(method, &asked).unwrap(), sent, "{asked}");
        }
    }

    #[test]
    fn every_other_call_is_refused() {
        let id = "0f".repeat(32);
        let name = format!("assize-{}", "0a".repeat(16));
        let table = [
            ("POST", format!("/v1.41/containers/{id}/exec")),
            ("POST", format!("/v1.41/containers/{id}/kill")),
            ("POST", format!("/v1.41/containers/{id}/rename?name=x")),
            ("POST", format!("/v1.41/commit?container={id}")),
            ("GET", format!("/v1.41/containers/{id}/archive?path=/")),
            ("PUT", format!("/v1.41/containers/{id}/archive?path=/")),
            ("GET", format!("/v1.41/containers/{id}/logs?stdout=1")),
            ("GET", format!("/v1.41/containers/{id}/../{id}/json")),
            ("GET", format!("/v1.41//containers/{id}/json")),
            ("GET", format!("/v1.41/containers/{id}%2fjson")),
            ("GET", "/v1.41/containers/0f0f/json".to_owned()),
            ("GET", "/v1.41/containers/web/json".to_owned()),
            ("GET", "/v1.41/containers/json".to_owned()),
            ("GET", "/v1.41/containers/json?filters={}".to_owned()),
            (
                "GET",
                "/v1.41/containers/json?filters={%22label%22:[%22web%22]}".to_owned(),
            ),
            (
                "GET",
                "/v1.41/containers/json?filters={%22label%22:[%22io.assize.boot%22],%22volume%22:[%22x%22]}".to_owned(),
            ),
            ("POST", "/v1.41/containers/create".to_owned()),
            ("POST", "/v1.41/containers/create?name=web".to_owned()),
            ("GET", format!("/v1.41/containers/create?name={name}")),
            ("POST", "/v1.41/images/create?fromImage=x".to_owned()),
            ("DELETE", "/v1.41/images/assize/python3:latest".to_owned()),
            ("GET", "/v1.41/images/json".to_owned()),
            ("GET", "/v1.41/images/a%2e%2e/json".to_owned()),
            ("POST", "/v1.41/build".to_owned()),
            ("GET", "/v1.41/volumes".to_owned()),
            ("POST", "/v1.41/volumes/create".to_owned()),
            ("POST", "/v1.41/networks/create".to_owned()),
            ("POST", "/v1.41/swarm/init".to_owned()),
            ("POST", "/v1.41/plugins/pull".to_owned()),
            ("GET", "/v1.41/events".to_owned()),
            ("POST", "/session".to_owned()),
            ("POST", "/grpc".to_owned()),
            ("CONNECT", "/v1.41/info".to_owned()),
            ("GET", "/v1.39/info".to_owned()),
            (
                "GET",
                "/v1.41/containers/json?filters={%22label%22:[%22io.assize.inputs%22]}".to_owned(),
            ),
            ("GET", "/v1.41x/info".to_owned()),
            ("GET", "/".to_owned()),
        ];
        for (method, asked) in table {
            assert!(read(method, &asked).is_err(), "{method} {asked}");
        }
    }
}
