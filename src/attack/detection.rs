//! Programs for which each check must fail: attacks that are let through on purpose. They show that the checks work.

use tokio::net::{TcpStream, UdpSocket};

use crate::attack::fixture::{AttackFixture, SECRET_MARK, secret, submission};
use crate::attack::run::{AttackRun, leaks};
use crate::contract::{InlineTest, Verdict};

/// A check, and whether it sees what it has to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectionCheck {
    /// What was let through.
    pub what: &'static str,
    /// Whether the check reported it.
    pub detected: bool,
}

/// Lets something through for each check.
pub async fn detection_checks(run: &AttackRun, fixture: &AttackFixture) -> Vec<DetectionCheck> {
    let (planted, another) = (secret(), secret());
    let mut checks = Vec::new();
    for program in programs(&planted, &another) {
        checks.push(program.check(run).await);
    }
    checks.push(DetectionCheck {
        what: "a connection to the listener",
        detected: sees_connection(fixture).await,
    });
    checks.push(DetectionCheck {
        what: "a datagram to the listener",
        detected: sees_datagram(fixture).await,
    });
    checks
}

/// A program that has what it must not have.
struct LeakingProgram<'a> {
    what: &'static str,
    source: &'static str,
    input: &'a str,
    /// The same as the input where the program is to be given the answer.
    answer: &'a str,
}

fn programs<'a>(planted: &'a str, another: &'a str) -> [LeakingProgram<'a>; 5] {
    [
        ("a program that is given the answer", "print(input())", "42", "42"),
        (
            "a program that prints a secret",
            "print('x', input())",
            planted,
            another,
        ),
        (
            "a program that prints a secret to standard error",
            "import sys\nprint(input(), file=sys.stderr)",
            planted,
            another,
        ),
        ("a program that says it got out", "print('ESCAPED')", "", another),
        ("a program that says it found something", "print('LEAKED')", "", another),
    ]
    .map(|(what, source, input, answer)| LeakingProgram {
        what,
        source,
        input,
        answer,
    })
}

impl LeakingProgram<'_> {
    async fn check(&self, run: &AttackRun) -> DetectionCheck {
        let test = InlineTest {
            input: Some(self.input.to_owned()),
            answer: Some(self.answer.to_owned()),

            ..InlineTest::default()
        };
        let judgement = run
            .judge(&submission(run.language(), self.source.as_bytes(), vec![test]))
            .await;
        let as_meant = (judgement.verdict == Verdict::Ac) == (self.input == self.answer);
        DetectionCheck {
            what: self.what,
            detected: as_meant && leaks(&judgement).len() == 1,
        }
    }
}

async fn sees_connection(fixture: &AttackFixture) -> bool {
    let quiet = fixture.damage().await.is_empty();
    let reached = TcpStream::connect(("127.0.0.1", fixture.port())).await.is_ok();
    quiet && reached && !fixture.damage().await.is_empty()
}

async fn sees_datagram(fixture: &AttackFixture) -> bool {
    let sent = async {
        let socket = UdpSocket::bind("127.0.0.1:0").await.ok()?;
        let listener = ("127.0.0.1", fixture.port());
        socket.send_to(SECRET_MARK.as_bytes(), listener).await.ok()
    };
    sent.await.is_some() && !fixture.damage().await.is_empty()
}
