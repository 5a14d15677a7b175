//! Builds images of boxes upon others, out of what is on this machine.

use std::collections::HashMap;
use std::path::Path;

use assize_docker_box::REFUSED_BY_PROXY;
use bollard::Docker;
use bollard::models::BuildInfo;
use bollard::query_parameters::{
    BuildImageOptionsBuilder, PruneImagesOptionsBuilder, RemoveImageOptions, TagImageOptionsBuilder,
};
use futures::StreamExt as _;
use thiserror::Error;
use tokio_util::io::ReaderStream;

use crate::config::DockerSettings;
use crate::sandbox::BackendError;
use crate::sandbox::docker::error::CallError;
use crate::sandbox::docker::setup::docker_host;

/// How long the daemon may take for a call, which may be a build of some gigabytes.
const CALL_SECONDS: u64 = 1800;

/// Marks everything that belongs to Assize: `docker/stop.sh` finds it by that.
const OURS: &str = "io.assize";

/// Digest of what an image was built from, as `docker/images.sh` notes it too.
const INPUTS: &str = "io.assize.inputs";

/// Name of the environment that an image is of; `docker/roots.sh` makes a root directory of each.
const ENVIRONMENT: &str = "io.assize.environment";

/// Digest of what is built, on the stage in which wheels are unpacked.
const UNPACKED: &str = "io.assize.unpacked";

/// Id of the image that another one was built upon.
pub(super) const BASE: &str = "io.assize.base";

/// Its name.
pub(super) const BASE_NAME: &str = "io.assize.base.name";

/// What the daemon puts around what a step writes to standard error.
const RED: &str = "\u{1b}[91m";
const PLAIN: &str = "\u{1b}[0m";

/// An image that was not built.
#[derive(Debug, Error)]
pub(crate) enum ImageError {
    /// The settings name no daemon.
    #[error(transparent)]
    Settings(#[from] BackendError),
    /// The daemon did not do it.
    #[error("cannot {step}: {source}; {remedy}")]
    Docker {
        /// What was to be done.
        step: &'static str,
        /// What to do about it.
        remedy: String,
        /// What it says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A step of the build ended with an error.
    #[error("{message}")]
    Build {
        /// What it said.
        message: String,
    },
    /// The context of the build cannot be read.
    #[error("cannot read {path}: {source}")]
    Context {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What an image is built from, and called.
#[derive(Debug)]
pub(crate) struct ImageRequest<'a> {
    /// Name without a tag.
    pub(crate) name: &'a str,
    /// Name of the environment that it is of.
    pub(crate) environment: &'a str,
    /// The image below it, which is here.
    pub(crate) base: &'a str,
    /// Id of that image.
    pub(crate) base_id: &'a str,
    /// Digest of everything that it is built from, in hexadecimal; the tag begins it.
    pub(crate) inputs: &'a str,
    /// Archive (tar) of the build's context, whose first stage has `INPUTS` as its label `io.assize.unpacked`.
    pub(crate) context: &'a Path,
}

/// Builds images by the Docker Engine of the settings.
#[derive(Debug)]
pub(crate) struct ImageBuilder {
    docker: Docker,
    host: String,
}

impl ImageBuilder {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// When there is no such socket.
    pub(crate) fn new(settings: &DockerSettings) -> Result<Self, ImageError> {
        let host = docker_host(settings)?;
        let connected = Docker::connect_with_socket(&host, CALL_SECONDS, bollard::API_DEFAULT_VERSION);
        match connected {
            Ok(docker) => Ok(Self { docker, host }),
            Err(error) => Err(failed("connect to Docker", &host, error)),
        }
    }

    /// Id of an image, and the digest of what it was built from; `None` when it is not here.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub(crate) async fn find(&self, image: &str) -> Result<Option<(String, String)>, ImageError> {
        match self.docker.inspect_image(image).await {
            Ok(found) => {
                let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
                let inputs = labels.get(INPUTS).cloned().unwrap_or_default();
                Ok(Some((found.id.unwrap_or_default(), inputs)))
            }
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
            Err(error) => Err(failed("look at an image", &self.host, error)),
        }
    }

    /// Builds an image, without a network.
    ///
    /// # Errors
    /// In the words of the step that failed.
    pub(crate) async fn build(&self, request: &ImageRequest<'_>, image: &str) -> Result<(), ImageError> {
        let built = self.build_all(request, image).await;
        self.remove_unpacked(request).await;
        built
    }

    async fn build_all(&self, request: &ImageRequest<'_>, image: &str) -> Result<(), ImageError> {
        let labels = labels(request);
        let arguments: HashMap<String, String> = [("BASE", request.base), ("INPUTS", request.inputs)].map(owned).into();
        let options = BuildImageOptionsBuilder::new()
            .t(image)
            .buildargs(&arguments)
            .labels(&labels)
            .networkmode("none")
            .rm(true)
            .forcerm(true)
            .build();
        let context = tokio::fs::File::open(request.context).await;
        let context = context.map_err(|source| ImageError::Context {
            path: request.context.display().to_string(),
            source,
        })?;
        let body = bollard::body_try_stream(ReaderStream::new(context));
        let mut lines = std::pin::pin!(self.docker.build_image(options, None, Some(body)));
        let mut message = String::new();
        while let Some(line) = lines.next().await {
            let line = line.map_err(|error| self.build_error(&message, error))?;
            message = latest_message(&message, line)?;
        }
        Ok(())
    }

    /// Gives an image another name: that by which scripts find it.
    ///
    /// # Errors
    /// When the daemon refuses.
    pub(crate) async fn tag_latest(&self, image: &str, name: &str) -> Result<(), ImageError> {
        let options = TagImageOptionsBuilder::new().repo(name).tag("latest").build();
        let tagged = self.docker.tag_image(image, Some(options)).await;
        tagged.map_err(|error| failed("name an image", &self.host, error))
    }

    /// Removes an image that is of no use.
    pub(crate) async fn remove(&self, image: &str) {
        if let Err(error) = self.docker.remove_image(image, None::<RemoveImageOptions>, None).await {
            tracing::warn!(image, %error, "an image that is of no use cannot be removed");
        }
    }

    /// The stage in which wheels were unpacked, which has no name. That of another build may still be needed.
    async fn remove_unpacked(&self, request: &ImageRequest<'_>) {
        let label = format!("{UNPACKED}={}", request.inputs);
        let filters = HashMap::from([("label".to_owned(), vec![label])]);
        let options = PruneImagesOptionsBuilder::new().filters(&filters).build();
        if let Err(error) = self.docker.prune_images(Some(options)).await {
            tracing::warn!(%error, "what an image was built with cannot be removed");
        }
    }

    /// The step that failed has said why before the daemon says that it failed.
    fn build_error(&self, message: &str, error: bollard::errors::Error) -> ImageError {
        match error {
            bollard::errors::Error::DockerStreamError { error } => ImageError::Build {
                message: reason(message, &error),
            },
            other => failed("build an image", &self.host, other),
        }
    }
}

fn labels(request: &ImageRequest<'_>) -> HashMap<String, String> {
    [
        (OURS, "1"),
        (INPUTS, request.inputs),
        (ENVIRONMENT, request.environment),
        (BASE, request.base_id),
        (BASE_NAME, request.base),
    ]
    .map(owned)
    .into()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The last thing that a step has said.
fn latest_message(message: &str, line: BuildInfo) -> Result<String, ImageError> {
    if let Some(error) = line.error_detail {
        let error = error.message.unwrap_or_default();
        return Err(ImageError::Build {
            message: reason(message, &error),
        });
    }
    // What a step writes to standard error comes in red.
    let new = line.stream.unwrap_or_default().replace(RED, "").replace(PLAIN, "");
    let is_step = ["Step ", " --->", "Removing ", "Successfully "]
        .iter()
        .any(|begin| new.trim_start_matches('\n').starts_with(begin));
    Ok(if new.trim().is_empty() || is_step {
        message.to_owned()
    } else {
        new.trim().to_owned()
    })
}

fn reason(message: &str, error: &str) -> String {
    match message {
        "" => error.to_owned(),
        message => message.to_owned(),
    }
}

fn failed(step: &'static str, host: &str, source: bollard::errors::Error) -> ImageError {
    let call = CallError::Failed {
        step,
        host: host.to_owned(),
        source,
    };
    let refused = call
        .answer()
        .is_some_and(|(_status, message)| message.starts_with(REFUSED_BY_PROXY));
    let remedy = match refused {
        true => {
            "run this with the socket of the daemon, and not with that of the proxy: sandbox.docker.host".to_owned()
        }
        false => call.remedy(),
    };
    ImageError::Docker {
        step,
        remedy,
        source: Box::new(call),
    }
}
