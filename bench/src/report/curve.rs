//! What a delivery costs as rooms or members become more (W7).

use std::fmt::Write as _;

use crate::server::Contender;
use crate::workload::Results;

/// A curve of W7, by the words in the names of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// More rooms.
    Rooms,
    /// One room with more members.
    Members,
}

impl Growth {
    fn is_in(self, measure: &str) -> bool {
        match self {
            Self::Rooms => measure.ends_with(" rooms"),
            Self::Members => measure.contains("room of "),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Rooms => "W7: CPU per delivery as rooms become more",
            Self::Members => "W7: CPU per delivery as a room grows",
        }
    }
}

/// The points of a curve: how many, and microseconds for one delivery.
pub(super) fn points(results: &Results, contender: Contender, growth: Growth) -> Vec<(f64, f64)> {
    let size = |measure: &str| -> Option<f64> {
        measure
            .split(|c: char| !c.is_ascii_digit())
            .find(|word| !word.is_empty())?
            .parse()
            .ok()
    };
    let curve = results.figures.keys().filter(|key| {
        key.workload == "W7" && key.contender == contender && growth.is_in(&key.measure)
    });
    let mut points: Vec<(f64, f64)> = curve
        .filter_map(|key| {
            let cost = results.median("W7", contender, &key.measure)?;
            Some((size(&key.measure)?, cost))
        })
        .collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points
}

/// The dearest point of a curve over its first one.
pub(super) fn growth(results: &Results, contender: Contender, growth: Growth) -> Option<f64> {
    let points = points(results, contender, growth);
    let (_, first) = *points.first()?;
    let dearest = points.iter().map(|(_, cost)| *cost).fold(first, f64::max);
    (points.len() > 1).then(|| dearest / first)
}

const HEIGHT: f64 = 150.0;
const LEFT: f64 = 190.0;
const WIDTH: f64 = 420.0;

/// Draws a curve for each contender with its top at `y`, and returns the height that this takes.
pub(super) fn draw(
    body: &mut String,
    y: f64,
    who: &[Contender],
    results: &Results,
    which: Growth,
) -> f64 {
    let curves: Vec<(Contender, Vec<(f64, f64)>)> = who
        .iter()
        // The slowest peers would press everybody else's curve flat.
        .filter(|one| **one != Contender::Flask)
        .map(|one| (*one, points(results, *one, which)))
        .filter(|(_, points)| points.len() > 1)
        .collect();
    let all = || curves.iter().flat_map(|(_, points)| points);
    let top = all().map(|(_, cost)| *cost).fold(0.0, f64::max);
    let most = all().map(|(size, _)| *size).fold(0.0, f64::max);
    let least = all().map(|(size, _)| *size).fold(most, f64::min);
    if top <= 0.0 || least >= most {
        return 0.0;
    }
    let x = |size: f64| LEFT + WIDTH * (size / least).ln() / (most / least).ln();
    let base = y + 16.0 + HEIGHT;
    let level = |cost: f64| base - HEIGHT * cost / top;
    write!(
        body,
        "<text x='20' y='{y}' class='title'>{} (µs)</text>\
         <line x1='{LEFT}' y1='{base}' x2='{:.1}' y2='{base}' class='axis'/>",
        which.title(),
        LEFT + WIDTH
    )
    .ok();
    let mut sizes: Vec<f64> = all().map(|(size, _)| *size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    for size in sizes {
        write!(
            body,
            "<text x='{:.1}' y='{:.1}' class='tick'>{size}</text>",
            x(size),
            base + 16.0
        )
        .ok();
    }
    // Names keep a line's distance from each other.
    let mut ends: Vec<(f64, Contender, f64)> = curves
        .iter()
        .filter_map(|(one, points)| points.last().map(|(_, cost)| (level(*cost), *one, *cost)))
        .collect();
    ends.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut free = f64::INFINITY;
    for (at, contender, cost) in ends {
        let line = at.min(free);
        free = line - 15.0;
        write!(
            body,
            "<text x='{:.1}' y='{:.1}' class='figure'>{} {cost:.2}</text>",
            LEFT + WIDTH + 10.0,
            line + 4.0,
            contender.name()
        )
        .ok();
    }
    for (contender, points) in &curves {
        let class = if *contender == Contender::Roomkey {
            "curve-ours"
        } else {
            "curve"
        };
        write!(body, "<polyline class='{class}' points='").ok();
        for (size, cost) in points {
            write!(body, "{:.1},{:.1} ", x(*size), level(*cost)).ok();
        }
        body.push_str("'/>");
    }
    HEIGHT + 60.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results() -> Results {
        let mut results = Results::default();
        for (rooms, cost) in [(1000, 6.0), (10, 4.0), (100, 5.0)] {
            let measure = format!("cpu us/delivery, {rooms} rooms");
            results.add("W7", Contender::Roomkey, &measure, cost);
        }
        results
    }

    #[test]
    fn a_curve_is_its_dearest_point_over_its_first() {
        let results = results();
        let of = |which| growth(&results, Contender::Roomkey, which);
        assert_eq!(of(Growth::Rooms), Some(1.5));
        assert_eq!(of(Growth::Members), None);
    }

    #[test]
    fn a_curve_has_its_sizes_below_and_its_name_at_its_end() {
        let mut body = String::new();
        let who = [Contender::Roomkey, Contender::Gathered];
        let height = draw(&mut body, 0.0, &who, &results(), Growth::Rooms);
        assert!(height > HEIGHT);
        assert_eq!(body.matches("<polyline").count(), 1);
        for part in [">10<", ">100<", ">1000<", "roomkey 6.00"] {
            assert!(body.contains(part), "{body}");
        }
        let none = draw(&mut body, 0.0, &who, &results(), Growth::Members);
        assert!(none.abs() < f64::EPSILON);
    }
}
