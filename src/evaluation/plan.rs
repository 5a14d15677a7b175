//! An evaluation before anything is judged: which candidates there are, and where they and their tasks stand.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use crate::contract::{ReadSubmission, read_as};
use crate::evaluation::candidate::{programs, task_of};
use crate::evaluation::id::Ids;
use crate::evaluation::lines::{LineAt, Lines};
use crate::evaluation::readable::readable_line;
use crate::evaluation::{BadLine, EvaluationError, LineError, Program, ProgramKind, SubmissionOptions, Task};

/// Tasks that are kept while their candidates are judged, which mostly stand together.
const TASKS_KEPT: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// A data set and candidates for its tasks.
#[derive(Debug)]
pub struct Evaluation {
    tasks: Lines,
    candidates: Lines,
    ids: Vec<(String, LineAt)>,
    programs: Vec<ProgramAt>,
    bad: Vec<BadLine>,
    /// How many lines of candidates of each task are left out.
    left_out: BTreeMap<usize, u32>,
    read: Mutex<LruCache<usize, Arc<Task>>>,
}

/// A candidate, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct ProgramAt {
    task: usize,
    /// Its number among the candidates of its task, from 1.
    pub number: u32,
    at: LineAt,
    part: usize,
}

impl Evaluation {
    /// Finds all tasks and candidates. With `skip`, lines that cannot be understood are left out.
    ///
    /// # Errors
    /// When a file cannot be read, or a line of it not be understood.
    pub fn open(
        dataset: &Path,
        candidates: &Path,
        options: &SubmissionOptions,
        skip: bool,
    ) -> Result<Self, EvaluationError> {
        let mut evaluation = Self {
            tasks: Lines::open(dataset)?,
            candidates: Lines::open(candidates)?,
            ids: Vec::new(),
            programs: Vec::new(),
            bad: Vec::new(),
            left_out: BTreeMap::new(),
            read: Mutex::new(LruCache::new(TASKS_KEPT)),
        };
        let known = evaluation.find_tasks()?;
        evaluation.find_programs(&known)?;
        evaluation.check_tasks(options)?;
        match evaluation.bad.is_empty() || skip {
            false => Err(EvaluationError::BadLines(evaluation.bad)),
            true if evaluation.programs.is_empty() => Err(EvaluationError::NoCandidates {
                path: candidates.to_owned(),
            }),
            true => Ok(evaluation),
        }
    }

    /// Every candidate, in the order of the file.
    pub fn programs(&self) -> &[ProgramAt] {
        &self.programs
    }

    /// The id of the task of a candidate.
    pub fn task_id(&self, program: &ProgramAt) -> &str {
        self.ids.get(program.task).map_or("", |(id, _at)| id)
    }

    /// Tasks of the data set.
    pub fn task_count(&self) -> usize {
        self.ids.len()
    }

    /// Lines that are left out.
    pub fn left_out(&self) -> &[BadLine] {
        &self.bad
    }

    /// Ids of tasks with how many of the lines that are left out are candidates of theirs.
    pub fn candidates_left_out(&self) -> BTreeMap<&str, u32> {
        let each = self.left_out.iter();
        let named = each.filter_map(|(task, count)| Some((self.ids.get(*task)?.0.as_str(), *count)));
        named.collect()
    }

    /// A candidate as a submission with a new id.
    ///
    /// # Errors
    /// When one of the files has changed meanwhile, or cannot be read any more.
    pub fn submission(
        &self,
        program: &ProgramAt,
        options: &SubmissionOptions,
    ) -> Result<ReadSubmission, EvaluationError> {
        let bad = |error: LineError| {
            let line = bad_line(self.candidates.path(), program.at, error);
            EvaluationError::BadLines(vec![line])
        };
        let task = self.task(program.task)?;
        let line = self.candidates.read(program.at)?;
        let parts = programs(&line).map_err(bad)?;
        let part = parts.get(program.part).ok_or_else(|| bad(LineError::Changed))?;
        task.submission(part, options).map_err(bad)
    }

    fn task(&self, index: usize) -> Result<Arc<Task>, EvaluationError> {
        let cache = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = cache().get(&index) {
            return Ok(Arc::clone(task));
        }
        let Some((_id, at)) = self.ids.get(index) else {
            return Err(EvaluationError::BadLines(Vec::new()));
        };
        let task = Task::read(&self.tasks.read(*at)?).map_err(|error| {
            let line = bad_line(self.tasks.path(), *at, error);
            EvaluationError::BadLines(vec![line])
        })?;
        let task = Arc::new(task);
        cache().put(index, Arc::clone(&task));
        Ok(task)
    }

    fn find_tasks(&mut self) -> Result<HashMap<String, usize>, EvaluationError> {
        let mut known: HashMap<String, usize> = HashMap::new();
        let Self { tasks, ids, bad, .. } = self;
        tasks.each(|at, line| {
            let id = read_as(&readable_line(line)).map_err(LineError::from);
            // A row without an id has the number of its line.
            let id = id.and_then(|ids: Ids| Ok(ids.of_task()?.unwrap_or_else(|| at.number.to_string())));
            let id = id.and_then(|id| match known.get(&id) {
                Some(_) => Err(LineError::SecondTask(id)),
                None => Ok(id),
            });
            match id {
                Ok(id) => {
                    known.insert(id.clone(), ids.len());
                    ids.push((id, at));
                }
                Err(error) => bad.push(bad_line(tasks.path(), at, error)),
            }
        })?;
        Ok(known)
    }

    fn find_programs(&mut self, known: &HashMap<String, usize>) -> Result<(), EvaluationError> {
        let mut counts: HashMap<usize, u32> = HashMap::new();
        let Self {
            candidates,
            programs: found,
            bad,
            left_out,
            ..
        } = self;
        candidates.each(|at, line| {
            let parts = task_of(line).and_then(|id| {
                let task = known.get(&id).ok_or(LineError::UnknownTask(id))?;
                Ok((*task, programs(line)?.len()))
            });
            match parts {
                Ok((task, parts)) => {
                    let count = counts.entry(task).or_default();
                    found.extend((0..parts).map(|part| {
                        *count += 1;
                        ProgramAt {
                            task,
                            number: *count,
                            at,
                            part,
                        }
                    }));
                }
                Err(error) => {
                    let id = task_of(line).ok();
                    if let Some(task) = id.and_then(|id| known.get(&id)) {
                        *left_out.entry(*task).or_default() += 1;
                    }
                    bad.push(bad_line(candidates.path(), at, error));
                }
            }
        })
    }

    /// Reads the tasks that have candidates; those of a bad one are left out with it.
    fn check_tasks(&mut self, options: &SubmissionOptions) -> Result<(), EvaluationError> {
        let nothing = Program {
            kind: ProgramKind::Solution,
            text: String::new(),
        };
        let mut wanted: Vec<usize> = self.programs.iter().map(|program| program.task).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for index in wanted {
            let Some((_id, at)) = self.ids.get(index).cloned() else {
                continue;
            };
            let checked = Task::read(&self.tasks.read(at)?).and_then(|task| task.submission(&nothing, options));
            if let Err(error) = checked {
                self.bad.push(bad_line(self.tasks.path(), at, error));
                self.programs.retain(|program| program.task != index);
                self.left_out.remove(&index);
            }
        }
        Ok(())
    }
}

fn bad_line(path: &Path, at: LineAt, source: LineError) -> BadLine {
    BadLine {
        path: path.to_owned(),
        number: at.number,
        source,
    }
}
