//! The end of a run: a table, the goals, a file of figures and a picture.

mod chart;
mod curve;
mod goals;

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::machine;
use crate::run::Order;
use crate::server::Contender;
use crate::workload::Results;

pub use goals::{Goal, judge};

/// The outcome in one line.
pub type Verdict = String;

/// Prints everything and writes the files.
///
/// # Errors
/// Where the files cannot be written.
#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
pub fn finish(
    order: &Order,
    who: &[Contender],
    results: &Results,
    took: Duration,
) -> Result<Verdict> {
    let goals = judge(results);
    print!("{}", table(who, results));
    for remark in &results.remarks {
        println!("note: {remark}");
    }
    println!("\n{}", goals_table(&goals));
    if let Some(folder) = &order.out {
        std::fs::create_dir_all(folder)?;
        let json = document(results, &goals, took);
        let file = folder.join("relay.json");
        std::fs::write(&file, serde_json::to_string_pretty(&json)? + "\n")
            .with_context(|| format!("could not write {}", file.display()))?;
        let picture = folder.join("relay.svg");
        std::fs::write(&picture, chart::draw(who, results, &goals))
            .with_context(|| format!("could not write {}", picture.display()))?;
        println!("wrote {} and {}", file.display(), picture.display());
    }
    println!("{}, {} s", machine::description(), took.as_secs());
    let verdict = verdict(&goals, order.plan.is_smoke);
    println!("{verdict}");
    Ok(verdict)
}

fn verdict(goals: &[Goal], is_smoke: bool) -> Verdict {
    if is_smoke {
        return "everything ran; a smoke run says nothing about goals".to_owned();
    }
    let missed: Vec<String> = goals
        .iter()
        .filter(|goal| goal.met == Some(false))
        .map(|goal| format!("{} ({})", goal.what, goal.shown()))
        .collect();
    let open = goals.iter().filter(|goal| goal.met.is_none()).count();
    let open = match open {
        0 => String::new(),
        _ => format!("; {open} not measured"),
    };
    if missed.is_empty() {
        format!("goals met{open}")
    } else {
        format!("goals missed: {}{open}", missed.join(", "))
    }
}

/// One block for each workload: a line for each measure, a column for each contender, in brackets ours as a ratio.
fn table(who: &[Contender], results: &Results) -> String {
    let mut text = String::new();
    let mut workload = "";
    let mut measures: Vec<(&'static str, &str)> = Vec::new();
    for key in results.figures.keys() {
        let line = (key.workload, key.measure.as_str());
        if !measures.contains(&line) {
            measures.push(line);
        }
    }
    measures.sort_by_key(|(workload, _)| *workload);
    for (of, measure) in measures {
        if of != workload {
            workload = of;
            write!(text, "\n{workload:<32}").ok();
            for contender in who {
                write!(text, "{:>20}", contender.name()).ok();
            }
            text.push('\n');
        }
        write!(text, "  {measure:<30}").ok();
        for contender in who {
            let cell = match results.median(of, *contender, measure) {
                None => "–".to_owned(),
                Some(figure) => {
                    let ratio = results
                        .ratio(of, *contender, measure)
                        .filter(|ratio| ratio.is_finite() && *contender != Contender::Roomkey);
                    let ratio = ratio.map_or_else(String::new, |ratio| format!(" ({ratio:.2})"));
                    format!("{}{ratio}", shown(figure))
                }
            };
            write!(text, "{cell:>20}").ok();
        }
        text.push('\n');
    }
    text.push_str("\nIn brackets: ours divided by that figure.\n");
    text
}

fn goals_table(goals: &[Goal]) -> String {
    let mut text = String::new();
    for goal in goals {
        let met = match goal.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not measured",
        };
        writeln!(text, "{:<64}{:>12}  {met}", goal.what, goal.shown()).ok();
    }
    text
}

fn shown(figure: f64) -> String {
    match figure.abs() {
        large if large >= 10_000.0 => format!("{figure:.0}"),
        medium if medium >= 100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.3}"),
    }
}

fn document(results: &Results, goals: &[Goal], took: Duration) -> Value {
    let figures: Vec<Value> = results
        .figures
        .iter()
        .map(|(key, figures)| {
            json!({
                "workload": key.workload,
                "contender": key.contender.name(),
                "measure": key.measure,
                "median": results.median(key.workload, key.contender, &key.measure),
                "all": figures,
            })
        })
        .collect();
    let goals: Vec<Value> = goals
        .iter()
        .map(|goal| json!({ "goal": goal.what, "figure": goal.figure, "met": goal.met }))
        .collect();
    let contenders: Vec<Value> = Contender::ALL
        .iter()
        .map(|one| json!({ "name": one.name(), "is": one.description() }))
        .collect();
    json!({
        "machine": machine::description(),
        "seconds": took.as_secs(),
        "contenders": contenders,
        "goals": goals,
        "figures": figures,
        "remarks": results.remarks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_what_was_missed_and_counts_what_was_not_measured() {
        let goal = |what, figure, met| Goal {
            what,
            figure,
            met,
            decimals: 2,
        };
        let goals = [
            goal("quick", Some(2.0), Some(true)),
            goal("small", Some(0.5), Some(false)),
            goal("unknown", None, None),
        ];
        assert_eq!(
            verdict(&goals, false),
            "goals missed: small (0.50); 1 not measured"
        );
        assert_eq!(verdict(&goals[..1], false), "goals met");
    }

    #[test]
    fn ours_is_shown_as_a_ratio_of_the_others() {
        let mut results = Results::default();
        results.add("W1", Contender::Roomkey, "deliveries/s", 50.0);
        results.add("W1", Contender::Gathered, "deliveries/s", 200.0);
        let text = table(&[Contender::Roomkey, Contender::Gathered], &results);
        assert!(text.contains("200.0 (0.25)"), "{text}");
    }
}
