//! RabbitMQ and PostgreSQL behind TLS, with certificates of an authority that is the test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use assize::broker::SubmitClient;
use assize::config::{self, BrokerSettings, StoreSettings};
use assize::contract::Verdict;
use assize::store;
use tempfile::TempDir;
use tokio::process::Command;

use crate::flow::{to_sum, verdict};
use crate::own::OwnService;
use crate::services::{PASSWORD, remove_at_the_end};
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// The page that says how both are set up.
const PAGE: &str = "docs/operations/tls.md";

/// Where RabbitMQ looks for what that page names.
const OF_RABBITMQ: &str = "/etc/rabbitmq";

/// Certificates for `localhost`, and the authority that they come from; another authority, too.
struct Certificates(TempDir);

impl Certificates {
    async fn made() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // The user of the broker in its container reads them.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(directory.path().join("names"), "subjectAltName=DNS:localhost\n").unwrap();
        let made = Self(directory);
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        for authority in ["ca", "other"] {
            let (pem, secret) = (format!("{authority}.pem"), format!("{authority}.key"));
            let own = [
                "-x509",
                "-days",
                "2",
                "-subj",
                "/CN=authority",
                "-out",
                &pem,
                "-keyout",
                &secret,
            ];
            made.openssl(&[&["req"], &key[..], &own].concat()).await;
        }
        let request = ["-subj", "/CN=server", "-out", "server.csr", "-keyout", "server.key"];
        made.openssl(&[&["req"], &key[..], &request].concat()).await;
        let signed =
            "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem";
        made.openssl(&signed.split(' ').collect::<Vec<_>>()).await;
        fs::set_permissions(made.file("server.key"), fs::Permissions::from_mode(0o644)).unwrap();
        made
    }

    async fn openssl(&self, arguments: &[&str]) {
        succeeds(Command::new("openssl").args(arguments).current_dir(self.0.path())).await;
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.file(name).to_str().unwrap().to_owned()
    }
}

async fn succeeds(command: &mut Command) -> String {
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the page gives for `rabbitmq.conf`.
fn settings_of_rabbitmq() -> String {
    let page = fs::read_to_string(PAGE).unwrap();
    let begin = page.split("```ini\n# /etc/rabbitmq/rabbitmq.conf\n").nth(1).unwrap();
    begin.split("```").next().unwrap().to_owned()
}

/// A RabbitMQ that speaks nothing but TLS; gives its port.
async fn broker(certificates: &Certificates) -> u16 {
    fs::write(certificates.file("rabbitmq.conf"), settings_of_rabbitmq()).unwrap();
    let mut command = Command::new("docker");
    command.args(["create", "--label", "io.assize.test=services", "--hostname", "services"]);
    command.args(["-p", "127.0.0.1:0:5671", "-e", "RABBITMQ_DEFAULT_USER=assize"]);
    command.args(["-e", &format!("RABBITMQ_DEFAULT_PASS={PASSWORD}")]);
    for name in ["rabbitmq.conf", "ca.pem", "server.pem", "server.key"] {
        command.args(["-v", &format!("{}:{OF_RABBITMQ}/{name}:ro", certificates.text(name))]);
    }
    let id = succeeds(command.arg("assize/rabbitmq:4")).await.trim().to_owned();
    remove_at_the_end(&id);
    succeeds(Command::new("docker").args(["start", &id])).await;
    let bound = succeeds(Command::new("docker").args(["port", &id, "5671/tcp"])).await;
    bound.trim().rsplit(':').next().unwrap().parse().unwrap()
}

/// A PostgreSQL that also speaks TLS; gives its port.
async fn database(certificates: &Certificates) -> (OwnService, u16) {
    let database = OwnService::database().await;
    for name in ["server.pem", "server.key"] {
        let text = fs::read_to_string(certificates.file(name)).unwrap();
        let written = format!("umask 077 && cat >\"$PGDATA/{name}\" <<'END'\n{text}END");
        database.run_as("postgres", &["sh", "-c", &written]).await;
    }
    let mut statements: Vec<String> = [
        ("ssl_cert_file", "server.pem"),
        ("ssl_key_file", "server.key"),
        ("ssl", "on"),
    ]
    .map(|(name, value)| format!("ALTER SYSTEM SET {name} = '{value}'"))
    .into();
    statements.push("SELECT pg_reload_conf()".to_owned());
    for statement in statements {
        database.run(&["psql", "-U", "assize", "-q", "-c", &statement]).await;
    }
    let port = url::Url::parse(&database.url()).unwrap().port().unwrap();
    (database, port)
}

/// Settings of both, at this name, with the certificates of this authority; without one only the public ones hold.
fn settings(ports: (u16, u16), host: &str, authority: Option<&Path>) -> (BrokerSettings, StoreSettings) {
    let config::Settings {
        mut broker, mut store, ..
    } = config::load(None).unwrap();
    broker.url = format!("amqps://assize:{PASSWORD}@{host}:{}/%2f", ports.0);
    store.url = format!(
        "postgres://assize:{PASSWORD}@{host}:{}/assize?sslmode=verify-full",
        ports.1
    );
    if let Some(file) = authority {
        file.clone_into(&mut broker.ca_file);
        file.clone_into(&mut store.ca_file);
        store.url = store.url.replace("?sslmode=verify-full", "");
    }
    (broker, store)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_speaks_tls_to_servers_of_its_authority_and_to_no_others() {
    let certificates = Certificates::made().await;
    let (amqp_port, (database, postgres_port)) = tokio::join!(broker(&certificates), database(&certificates));
    let ports = (amqp_port, postgres_port);
    let (own, other) = (certificates.file("ca.pem"), certificates.file("other.pem"));

    let (broker, store) = settings(ports, "localhost", Some(&own));
    eventually("RabbitMQ", async || SubmitClient::connect(&broker).await.is_ok()).await;
    let mut namespace = Namespace::of(broker.url.clone(), store.url);
    namespace.broker.ca_file = broker.ca_file;
    let authority = certificates.text("ca.pem");
    let trusted = [
        ("ASSIZE__BROKER__CA_FILE", authority.as_str()),
        ("ASSIZE__STORE__CA_FILE", authority.as_str()),
    ];
    let worker = namespace.ready_worker("tls", &trusted).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum(RIGHT)).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    let encrypted =
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = 'assize' AND ssl";
    let counted = database
        .output(&["psql", "-U", "assize", "-d", "postgres", "-tAc", encrypted])
        .await;
    assert!(counted.trim().parse::<u32>().unwrap() > 0, "{counted}");
    worker.stop().await;

    let missing = certificates.file("none.pem");
    for (host, authority, reason) in [
        (
            "localhost",
            Some(other.as_path()),
            "from no authority that is trusted here",
        ),
        ("localhost", None, "from no authority that is trusted here"),
        (
            "127.0.0.1",
            Some(&own),
            "not for 127.0.0.1, but for DnsName(\"localhost\")",
        ),
        ("localhost", Some(&missing), "cannot be read"),
    ] {
        let (broker, store) = settings(ports, host, authority);
        let refusals = [
            (
                "broker",
                SubmitClient::connect(&broker)
                    .await
                    .err()
                    .map(|error| error.to_string()),
            ),
            ("store", store::ping(&store).await.err().map(|error| error.to_string())),
        ];
        for (service, refusal) in refusals {
            let refusal = refusal.unwrap_or_else(|| panic!("{service} is trusted as {host} with {authority:?}"));
            assert!(refusal.contains(reason), "{service}, {host}, {authority:?}: {refusal}");
        }
    }
    database.remove().await;
}
