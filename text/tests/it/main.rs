//! The crate as its callers see it.

mod corpus;
mod filters;
mod formatted;
mod formatted_bounds;
mod formatted_hostile;
mod links;
mod markup;
mod names;
mod properties;
mod size;
mod xss;

use text::{FilterState, Filters, Node, Rendered};

/// Both switches, not strict.
fn filters(links: FilterState, special: FilterState) -> Filters {
    Filters {
        links,
        special,
        strict: false,
    }
}

/// Everything shown.
fn open() -> Filters {
    filters(FilterState::Show, FilterState::Show)
}

/// All eighteen settings.
fn every_setting() -> Vec<Filters> {
    (0..=u8::MAX).filter_map(Filters::from_byte).collect()
}

fn is_blocked(rendered: &Rendered) -> bool {
    matches!(rendered.nodes.as_slice(), [Node::Blocked { .. }])
}

/// Every node, those within others too, in reading order.
fn every_node(nodes: &[Node]) -> Vec<&Node> {
    let mut all = Vec::new();
    for node in nodes {
        all.push(node);
        if let Node::Element { nodes, .. } = node {
            all.extend(every_node(nodes));
        }
    }
    all
}

/// Every string a reader could get to see.
fn strings(rendered: &Rendered) -> Vec<&str> {
    let mut all = Vec::new();
    for node in every_node(&rendered.nodes) {
        match node {
            Node::Text(text) => all.push(text.as_str()),
            Node::Link { shown, href, host } => {
                all.extend([shown, href, &host.unicode, &host.punycode].map(String::as_str))
            }
            Node::Neutral { host } => all.push(host),
            Node::Filtered { original, .. } => all.push(original),
            Node::Blocked {
                what:
                    text::BlockedBy::Links { hosts: list } | text::BlockedBy::Special { found: list },
            } => {
                all.extend(list.iter().map(String::as_str));
            }
            Node::Code { language, runs } => {
                all.push(language);
                all.extend(runs.iter().flat_map(|run| run.text.split('\n')));
            }
            Node::LineBreak | Node::Rule | Node::Element { .. } => {}
        }
    }
    all
}
