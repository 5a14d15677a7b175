//! `assize image build`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;
use sha2::{Digest as _, Sha256};
use toml_edit::DocumentMut;

use crate::cli::image::base::Base;
use crate::cli::image::imports::Imported;
use crate::cli::image::in_box::TriedImage;
use crate::cli::image::name::Name;
use crate::cli::image::settings::{self, NewEnvironment};
use crate::cli::image::wheels::{Search, Wheel};
use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::{JudgingSettings, LanguageSettings, Settings, SubmissionSettings};
use crate::libraries::{Library, Requirement, Requirements};
use crate::sandbox::{ImageBuilder, ImageError, ImageRequest};

/// Digits of the digest in the tag of an image.
const TAG: usize = 12;

/// Build an image of a box with more Python libraries, and print the settings that it is used by
///
/// The image is built upon that of the language, which is on this machine, and upon wheels; boxes of it have no network,
/// as all boxes. Every library that is asked for is imported in a box before the image counts as built. The exit code is 0
/// when it can be used, 2 for requirements that cannot be satisfied, 3 when we failed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize image build --name graphs --packages requirements.txt
  assize image build --name graphs --packages requirements.txt --wheels wheels/ --write /etc/assize/worker.toml
  assize image build --name graphs --packages requirements.lock")]
pub(super) struct Build {
    /// Libraries, in pip's format: names and versions; without it environments.NAME.requirements of the settings
    #[arg(long, value_name = "FILE")]
    packages: Option<PathBuf>,

    /// What the environment is called, behind the name of the one that it is built upon
    #[arg(long, value_name = "NAME", default_value = "course")]
    name: Name,

    /// The version of Python that is expected, such as 3.13
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,

    /// Take wheels from this directory, and nothing from a network
    #[arg(long, value_name = "DIR")]
    wheels: Option<PathBuf>,

    /// The language whose programs it is for [default: judge.default_language of the settings]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,

    /// The image to build upon, instead of that of the language
    #[arg(long, value_name = "IMAGE")]
    base: Option<String>,

    /// Let submissions choose it too, as a language of its own
    #[arg(long)]
    with_language: bool,

    /// Where the exact versions with hashes are written; without it beside --packages, as FILE with .lock
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,

    /// Add the settings to this file instead of printing them
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// What is asked for, and what it is built upon.
struct Asked<'a> {
    requirements: Requirements,
    text: String,
    /// Name of the new environment.
    environment: String,
    language: &'a LanguageSettings,
    /// Image below the new one.
    base: &'a str,
    judging: &'a JudgingSettings,
    accepted: &'a SubmissionSettings,
}

impl Build {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        let judging = settings.judging();
        let asked = self.asked(&judging, &settings.submission)?;
        // Whether it can be written to is known before anything is built.
        let document = self
            .write
            .as_deref()
            .map(settings::read)
            .transpose()?
            .unwrap_or_default();
        runtime()?.block_on(async {
            tokio::select! {
                built = self.build(&asked, document) => built,
                () = interrupt::wanted() => Ok(interrupt::exit_code()),
            }
        })
    }

    fn asked<'a>(
        &'a self,
        judging: &'a JudgingSettings,
        accepted: &'a SubmissionSettings,
    ) -> Result<Asked<'a>, Failure> {
        let name = self.language.as_ref().unwrap_or(&judging.judge.default_language);
        let language = judging.languages.get(name).ok_or_else(|| {
            let known: Vec<&str> = judging.languages.keys().map(String::as_str).collect();
            Failure::Usage(anyhow!(
                "there is no language {name:?} in the settings; there are: {}",
                known.join(", ")
            ))
        })?;
        let environment = format!("{}-{}", language.environment, self.name);
        let (place, text) = self.text(judging, &environment)?;
        let requirements = Requirements::read(&text);
        let requirements = requirements.map_err(|error| Failure::Usage(anyhow!("{place}: {error}")))?;
        if requirements.is_empty() {
            return Err(Failure::Usage(anyhow!(
                "{place} names no library; write one on each line, such as networkx>=3"
            )));
        }
        let of_language = judging
            .sandbox
            .docker
            .images
            .get(&language.environment)
            .map(String::as_str);
        let base = self.base.as_deref().or(of_language).ok_or_else(|| {
            Failure::Usage(anyhow!(
                "the language {name} has no image to build upon; name one with --base"
            ))
        })?;
        Ok(Asked {
            requirements,
            text,
            environment,
            language,
            base,
            judging,
            accepted,
        })
    }

    /// The requirements, and where they stand.
    fn text(&self, judging: &JudgingSettings, environment: &str) -> Result<(String, String), Failure> {
        if let Some(path) = &self.packages {
            let place = path.display().to_string();
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {place}"));
            return Ok((place, text.map_err(Failure::Usage)?));
        }
        let key = format!("environments.{environment}.requirements");
        match judging.environments.get(environment) {
            Some(settings) if !settings.requirements.is_empty() => Ok((key, settings.requirements.join("\n"))),
            _ => Err(Failure::Usage(anyhow!(
                "nothing says which libraries are wanted; name a file with --packages, or set {key}"
            ))),
        }
    }

    async fn build(&self, asked: &Asked<'_>, mut document: DocumentMut) -> Result<ExitCode, Failure> {
        let progress = ProgressLine::start("building an image", false);
        let builder = ImageBuilder::new(&asked.judging.sandbox.docker).map_err(failure)?;
        let built = self.image(asked, &builder).await;
        progress.finish();
        let built = built?;
        let new = NewEnvironment {
            name: &asked.environment,
            base: &asked.language.environment,
            image: &built.image,
            packages: built.packages.iter().map(ToString::to_string).collect(),
            imported: &built.imported,
            language: self.with_language.then_some(asked.language),
        };
        new.put_into(&mut document)?;
        let lock = self
            .lock
            .clone()
            .or_else(|| self.packages.as_ref().map(|path| path.with_extension("lock")));
        if let Some(lock) = &lock {
            write(lock, &built.lock)?;
        }
        self.report(&built.image, &built.imported, lock.as_deref(), &document.to_string())?;
        Ok(ExitCode::SUCCESS)
    }

    fn report(&self, image: &str, imported: &[Imported], lock: Option<&Path>, settings: &str) -> Result<(), Failure> {
        let mut said = format!("{image}\n");
        for library in imported {
            let modules: Vec<String> = library
                .modules
                .iter()
                .map(|it| format!("{} in {} ms", it.module, it.ms))
                .collect();
            let modules = if modules.is_empty() {
                "nothing to import".to_owned()
            } else {
                format!("imports {}", modules.join(", "))
            };
            said.push_str(&format!("  {} {}  {modules}\n", library.name, library.version));
        }
        if let Some(lock) = lock {
            said.push_str(&format!("Exact versions, with hashes: {}\n", lock.display()));
        }
        match &self.write {
            Some(path) => {
                write(path, settings)?;
                said.push_str(&format!("Added to {}. Start workers anew.", path.display()));
            }
            None => said.push_str(&format!(
                "\nAdd to the settings of every worker, and start workers anew:\n\n{}",
                settings.trim()
            )),
        }
        print::text(&said)
    }
}

/// An image that can be used.
struct Built {
    image: String,
    lock: String,
    packages: Vec<Library>,
    imported: Vec<Imported>,
}

impl Build {
    async fn image(&self, asked: &Asked<'_>, builder: &ImageBuilder) -> Result<Built, Failure> {
        let found = builder.find(asked.base).await.map_err(failure)?;
        let (base_id, _inputs) = found.ok_or_else(|| {
            Failure::Usage(anyhow!(
                "there is no image {} on this machine; `make images` builds those of Assize",
                asked.base
            ))
        })?;
        let base = Base::examine(&asked.tried(asked.base)).await?;
        base.check_python(asked.base, self.python.as_deref())?;
        base.check_conflicts(asked.base, &asked.requirements)?;
        let place = tempfile::tempdir().map_err(Failure::ours)?;
        let context = place.path().join("context.tar");
        let python = asked.language.run.first().map_or("", String::as_str);
        let search = Search {
            requirements: &asked.requirements,
            text: &asked.text,
            directory: self.wheels.as_deref(),
            base: &base,
            python,
        };
        let wheels = search.gather(&context).await?;
        if wheels.is_empty() {
            return Err(Failure::Usage(anyhow!(
                "{} has all of these libraries already; nothing is to be built",
                asked.base
            )));
        }
        let lock = lock(&wheels);
        let name = format!("assize/{}", asked.environment);
        let inputs = hex::encode(Sha256::digest(format!("{base_id}\n{}\n{lock}", Search::recipe())));
        let image = format!("{name}:{}", &inputs[..TAG]);
        let request = ImageRequest {
            name: &name,
            environment: &asked.environment,
            base: asked.base,
            base_id: &base_id,
            inputs: &inputs,
            context: &context,
        };
        let packages = packages(&base, &wheels);
        let imported = asked.built(builder, &request, &image, asked.names(&packages)).await?;
        Ok(Built {
            packages,
            image,
            lock,
            imported,
        })
    }
}

impl<'a> Asked<'a> {
    fn tried(&'a self, image: &'a str) -> TriedImage<'a> {
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
fn failure(error: ImageError) -> Failure {
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
    let new = wheels
        .iter()
        .filter_map(|wheel| format!("{}=={}", wheel.name, wheel.version).parse().ok());
    let mut packages: Vec<Library> = base.libraries().into_iter().chain(new).collect();
    packages.sort_by(|left, right| left.name.cmp(&right.name));
    packages
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .with_context(|| format!("cannot write {}", path.display()))
        .map_err(Failure::Usage)
}
