//! A message, from hostile text to a list of nodes.

use crate::display::canonical;
use crate::filter::Filters;
use crate::tree::{Node, Rendered};

/// Turns a message into nodes that are safe to show under the reader's filters.
///
/// Takes time linear in the length of the text. Never panics, whatever the text.
pub fn render(text: &str, _filters: &Filters) -> Rendered {
    let mut nodes = Vec::new();
    for (index, line) in canonical(text).split('\n').enumerate() {
        if index > 0 {
            nodes.push(Node::LineBreak);
        }
        if !line.is_empty() {
            nodes.push(Node::Text(line.to_owned()));
        }
    }
    Rendered {
        nodes,
        ..Rendered::default()
    }
}
