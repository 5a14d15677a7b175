//! One submission at a time, through each door: RabbitMQ, the HTTP service before it, and a service that judges by itself,
//! in its own words and in those of other services.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::environment::Environment;
use crate::measurements::latency::{CLIENT, PLAIN, Values, WARM_UP, WHOLE};
use crate::processes::service::{Behind, Service, ServiceClient};
use crate::processes::workers::Worker;
use crate::results::{Latency, Results, median};
use crate::workload::Workload;

/// The doors.
pub(crate) const AMQP: &str = "RabbitMQ";
pub(crate) const HTTP: &str = "POST /v1/submissions?wait";
pub(crate) const RUN: &str = "POST /v1/run, standalone";
const JUDGE0: &str = "Judge0, standalone";
const PISTON: &str = "Piston, standalone";
const SANDBOX_FUSION: &str = "SandboxFusion, standalone";

/// How much later a client of the service is answered than one of RabbitMQ in the same round.
pub(crate) const BEYOND_AMQP: &str = "POST /v1/submissions?wait, beyond RabbitMQ";

/// A plain start of an empty program, in the same rounds.
const ONE_START: &str = "one start of hello";

/// Between two looks of a client whose service lets it not wait.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Seconds that a client waits for an answer.
const WAIT: &str = "wait=60";

/// What a client needs of the services.
struct Doors {
    worker: Worker,
    brokered: Service,
    standalone: Service,
}

impl Doors {
    async fn open(environment: &Environment) -> anyhow::Result<Self> {
        let namespace = &environment.namespace;
        let variant = environment.variants.first().context("there is no way to judge")?;
        let settings = namespace.settings(variant, 1, "doors")?;
        let worker = Worker::start(namespace, &settings).await?;
        let alone = namespace.settings(variant, 1, "standalone")?;
        Ok(Self {
            worker,
            brokered: Service::start(namespace, &settings, Behind::Workers).await?,
            standalone: Service::start(namespace, &alone, Behind::Itself).await?,
        })
    }

    async fn close(self) -> anyhow::Result<()> {
        self.brokered.stop().await?;
        self.standalone.stop().await?;
        self.worker.stop().await
    }
}

/// Measures these workloads.
pub(crate) async fn measure(
    environment: &mut Environment,
    workloads: &[Workload],
    results: &mut Results,
) -> anyhow::Result<()> {
    let mut doors = Doors::open(environment).await?;
    for workload in workloads {
        let what = format!("{} through each door", workload.name);
        environment.progress.part(&what);
        let mut values = Values::default();
        for round in 0..WARM_UP + environment.rounds {
            environment.progress.count(round, WARM_UP + environment.rounds, &what);
            let found = one_round(environment, workload, &mut doors).await?;
            if round >= WARM_UP {
                values.extend(&found);
            }
        }
        add_figures(workload, &values, results);
    }
    doors.close().await
}

async fn one_round(environment: &mut Environment, workload: &Workload, doors: &mut Doors) -> anyhow::Result<Values> {
    let mut values = Values::default();
    environment.meter.settle().await?;
    let over_amqp = doors.worker.judge(workload).await?.client_ms;
    values.add(AMQP, CLIENT, over_amqp);
    environment.meter.settle().await?;
    let began = Instant::now();
    submit(&doors.brokered.client, workload).await?;
    let over_http = ms_since(began);
    values.add(HTTP, CLIENT, over_http);
    values.add(BEYOND_AMQP, CLIENT, over_http - over_amqp);
    for way in [RUN, JUDGE0, PISTON, SANDBOX_FUSION] {
        environment.meter.settle().await?;
        let began = Instant::now();
        run(way, &doors.standalone.client, workload).await?;
        values.add(way, CLIENT, ms_since(began));
    }
    environment.meter.settle().await?;
    let plain = environment.plains.first_mut().context("there is no slot")?;
    values.add(PLAIN, WHOLE, plain.run(workload).await?.iter().sum());
    values.add(ONE_START, WHOLE, plain.run(&Workload::hello()).await?.iter().sum());
    Ok(values)
}

fn ms_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}

async fn run(way: &str, client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    match way {
        JUDGE0 => by_judge0(client, workload).await,
        PISTON => by_piston(client, workload).await,
        SANDBOX_FUSION => by_sandbox_fusion(client, workload).await,
        _ => by_run(client, workload).await,
    }
}

async fn submit(client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    let submission = json!({ "source": workload.source, "problem": { "id": workload.problem() } });
    let state = client.post(&format!("/v1/submissions?{WAIT}"), &submission).await?;
    accepted(state["verdict"]["verdict"] == "AC", &state)
}

/// All inputs in one request.
async fn by_run(client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    let given: Vec<Value> = inputs(workload).map(|(stdin, _)| json!({ "stdin": stdin })).collect();
    let result = client
        .post("/v1/run", &json!({ "source": workload.source, "inputs": given }))
        .await?;
    let runs = result["runs"].as_array().map_or(&[][..], Vec::as_slice);
    let printed = runs.iter().map(|run| &run["stdout"]["text"]);
    let is_right = printed.eq(&inputs(workload).map(|(_, answer)| json!(answer)).collect::<Vec<_>>());
    accepted(is_right, &result)
}

/// A submission per test, as it is used: one waits for its answer, many are a batch that is looked at.
async fn by_judge0(client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    let submissions: Vec<Value> = inputs(workload)
        .map(|(stdin, answer)| {
            json!({
                "source_code": workload.source, "language_id": 71, "stdin": stdin, "expected_output": answer,
                "cpu_time_limit": 10, "memory_limit": 512_000,
            })
        })
        .collect();
    if let [one] = &submissions[..] {
        let answer = client.post("/submissions?wait=true", one).await?;
        return accepted(answer["status"]["id"] == 3, &answer);
    }
    let answer = client
        .post("/submissions/batch", &json!({ "submissions": submissions }))
        .await?;
    let tokens: Vec<&str> = answer
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(token)
        .collect();
    let path = format!("/submissions/batch?fields=status_id&tokens={}", tokens.join(","));
    loop {
        let answer = client.get(&path).await?;
        let shown = answer["submissions"].as_array().context("Judge0 shows no batch")?;
        let status = |one: &Value| one["status_id"].as_u64().unwrap_or_default();
        if shown.iter().all(|one| status(one) > 2) {
            return accepted(shown.iter().all(|one| status(one) == 3), &answer);
        }
        sleep(LOOK_EVERY).await;
    }
}

fn token(answer: &Value) -> Option<&str> {
    answer["token"].as_str()
}

/// A call per test, one after the other.
async fn by_piston(client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    for (stdin, answer) in inputs(workload) {
        let program = json!({
            "language": "python", "version": "*", "stdin": stdin, "files": [{ "content": workload.source }],
        });
        let response = client.post("/api/v2/execute", &program).await?;
        accepted(response["run"]["stdout"] == answer, &response)?;
    }
    Ok(())
}

/// All tests in one call.
async fn by_sandbox_fusion(client: &ServiceClient, workload: &Workload) -> anyhow::Result<()> {
    let (stdin, stdout): (Vec<_>, Vec<_>) = inputs(workload).unzip();
    let program = json!({
        "dataset": "", "id": 1, "completion": format!("```python\n{}```", workload.source),
        "config": { "language": "python", "provided_data": { "test_cases": { "input": stdin, "output": stdout } } },
    });
    let answer = client.post("/submit", &program).await?;
    accepted(answer["accepted"] == true, &answer)
}

fn inputs(workload: &Workload) -> impl Iterator<Item = (String, String)> {
    workload
        .tests
        .iter()
        .map(|test| (test.input.whole(), test.answer.whole()))
}

fn accepted(is_accepted: bool, answer: &Value) -> anyhow::Result<()> {
    ensure!(is_accepted, "a program of the benchmark was not accepted:\n{answer:#}");
    Ok(())
}

fn add_figures(workload: &Workload, values: &Values, results: &mut Results) {
    let plain_ms = values.of(PLAIN, WHOLE).map_or(f64::NAN, median);
    let one_start_ms = values.of(ONE_START, WHOLE).map_or(f64::NAN, median);
    for (way, span, taken) in values.all().filter(|(way, ..)| *way != ONE_START) {
        // A difference is held against one start: it does not grow with the tests.
        let reference = if way == BEYOND_AMQP { one_start_ms } else { plain_ms };
        results
            .doors
            .push(Latency::of(workload.name, way, span, taken, reference));
    }
}
