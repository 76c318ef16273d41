//! `cargo xtask test`: the steps in order of what they cost, stopping at the first that fails.

mod count;
mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::args::Args;
use crate::project::Project;
use steps::{STEPS, Step};

pub(crate) use steps::wasm_cargo;

/// What a step has to say in the summary.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Tests that ran, where the step runs tests.
    tests: Option<u64>,
    /// What was left out or found, in a few words.
    note: Option<String>,
}

/// One finished step.
struct Line {
    number: usize,
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

/// Parses the options and runs the chosen steps.
pub(crate) fn command(project: &Project, mut args: Args) -> Result<ExitCode> {
    let quick = args.switch("--quick");
    let list = args.switch("--list");
    let only = args.values("--only")?;
    args.finish()?;
    if list {
        for step in STEPS {
            println!("{:<9} {}", step.name, step.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(quick, &only)?;
    let start = Instant::now();
    let mut done: Vec<Line> = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!(
            "\n[{}/{}] {}: {}",
            index + 1,
            chosen.len(),
            step.name,
            step.what
        );
        let began = Instant::now();
        let result = (step.run)(project);
        let took = began.elapsed();
        match result {
            Ok(outcome) => {
                println!(
                    "[{}/{}] {}: ok, {}",
                    index + 1,
                    chosen.len(),
                    step.name,
                    shown(took)
                );
                done.push(Line {
                    number: index + 1,
                    name: step.name,
                    took,
                    outcome,
                });
            }
            Err(error) => {
                println!("{}", summary(&done));
                eprintln!(
                    "\nFAILED: step {} of {}, {}, after {}\n{error:#}\nthis step alone: cargo xtask test --only {}",
                    index + 1,
                    chosen.len(),
                    step.name,
                    shown(took),
                    step.name
                );
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("{}", summary(&done));
    println!(
        "all {} steps passed in {}",
        done.len(),
        shown(start.elapsed())
    );
    Ok(ExitCode::SUCCESS)
}

fn choose(quick: bool, only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step {unknown:?}; there are {}", names.join(", "));
    }
    let chosen = STEPS.iter().filter(|step| {
        let named = only.is_empty() || only.iter().any(|name| name == step.name);
        named && !(quick && step.slow)
    });
    Ok(chosen.collect())
}

fn summary(done: &[Line]) -> String {
    let mut text = String::from("\n");
    let mut parts = Vec::new();
    let mut total = 0;
    for Line {
        number,
        name,
        took,
        outcome,
    } in done
    {
        let tests = outcome.tests.map(|tests| match tests {
            1 => "1 test".to_owned(),
            _ => format!("{tests} tests"),
        });
        let said: Vec<String> = tests.into_iter().chain(outcome.note.clone()).collect();
        text += &format!(
            "{number:>3}  {name:<9} {:>9}  {}",
            shown(*took),
            said.join(", ")
        );
        text.truncate(text.trim_end().len());
        text.push('\n');
        if let Some(tests) = outcome.tests {
            total += tests;
            parts.push(format!("{tests} {name}"));
        }
    }
    if !parts.is_empty() {
        text += &format!("tests passed: {total} ({})", parts.join(", "));
    }
    text
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{}.{} s", seconds, time.subsec_millis() / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_run_leaves_the_browsers_out() {
        let names = |quick| -> Vec<&str> {
            choose(quick, &[])
                .unwrap()
                .iter()
                .map(|step| step.name)
                .collect()
        };
        assert!(names(false).contains(&"e2e"));
        assert!(!names(true).contains(&"e2e"));
        assert!(!names(true).contains(&"wasm"));
        assert!(names(true).contains(&"unit"));
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_names_of_the_others() {
        let error = choose(false, &["units".to_owned()])
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("unit, "), "{error}");
    }

    #[test]
    fn the_summary_adds_up_the_tests_and_keeps_the_notes() {
        let line = |number, name, seconds, tests, note: Option<&str>| Line {
            number,
            name,
            took: Duration::from_secs(seconds),
            outcome: Outcome {
                tests,
                note: note.map(str::to_owned),
            },
        };
        let text = summary(&[
            line(1, "fmt", 1, None, None),
            line(2, "deny", 2, None, Some("no advisories")),
            line(3, "unit", 75, Some(40), None),
            line(4, "e2e", 3, Some(2), None),
        ]);
        assert!(text.contains("  1  fmt           1.0 s\n"), "{text}");
        assert!(text.contains("2.0 s  no advisories"), "{text}");
        assert!(text.contains("1 min 15 s  40 tests"), "{text}");
        assert!(
            text.ends_with("tests passed: 42 (40 unit, 2 e2e)"),
            "{text}"
        );
    }
}
