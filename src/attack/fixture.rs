//! What attacks are run against: secrets that must not come out, and a listener that no program can reach.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use thiserror::Error;
use tokio::net::{TcpListener, UdpSocket};
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::contract::{InlineTest, Metadata, RequestedLimits, SourceFile, Submission, Target};

/// What every secret begins with, so that it is known wherever it comes up.
pub(super) const SECRET_MARK: &str = "ASSIZE-CANARY-";

/// Tests of each attack: what is left by one could be found by the next.
const TESTS: usize = 2;

/// How long a file on its way through the network may take to be seen.
const ARRIVES_WITHIN: Duration = Duration::from_millis(20);

/// A fixture that cannot be built.
#[derive(Debug, Error)]
#[error("cannot prepare the attacks: {0}")]
pub struct FixtureError(#[from] io::Error);

/// Secrets on this host, and an open port.
#[derive(Debug)]
pub struct AttackFixture {
    secrets: TempDir,
    planted: String,
    /// A process whose environment holds a secret, for attacks that see other processes. It ends with the fixture.
    _witness: Child,
    port: u16,
    contacts: Arc<AtomicUsize>,
    listeners: Vec<JoinHandle<()>>,
}

impl AttackFixture {
    /// Plants the secrets and begins to listen.
    ///
    /// # Errors
    /// When there is no place for them, or no port.
    pub async fn build() -> Result<Self, FixtureError> {
        let planted = secret();
        let secrets = tempfile::Builder::new().prefix("assize-canary-").tempdir()?;
        tokio::fs::write(secrets.path().join("secret"), &planted).await?;
        let witness = witness()?;
        let tcp = TcpListener::bind("0.0.0.0:0").await?;
        let port = tcp.local_addr()?.port();
        let udp = UdpSocket::bind(("0.0.0.0", port)).await?;
        let contacts = Arc::new(AtomicUsize::new(0));
        let (by_tcp, by_udp) = (Arc::clone(&contacts), Arc::clone(&contacts));
        let listeners = vec![
            tokio::spawn(async move {
                while tcp.accept().await.is_ok() {
                    by_tcp.fetch_add(1, Ordering::Relaxed);
                }
            }),
            tokio::spawn(async move {
                while udp.recv_from(&mut [0; 64]).await.is_ok() {
                    by_udp.fetch_add(1, Ordering::Relaxed);
                }
            }),
        ];
        Ok(Self {
            secrets,
            planted,
            _witness: witness,
            port,
            contacts,
            listeners,
        })
    }

    /// The port on this host that no program in a box can reach.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// An attack as a submission with answers that cannot be guessed.
    pub(super) fn submission(&self, language: &str, program: &[u8]) -> Submission {
        let tests = (1..=TESTS).map(|number| InlineTest {
            input: Some(format!("attack {number}\nport {}\n", self.port)),
            answer: Some(secret()),

            ..InlineTest::default()
        });
        submission(language, program, tests.collect())
    }

    /// What is wrong with what is outside of the boxes.
    pub(super) async fn damage(&self) -> Vec<String> {
        let mut damage = Vec::new();
        let secret = self.secrets.path().join("secret");
        match tokio::fs::read_to_string(&secret).await {
            Ok(found) if found == self.planted => {}
            Ok(_) => damage.push("a file of the host was changed".to_owned()),
            Err(error) => damage.push(format!("a file of the host is gone: {error}")),
        }
        sleep(ARRIVES_WITHIN).await;
        // Each contact is reported once.
        if self.contacts.swap(0, Ordering::Relaxed) > 0 {
            damage.push("something came over the network".to_owned());
        }
        damage
    }
}

/// A process whose environment holds a secret.
#[expect(clippy::disallowed_types, reason = "attacks look for this process")]
fn witness() -> std::io::Result<Child> {
    tokio::process::Command::new("sleep")
        .arg("86400")
        .env("ASSIZE_CANARY", secret())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
}

impl Drop for AttackFixture {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}

/// A correct program: it must get its verdict beside every attack and after it.
pub(super) fn control_submission(language: &str) -> Submission {
    let program = "print(sum(number * number for number in range(int(input()))))";
    let test = InlineTest {
        input: Some("100000\n".to_owned()),
        answer: Some("333328333350000".to_owned()),

        ..InlineTest::default()
    };
    submission(language, program.as_bytes(), vec![test])
}

pub(super) fn submission(language: &str, program: &[u8], tests: Vec<InlineTest>) -> Submission {
    Submission {
        id: Uuid::now_v7(),
        language: language.to_owned(),
        files: vec![SourceFile {
            name: "main.py".to_owned(),
            content: program.to_vec(),
        }],
        entry_point: None,
        target: Target::Inline {
            tests,
            validator_flags: Vec::new(),
        },
        limits: RequestedLimits {
            cpu_ms: Some(1000),
            wall_ms: Some(3000),
            memory_bytes: Some(128 << 20),
            output_bytes: Some(64 << 10),
            processes: Some(32),
        },
        stop_on_first_failure: Some(false),
        rejudge: None,
        metadata: Metadata::new(),
    }
}

/// Limits for a program that has much to look at, and means no harm.
pub(super) fn patient(submission: Submission) -> Submission {
    Submission {
        limits: RequestedLimits {
            cpu_ms: Some(30_000),
            wall_ms: Some(60_000),
            ..submission.limits
        },
        ..submission
    }
}

pub(super) fn secret() -> String {
    format!("{SECRET_MARK}{}", Uuid::new_v4().simple())
}
