//! Reading a snapshot of the JavaScript heap, to show what is not on it.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// How the snapshot calls what only the driver of the browser holds on to: answers it gave, elements it was asked for.
const INSTRUMENT: &str = "DevTools console";

/// The names and strings of everything that can be reached in `snapshot`, one a line. What is held by the instruments of
/// the test alone does not count; nor does what the next collection takes.
///
/// # Errors
/// When it is no snapshot.
pub fn reachable(snapshot: &str) -> Result<String> {
    let heap: Value = serde_json::from_str(snapshot).context("no heap snapshot")?;
    let meta = &heap["snapshot"]["meta"];
    let place = |fields: &str, field: &str| {
        let all = meta[fields].as_array()?;
        all.iter().position(|one| one == field)
    };
    let node = |field| place("node_fields", field).context("a strange snapshot");
    let edge = |field| place("edge_fields", field).context("a strange snapshot");
    let width = meta["node_fields"].as_array().map_or(0, Vec::len);
    let step = meta["edge_fields"].as_array().map_or(0, Vec::len);
    let (name, edges_of) = (node("name")?, node("edge_count")?);
    let (kind, label, target) = (edge("type")?, edge("name_or_index")?, edge("to_node")?);
    let kinds = &meta["edge_types"][0];
    let numbers = |field: &str| -> Vec<usize> {
        let all = heap[field].as_array().cloned().unwrap_or_default();
        let number = |one: &Value| usize::try_from(one.as_u64()?).ok();
        all.iter().filter_map(number).collect()
    };
    let (nodes, edges) = (numbers("nodes"), numbers("edges"));
    let string = |index: usize| heap["strings"][index].as_str().unwrap_or_default();
    let count = nodes.len() / width.max(1);
    // Where each node's edges begin.
    let mut starts = Vec::with_capacity(count + 1);
    starts.push(0);
    for at in 0..count {
        starts.push(starts[at] + nodes[at * width + edges_of]);
    }
    let (mut is_seen, mut next) = (vec![false; count], vec![0]);
    let mut text = String::new();
    while let Some(at) = next.pop() {
        if std::mem::replace(&mut is_seen[at], true) {
            continue;
        }
        text.push_str(string(nodes[at * width + name]));
        text.push('\n');
        for edge in starts[at]..starts[at + 1] {
            let edge = &edges[edge * step..][..step];
            let has_name = !matches!(kinds[edge[kind]].as_str(), Some("element" | "hidden"));
            let named = if has_name { string(edge[label]) } else { "" };
            if kinds[edge[kind]] == "weak" || named.contains(INSTRUMENT) {
                continue;
            }
            text.push_str(named);
            text.push('\n');
            next.push(edge[target] / width);
        }
    }
    Ok(text)
}
