//! From requirements to an image that was tried.

use std::path::Path;

use anyhow::anyhow;
use sha2::{Digest as _, Sha256};

use crate::cli::Failure;
use crate::cli::image::base::Base;
use crate::cli::image::imports::Imported;
use crate::cli::image::in_box::TriedImage;
use crate::cli::image::wheels::{Search, Wheel};
use crate::config::{JudgingSettings, LanguageSettings, SubmissionSettings};
use crate::libraries::{Library, Requirement, Requirements};
use crate::sandbox::{ImageBuilder, ImageError, ImageRequest};

/// Digits of the digest in the tag of an image.
const TAG: usize = 12;

/// What the interpreter is called among the libraries, as in verdicts.
const PYTHON: &str = "python";

/// What is asked for, and what it is built upon.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) requirements: Requirements,
    /// Name of the new environment.
    pub(super) environment: String,
    pub(super) language: &'a LanguageSettings,
    /// Image below the new one.
    pub(super) base: &'a str,
    pub(super) judging: &'a JudgingSettings,
    pub(super) accepted: &'a SubmissionSettings,
    /// The version of Python that is expected.
    pub(super) python: Option<&'a str>,
    /// Where wheels are; else pip's package index.
    pub(super) directory: Option<&'a Path>,
}

/// An image that can be used.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) image: String,
    pub(super) lock: String,
    pub(super) packages: Vec<Library>,
    pub(super) imported: Vec<Imported>,
}

impl Asked<'_> {
    /// Builds the image and tries it.
    pub(super) async fn image(&self, builder: &ImageBuilder) -> Result<Built, Failure> {
        let found = builder.find(self.base).await.map_err(failure)?;
        let (base_id, _inputs) = found.ok_or_else(|| {
            Failure::Usage(anyhow!(
                "there is no image {} on this machine; `make images` builds those of Assize",
                self.base
            ))
        })?;
        let base = Base::examine(&self.tried(self.base)).await?;
        base.check_python(self.base, self.python)?;
        base.check_conflicts(self.base, &self.requirements)?;
        let place = tempfile::tempdir().map_err(Failure::ours)?;
        let context = place.path().join("context.tar");
        let wheels = self.wheels(&base, &context).await?;
        let lock = lock(&wheels);
        let name = format!("assize/{}", self.environment);
        let inputs = hex::encode(Sha256::digest(format!("{base_id}\n{}\n{lock}", Search::recipe())));
        let image = format!("{name}:{}", &inputs[..TAG]);
        let request = ImageRequest {
            name: &name,
            environment: &self.environment,
            base: self.base,
            base_id: &base_id,
            inputs: &inputs,
            context: &context,
        };
        let packages = packages(&base, &wheels);
        let imported = self.built(builder, &request, &image, self.names(&packages)).await?;
        Ok(Built {
            packages,
            image,
            lock,
            imported,
        })
    }

    /// Those that the image below does not have, in the context of the build.
    async fn wheels(&self, base: &Base, context: &Path) -> Result<Vec<Wheel>, Failure> {
        let search = Search {
            requirements: &self.requirements,
            directory: self.directory,
            base,
            python: self.language.run.first().map_or("", String::as_str),
        };
        let wheels = search.gather(context).await?;
        if wheels.is_empty() {
            return Err(Failure::Usage(anyhow!(
                "{} has all of these libraries already; nothing is to be built",
                self.base
            )));
        }
        Ok(wheels)
    }

    fn tried<'a>(&'a self, image: &'a str) -> TriedImage<'a> {
        TriedImage {
            image,
            language: self.language,
            settings: self.judging,
            accepted: self.accepted,
        }
    }

    /// Those that were asked for; one whose condition does not hold is not there.
    fn names(&self, packages: &[Library]) -> Vec<String> {
        let is_there = |wanted: &&Requirement| packages.iter().any(|library| library.name == wanted.name);
        self.requirements
            .iter()
            .filter(is_there)
            .map(|wanted| wanted.name.to_string())
            .collect()
    }

    /// Builds the image unless it is here, and tries it. One that cannot be used does not stay.
    async fn built(
        &self,
        builder: &ImageBuilder,
        request: &ImageRequest<'_>,
        image: &str,
        names: Vec<String>,
    ) -> Result<Vec<Imported>, Failure> {
        let there = builder.find(image).await.map_err(failure)?;
        let is_there = there.is_some_and(|(_id, inputs)| inputs == request.inputs);
        if !is_there {
            builder.build(request, image).await.map_err(failure)?;
        }
        match Imported::check(&self.tried(image), names).await {
            Ok(imported) => {
                builder.tag_latest(image, request.name).await.map_err(failure)?;
                Ok(imported)
            }
            Err(failure) => {
                if !is_there {
                    builder.remove(image).await;
                }
                Err(failure)
            }
        }
    }
}

/// What a wheel brings is not our fault.
pub(super) fn failure(error: ImageError) -> Failure {
    match error {
        ImageError::Build { .. } => Failure::Usage(anyhow!(error).context("the image cannot be built")),
        other => Failure::ours(other),
    }
}

/// A file of requirements that only these wheels satisfy.
fn lock(wheels: &[Wheel]) -> String {
    let line = |wheel: &Wheel| {
        format!(
            "{}=={} \\\n    --hash=sha256:{}\n",
            wheel.name, wheel.version, wheel.sha256
        )
    };
    let mut lines: Vec<String> = wheels.iter().map(line).collect();
    lines.sort_unstable();
    lines.concat()
}

/// All libraries of the image, each once.
fn packages(base: &Base, wheels: &[Wheel]) -> Vec<Library> {
    let new = wheels.iter().map(|wheel| format!("{}=={}", wheel.name, wheel.version));
    let new = new
        .chain([format!("{PYTHON}=={}", base.python)])
        .filter_map(|text| text.parse().ok());
    let mut packages: Vec<Library> = base.libraries().into_iter().chain(new).collect();
    packages.sort_by(|left, right| left.name.cmp(&right.name));
    packages
}
