//! Under which circumstances a submission was judged, as far as they are known.

use crate::contract::{
    EnvironmentInfo, FigureSource, FigureSources, Limits, RequestedLimits, SandboxInfo, Submission, WorkerInfo,
};
use crate::judge::plan::limits::limits_of;
use crate::judge::verdict::document::Circumstances;
use crate::judge::{Attempt, Judge};
use crate::sandbox::{BoxDescription, Figure};

impl Judge {
    /// The circumstances of a submission, as far as this attempt at it knows them.
    pub(in crate::judge) fn circumstances(&self, submission: &Submission, attempt: &Attempt) -> Circumstances {
        let known = attempt.known();
        let started_at = known.as_ref().and_then(|known| known.started_at);
        let (limits, problem, environment, description) = match known {
            Some(known) => (known.limits, known.problem, Some(known.environment), known.description),
            None => (self.limits_asked_for(submission), None, None, None),
        };
        Circumstances {
            limits,
            problem,
            worker: WorkerInfo {
                id: self.options.worker_id.clone(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            sandbox: self.sandbox_info(environment.zip(description)),
            received_at: attempt.received_at(),
            started_at,
        }
    }

    /// The limits as far as the submission and the settings say them.
    fn limits_asked_for(&self, submission: &Submission) -> Limits {
        let settings = &self.options.limits;
        match self.options.languages.get(&submission.language) {
            Some(language) => limits_of(submission, settings.default, language, settings),
            None => RequestedLimits::over(&submission.limits, settings.default, settings.ceiling),
        }
    }

    /// `boxed` is the environment's name and what its boxes are, where one was started.
    fn sandbox_info(&self, boxed: Option<(String, BoxDescription)>) -> SandboxInfo {
        let facts = self.pool.facts();
        SandboxInfo {
            backend: facts.name.to_owned(),
            runtime: facts.runtime,
            filter: facts.filter.map(|digest| format!("sha256:{digest}")),
            kernel: facts.kernel,
            figures: boxed.as_ref().map(|(_name, description)| FigureSources {
                cpu: source_of(description.meters.cpu),
                memory: source_of(description.meters.memory_peak),
                starvation: description.meters.starvation,
            }),
            environment: boxed.map(|(name, description)| environment_info(name, description)),
        }
    }
}

fn environment_info(name: String, description: BoxDescription) -> EnvironmentInfo {
    let components = description.components.into_iter();
    EnvironmentInfo {
        name,
        digest: description.environment_digest,
        versions: components.map(|part| (part.name, part.version)).collect(),
    }
}

fn source_of(figure: Figure) -> FigureSource {
    match figure {
        Figure::Cgroup => FigureSource::Cgroup,
        Figure::Rusage => FigureSource::Rusage,
    }
}
