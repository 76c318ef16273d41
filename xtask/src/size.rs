//! What a visitor downloads, against what was promised.

use std::path::Path;

use anyhow::{Result, bail};

use crate::app::{self, App};
use crate::project::Project;

const KIB: usize = 1024;

/// A promise about the sum of some files, in brotli bytes.
struct Budget {
    what: &'static str,
    files: Files,
    /// What it should be.
    goal: usize,
    /// What it may be meanwhile: above it the step fails, so that nothing grows unnoticed on the way to the goal.
    limit: usize,
}

/// Which files, by a part of their names.
enum Files {
    With(&'static str),
    /// None of these parts.
    Without([&'static str; 2]),
}

impl Files {
    fn hold(&self, name: &str) -> bool {
        match self {
            Self::With(part) => name.contains(part),
            Self::Without(parts) => !parts.iter().any(|part| name.contains(part)),
        }
    }
}

const BUDGETS: [Budget; 4] = [
    // Everything but the module for markup, which the first message that needs it fetches
    // (docs/adr/0015-three-tiers-of-text.md), and what comes later (docs/adr/0019-the-app-in-two-parts.md).
    Budget {
        what: "an ordinary conversation",
        files: Files::Without(["sanitizer", "later-"]),
        goal: 480 * KIB,
        limit: 490 * KIB,
    },
    Budget {
        what: "the rest of the app, later",
        files: Files::With("later-"),
        goal: 152 * KIB,
        limit: 152 * KIB,
    },
    Budget {
        what: "markup, on demand",
        files: Files::With("sanitizer"),
        goal: 250 * KIB,
        limit: 310 * KIB,
    },
    Budget {
        what: "crypto worker",
        files: Files::With("stretch"),
        goal: 30 * KIB,
        limit: 14 * KIB,
    },
];

/// One file in its three forms, in bytes.
pub(crate) struct Weight {
    name: String,
    raw: usize,
    brotli: usize,
    gzip: usize,
}

/// `cargo xtask size`.
pub(crate) fn command(project: &Project) -> Result<()> {
    report(&app::build(project)?)
}

/// Prints the table and fails when a budget is exceeded.
pub(crate) fn report(app: &App) -> Result<()> {
    let weights = show(app)?;
    let (lines, exceeded) = judge(&weights);
    print!("{lines}");
    if let Some(what) = exceeded {
        bail!("{what} exceeds its budget");
    }
    Ok(())
}

/// Prints the table.
pub(crate) fn show(app: &App) -> Result<Vec<Weight>> {
    let mut weights = weigh(&app.dir)?;
    weights.sort_by_key(|weight| std::cmp::Reverse(weight.brotli));
    println!("{:>10} {:>10} {:>10}  file", "raw", "gzip", "brotli");
    for weight in &weights {
        println!(
            "{:>10} {:>10} {:>10}  {}",
            weight.raw, weight.gzip, weight.brotli, weight.name
        );
    }
    Ok(weights)
}

fn judge(weights: &[Weight]) -> (String, Option<&'static str>) {
    let mut lines = String::new();
    let mut exceeded = None;
    for Budget {
        what,
        files,
        goal,
        limit,
    } in &BUDGETS
    {
        let sum: usize = weights
            .iter()
            .filter(|weight| files.hold(&weight.name))
            .map(|weight| weight.brotli)
            .sum();
        let tenths = sum * 10 / KIB;
        lines += &format!(
            "{what}: {}.{} KiB brotli; goal {} KiB, limit {} KiB\n",
            tenths / 10,
            tenths % 10,
            goal / KIB,
            limit / KIB
        );
        if sum > *limit {
            exceeded = Some(*what);
        }
    }
    (lines, exceeded)
}

fn weigh(dir: &Path) -> Result<Vec<Weight>> {
    let size = |name: &str| std::fs::metadata(dir.join(name)).map(|data| data.len() as usize);
    let mut weights = Vec::new();
    for path in app::files_below(dir)? {
        let name = path.to_string_lossy().into_owned();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let raw = size(&name)?;
        weights.push(Weight {
            raw,
            brotli: size(&format!("{name}.br")).unwrap_or(raw),
            gzip: size(&format!("{name}.gz")).unwrap_or(raw),
            name,
        });
    }
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(name: &str, brotli: usize) -> Weight {
        Weight {
            name: name.to_owned(),
            raw: brotli,
            brotli,
            gzip: brotli,
        }
    }

    #[test]
    fn a_worker_that_is_too_heavy_is_named() {
        let fits = [
            weight("stretch_bg.wasm", 12 * KIB),
            weight("app_bg.wasm", 200 * KIB),
        ];
        assert_eq!(judge(&fits).1, None);
        let heavy = [
            weight("stretch_bg.wasm", 20 * KIB),
            weight("stretch.js", 11 * KIB),
        ];
        assert_eq!(judge(&heavy).1, Some("crypto worker"));
    }

    #[test]
    fn what_not_everybody_needs_has_a_budget_of_its_own() {
        let weights = [
            weight("app_bg.wasm", 470 * KIB),
            weight("sanitizer_bg.wasm", 200 * KIB),
            weight("sanitizer.js", 2 * KIB),
            weight("later-0123456789abcdef.wasm", 70 * KIB),
        ];
        assert_eq!(judge(&weights).1, None);
        let heavy = [weight("app_bg.wasm", 2_000 * KIB)];
        assert_eq!(judge(&heavy).1, Some("an ordinary conversation"));
    }
}
