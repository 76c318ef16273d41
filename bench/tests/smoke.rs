//! The program itself, on the floors alone: whether everything runs and what it says where it cannot.

use std::net::TcpListener;
use std::process::{Command, Output};

fn bench(arguments: &[&str]) -> Output {
    let state = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_roomkey-bench"))
        .arg("relay")
        .arg("--state")
        .arg(state.path())
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[test]
fn a_small_run_on_the_floors_gives_every_figure() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let output = bench(&["--smoke", "--against", "floor,floor-each", "--out", folder]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", said(&output));
    assert!(
        text.trim_end().ends_with("says nothing about goals"),
        "{text}"
    );
    assert!(!text.contains("note: W"), "{text}");
    let json = std::fs::read_to_string(out.path().join("relay.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let has = |workload: &str, contender: &str, measure: &str| {
        json["figures"].as_array().unwrap().iter().any(|figure| {
            figure["workload"] == workload
                && figure["contender"] == contender
                && figure["measure"].as_str().unwrap().starts_with(measure)
        })
    };
    for contender in ["floor", "floor-each"] {
        for (workload, measure) in [
            ("W1", "deliveries/s"),
            ("W2", "p99.9 ms"),
            ("W4", "new joins/s"),
            ("W5", "p99 ms"),
        ] {
            assert!(
                has(workload, contender, measure),
                "{workload} {contender} {measure}"
            );
        }
    }
    let picture = std::fs::read_to_string(out.path().join("relay.svg")).unwrap();
    assert!(picture.starts_with("<svg ") && picture.contains("floor-each"));
}

#[test]
fn what_cannot_run_is_said_in_one_sentence() {
    let unknown = bench(&["--smoke", "--against", "slack"]);
    assert!(!unknown.status.success());
    assert!(said(&unknown).starts_with("There is no contender slack: there are roomkey, "));
    assert_eq!(said(&unknown).lines().count(), 1);

    let absent = bench(&["--smoke", "--against", "roomkey", "--relay", "/nowhere"]);
    assert!(!absent.status.success());
    assert!(said(&absent).starts_with("There is no relay at /nowhere: build it"));

    let nothing = bench(&["--smoke", "--only", "W9"]);
    assert!(said(&nothing).starts_with("There is no workload W9"));
}

#[test]
fn a_port_in_use_is_named_and_the_rest_of_the_run_goes_on() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = bench(&["--smoke", "--against", "floor", "--port", &port]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    assert!(
        text.contains(&format!("Port {port} is in use: name another with --port")),
        "{text}"
    );
    assert!(
        text.trim_end().ends_with("says nothing about goals"),
        "{text}"
    );
}
