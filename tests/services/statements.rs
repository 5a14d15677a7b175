//! `.sqlx` says what PostgreSQL says about each statement of the source, so that what compiles without a database is true.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Either, Executor as _, PgConnection, SqlSafeStr as _, Statement as _,
    TypeInfo as _,
};

use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn every_described_statement_is_what_the_migrated_database_says() {
    let namespace = Namespace::new().await;
    namespace.store().await.close().await;
    let mut connection = PgConnection::connect(&namespace.database).await.unwrap();
    let described = described();
    assert!(!described.is_empty());
    for (path, described) in &described {
        let query = described["query"].as_str().unwrap().to_owned();
        let statement = connection
            .prepare(AssertSqlSafe(query).into_sql_str())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}; run docker/sqlx.sh", path.display()));
        let columns: Vec<_> = statement
            .columns()
            .iter()
            .map(|column| (column.name().to_owned(), column.type_info().name().to_lowercase()))
            .collect();
        assert_eq!(columns, columns_in(described), "{}; run docker/sqlx.sh", path.display());
        let parameters = match statement.parameters() {
            Some(Either::Left(types)) => types.len(),
            Some(Either::Right(count)) => count,
            None => 0,
        };
        let expected = described["describe"]["parameters"]["Left"].as_array().unwrap().len();
        assert_eq!(parameters, expected, "{}; run docker/sqlx.sh", path.display());
    }
}

#[test]
fn every_described_statement_is_in_the_source() {
    let sources = sources_in(&root("src/store"));
    let checked: usize = ["sqlx::query!(", "sqlx::query_as!(", "sqlx::query_scalar!("]
        .map(|checked| sources.matches(checked).count())
        .iter()
        .sum();
    let queries: BTreeSet<_> = described()
        .into_iter()
        .map(|(_, described)| described["query"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(queries.len(), checked, "run docker/sqlx.sh");
    for query in queries {
        let is_there = sources.contains(&query) || sources.contains(&query.replace('"', "\\\""));
        assert!(is_there, "no source has the statement {query}; run docker/sqlx.sh");
    }
}

/// The text of every file of a folder and of those in it.
fn sources_in(folder: &Path) -> String {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .map(|path| match path.is_dir() {
            true => sources_in(&path),
            false => fs::read_to_string(path).unwrap(),
        })
        .collect()
}

fn described() -> Vec<(PathBuf, Value)> {
    fs::read_dir(root(".sqlx"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let described = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (path, described)
        })
        .collect()
}

/// Names and types of the columns; the types as PostgreSQL writes them.
fn columns_in(described: &Value) -> Vec<(String, String)> {
    let columns = described["describe"]["columns"].as_array().unwrap();
    columns
        .iter()
        .map(|column| {
            let name = column["name"].as_str().unwrap().to_owned();
            (name, column["type_info"].as_str().unwrap().to_lowercase())
        })
        .collect()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
