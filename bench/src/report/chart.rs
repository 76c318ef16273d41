//! The figures as a picture: bars, longer is better, the floor at the right edge.

use std::fmt::Write as _;

use super::Goal;
use super::curve::{self, Growth};
use crate::server::Contender;
use crate::workload::Results;

const LEFT: f64 = 190.0;
const WIDTH: f64 = 560.0;
const BAR: f64 = 20.0;

/// What is drawn: workload, measure, title, and whether less is better.
const PANELS: [(&str, &str, &str, bool); 6] = [
    ("W1", "cpu us/delivery", "W1 flood: deliveries/s/core", true),
    (
        "W2",
        "cpu us/delivery",
        "W2 1,000 rooms of 5: deliveries/s/core",
        true,
    ),
    (
        "W2",
        "messages/s, p99 < 50 ms",
        "W2: messages/s that arrive in time",
        false,
    ),
    (
        "W3",
        "bytes/idle member",
        "W3: idle members in a byte of memory",
        true,
    ),
    ("W4", "new cpu us/join", "W4: new joins/s/core", true),
    ("W5", "p99 ms", "W5 room of 2,000: 1 / p99", true),
];

/// An SVG document.
pub(super) fn draw(who: &[Contender], results: &Results, goals: &[Goal]) -> String {
    let mut body = String::new();
    let mut y = 60.0;
    for (workload, measure, title, less) in PANELS {
        let figures: Vec<(Contender, f64)> = who
            .iter()
            .filter_map(|one| Some((*one, results.median(workload, *one, measure)?)))
            .collect();
        let worth = |figure: f64| if less { 1.0 / figure } else { figure };
        let best = figures
            .iter()
            .map(|(_, figure)| worth(*figure))
            .fold(0.0, f64::max);
        if best <= 0.0 || !best.is_finite() {
            continue;
        }
        write!(body, "<text x='20' y='{y}' class='title'>{title}</text>").ok();
        y += 10.0;
        for (contender, figure) in figures {
            let share = worth(figure) / best;
            let length = (share * WIDTH).max(1.0);
            let class = if contender == Contender::Roomkey {
                "ours"
            } else {
                "other"
            };
            let middle = y + BAR * 0.7;
            write!(
                body,
                "<text x='{}' y='{middle}' class='name'>{}</text>\
                 <rect x='{LEFT}' y='{y}' width='{length:.1}' height='{}' rx='3' class='{class}'/>\
                 <text x='{:.1}' y='{middle}' class='figure'>{share:.3}</text>",
                LEFT - 8.0,
                contender.name(),
                BAR - 4.0,
                LEFT + length + 6.0,
            )
            .ok();
            y += BAR;
        }
        y += 28.0;
    }
    for growth in [Growth::Rooms, Growth::Members] {
        y += curve::draw(&mut body, y, who, results, growth);
    }
    write!(body, "<text x='20' y='{y}' class='title'>Goals</text>").ok();
    for goal in goals {
        y += 20.0;
        let (mark, class) = match goal.met {
            Some(true) => ("✓", "good"),
            Some(false) => ("✗", "bad"),
            None => ("–", "open"),
        };
        let what = goal.what.replace('<', "&lt;");
        write!(
            body,
            "<text x='24' y='{y}' class='mark {class}'>{mark}</text><text x='44' y='{y}'>{what}: {}</text>",
            goal.shown()
        )
        .ok();
    }
    let height = y + 30.0;
    let total = LEFT + WIDTH + 70.0;
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {total} {height}' width='{total}' height='{height}'>\
         <style>text{{font:13px system-ui,sans-serif;fill:#24292f}}.head{{font-size:18px;font-weight:600}}\
         .title{{font-weight:600}}.name{{text-anchor:end;fill:#57606a}}.figure{{fill:#57606a}}.ours{{fill:#0b6e4f}}\
         .other{{fill:#c3ccd5}}.good{{fill:#0b6e4f}}.bad{{fill:#b42318}}.mark{{text-anchor:start}}\
         .tick{{text-anchor:middle;fill:#57606a}}.axis{{stroke:#c3ccd5}}\
         .curve,.curve-ours{{fill:none;stroke:#c3ccd5;stroke-width:2}}.curve-ours{{stroke:#0b6e4f;stroke-width:3}}</style>\
         <rect width='100%' height='100%' fill='#fff'/>\
         <text x='20' y='30' class='head'>The relay beside its limits and its peers (best = 1, longer is better)</text>\
         {body}</svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_bar_fills_the_picture_and_a_missing_figure_is_left_out() {
        let mut results = Results::default();
        results.add("W1", Contender::Roomkey, "cpu us/delivery", 4.0);
        results.add("W1", Contender::Gathered, "cpu us/delivery", 1.0);
        let who = [Contender::Roomkey, Contender::Gathered, Contender::Nats];
        let svg = draw(&who, &results, &[]);
        assert_eq!(svg.matches("<rect x=").count(), 2);
        assert!(svg.contains("width='560.0'") && svg.contains("width='140.0'"));
    }
}
