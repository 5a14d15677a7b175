//! Problems that come as archives over HTTP, from a real server.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use assize::config::{self, ProblemSettings};
use assize::contract::ProblemRef;
use assize::problem::{ProblemError, ProblemStore};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A directory behind a web server, and a store that reads it.
struct Site {
    files: TempDir,
    cache: TempDir,
    server: Child,
    url: String,
}

impl Site {
    fn start() -> Self {
        let (files, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let mut server = Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"])
            .arg(files.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test serves its archives with python3");
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port: u16 = line
            .split_whitespace()
            .skip_while(|word| *word != "port")
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        Self {
            files,
            cache,
            server,
            url: format!("http://127.0.0.1:{port}/problems"),
        }
    }

    fn store(&self, change: impl FnOnce(&mut ProblemSettings)) -> ProblemStore {
        let mut settings = config::load(None).unwrap().problems;
        settings.url.clone_from(&self.url);
        settings.directory = self.files.path().join("nothing");
        settings.cache_directory = self.cache.path().to_owned();
        settings.refresh_ms = 0;
        change(&mut settings);
        ProblemStore::open(&settings).unwrap()
    }

    /// Puts an archive on the site as the newest revision, and gives that.
    fn publish(&self, id: &str, files: &[(&str, &str)]) -> String {
        let directory = self.files.path().join("problems").join(id);
        fs::create_dir_all(&directory).unwrap();
        let archive = directory.join("new.zip");
        pack(&archive, files);
        let digest = Sha256::digest(fs::read(&archive).unwrap());
        let revision: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::rename(&archive, directory.join(format!("{revision}.zip"))).unwrap();
        fs::write(directory.join("latest"), format!("{revision}\n")).unwrap();
        revision
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

fn pack(path: &Path, files: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn package(title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("adding/problem.yaml", format!("name: {title}\n")),
        ("adding/data/secret/1.in", "1 2\n".to_owned()),
        ("adding/data/secret/1.ans", "3\n".to_owned()),
    ]
}

fn borrowed<'a>(files: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(name, content)| (*name, content.as_str())).collect()
}

fn wanted(id: &str, revision: Option<&str>) -> ProblemRef {
    ProblemRef {
        id: id.to_owned(),
        revision: revision.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_new_revision_is_seen_without_a_restart_and_the_old_one_can_still_be_had() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let first = site.publish("sum", &borrowed(&package("First")));
    let package_before = store.get(&wanted("sum", None)).await.unwrap();
    assert_eq!(
        (package_before.id.as_str(), package_before.title.as_str()),
        ("sum", "First")
    );
    assert_eq!(package_before.revision, first);

    let second = site.publish("sum", &borrowed(&package("Second")));
    assert_eq!(store.get(&wanted("sum", None)).await.unwrap().title, "Second");
    assert_eq!(store.get(&wanted("sum", Some(&second))).await.unwrap().title, "Second");
    assert_eq!(store.get(&wanted("sum", Some(&first))).await.unwrap().title, "First");
    assert!(matches!(
        store.get(&wanted("nothing", None)).await,
        Err(ProblemError::Unknown(_))
    ));
    let other = store.get(&wanted("sum", Some("1"))).await;
    assert!(matches!(other, Err(ProblemError::OtherRevision { .. })), "{other:?}");
}

#[tokio::test]
async fn an_archive_that_is_not_what_it_says_is_refused() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let revision = site.publish("sum", &borrowed(&package("Honest")));
    let archive = site.files.path().join(format!("problems/sum/{revision}.zip"));
    pack(&archive, &borrowed(&package("Forged")));
    let refused = store.get(&wanted("sum", None)).await;
    assert!(matches!(refused, Err(ProblemError::Digest { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_archive_that_leads_out_or_grows_too_large_or_is_no_package_is_refused_and_leaves_nothing() {
    let site = Site::start();
    let store = site.store(|settings| {
        settings.package_bytes = 1 << 20;
        settings.package_files = 10;
    });
    let large = "0".repeat(2 << 20);
    let many: Vec<String> = (0..20).map(|number| format!("data/secret/{number}.in")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    site.publish("slips", &[("../escaped", "x"), ("problem.yaml", "name: x")]);
    site.publish("absolute", &[("/tmp/escaped", "x"), ("problem.yaml", "name: x")]);
    site.publish("bomb", &[("problem.yaml", "name: x"), ("data/secret/1.in", &large)]);
    site.publish("crowd", &many);
    site.publish("other", &[("readme.txt", "no package")]);
    for (id, reason) in [
        ("slips", "leads out"),
        ("bomb", "more than 1048576 bytes"),
        ("crowd", "20 files"),
        ("other", "no problem.yaml"),
    ] {
        let refused = store.get(&wanted(id, None)).await;
        let error = refused.unwrap_err();
        assert!(
            matches!(&error, ProblemError::Broken(_)) && error.to_string().contains(reason),
            "{id}: {error}"
        );
    }
    assert!(store.get(&wanted("absolute", None)).await.is_err());
    assert!(!site.cache.path().join("escaped").exists() && !Path::new("/tmp/escaped").exists());
    let left: Vec<_> = fs::read_dir(site.cache.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn the_cache_keeps_within_its_size_and_gives_up_what_was_not_used_for_longest() {
    let site = Site::start();
    let store = site.store(|settings| settings.cache_bytes = 1);
    for id in ["one", "two", "three"] {
        site.publish(id, &borrowed(&package(id)));
        store.get(&wanted(id, None)).await.unwrap();
    }
    let kept = fs::read_dir(site.cache.path()).unwrap().count();
    assert_eq!(kept, 1, "only the last one fits");
    assert_eq!(
        store.get(&wanted("one", None)).await.unwrap().title,
        "one",
        "and the others come again"
    );
}
