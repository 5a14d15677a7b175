//! `assize image build`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;

use crate::cli::image::made::{Asked, failure};
use crate::cli::image::name::Name;
use crate::cli::image::replace;
use crate::cli::image::settings::{self, NewEnvironment};
use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::{JudgingSettings, SubmissionSettings};
use crate::libraries::Requirements;
use crate::sandbox::ImageBuilder;

/// The proxy refuses boxes of images that it does not list.
const THROUGH_THE_PROXY: &str = "\
Where workers reach Docker through assize-docker-proxy, as under compose, systemd and Kubernetes, it has to let boxes of
the image through: in docker-proxy.toml, or with commas as ASSIZE_DOCKER_PROXY_IMAGES. Start it anew before the workers:";

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

impl Build {
    pub(super) fn run(self, judging: &JudgingSettings, accepted: &SubmissionSettings) -> Result<ExitCode, Failure> {
        let asked = self.asked(judging, accepted)?;
        self.check_files(&asked)?;
        runtime()?.block_on(async {
            tokio::select! {
                built = self.build(&asked) => built,
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
            environment,
            language,
            base,
            judging,
            accepted,
            python: self.python.as_deref(),
            directory: self.wheels.as_deref(),
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

    /// Whether what is found can be written is known before anything is built.
    fn check_files(&self, asked: &Asked<'_>) -> Result<(), Failure> {
        if let Some(path) = &self.write {
            let nothing = NewEnvironment {
                name: &asked.environment,
                base: &asked.language.environment,
                image: "",
                packages: Vec::new(),
                imported: &[],
                language: self.with_language.then_some(asked.language),
            };
            nothing.put_into(&mut settings::read(path)?)?;
            replace::check(path)?;
        }
        self.lock_file().as_deref().map_or(Ok(()), replace::check)
    }

    async fn build(&self, asked: &Asked<'_>) -> Result<ExitCode, Failure> {
        let progress = ProgressLine::start("building an image", false);
        let builder = ImageBuilder::new(&asked.judging.sandbox.docker).map_err(failure)?;
        let built = asked.image(&builder).await;
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
        let lock = self.lock_file();
        if let Some(lock) = &lock {
            replace::replace(lock, &built.lock)?;
        }
        // Read only now: others may have written to it meanwhile.
        let mut document = self
            .write
            .as_deref()
            .map(settings::read)
            .transpose()?
            .unwrap_or_default();
        new.put_into(&mut document)?;
        let proxied = settings::images_for_the_proxy(&asked.judging.sandbox.docker.images, &document);
        self.report(&new, lock.as_deref(), &document.to_string(), &proxied)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Where the exact versions go; nowhere where they came from a lock.
    fn lock_file(&self) -> Option<PathBuf> {
        let beside = || {
            let packages = self.packages.as_deref()?;
            Some(packages.with_extension("lock")).filter(|lock| lock != packages)
        };
        self.lock.clone().or_else(beside)
    }

    fn report(
        &self,
        new: &NewEnvironment<'_>,
        lock: Option<&Path>,
        settings: &str,
        proxied: &str,
    ) -> Result<(), Failure> {
        let mut report = format!("{}\n", new.image);
        for library in new.imported {
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
            report.push_str(&format!("  {} {}  {modules}\n", library.name, library.version));
        }
        if let Some(lock) = lock {
            report.push_str(&format!("Exact versions, with hashes: {}\n", lock.display()));
        }
        match &self.write {
            Some(path) => {
                replace::replace(path, settings)?;
                report.push_str(&format!("Added to {}. Start workers anew.", path.display()));
            }
            None => report.push_str(&format!(
                "\nAdd to the settings of every worker, and start workers anew:\n\n{}",
                settings.trim()
            )),
        }
        report.push_str(&format!("\n\n{THROUGH_THE_PROXY}\n\n{proxied}"));
        print::text(&report)
    }
}
